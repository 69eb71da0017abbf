/** Several apps at once: the bases once, then the apps side by side. */
import { availableParallelism } from "node:os";
import { basename, resolve } from "node:path";
import pLimit from "p-limit";
import { type BuildResult, build } from "./build.ts";
import { loadConfig } from "./config/load-config.ts";
import { findSubApps, loadSubApp } from "./config/sub-app.ts";
import type { BuildOptions } from "./options.ts";
import { labelled } from "./reporter.ts";
import { NuaError } from "./shared/errors.ts";
import { ensureBases } from "./steps/ensure-bases.ts";
import { readPlan } from "./steps/plan-build.ts";
import type { World } from "./world.ts";

/** What became of one of several apps. */
export interface Outcome {
  /** The word that named it. */
  path: string;
  /** Seconds from its own start to its end. */
  seconds: number;
  result?: BuildResult;
  error?: unknown;
}

/**
 * Builds every app, also when others fail.
 * @param all one for each app
 * @param jobs how many of them at once
 * @throws NuaError when the base images cannot be had, or an interrupt was received
 */
export async function buildMany(
  all: readonly BuildOptions[],
  jobs: number,
  world: World,
): Promise<Outcome[]> {
  await ensureAllBases(all, world);
  const limit = pLimit(jobs);
  const outcomes = await Promise.all(
    all.map((options) => limit(() => buildOne({ ...options, pull: false }, world))),
  );
  world.signal.throwIfAborted();
  return outcomes;
}

/**
 * @param text the value of `--jobs`
 * @returns how many apps are built at once; without a value, one for each processor
 * @throws NuaError (usage) when it is no count
 */
export function parseJobs(text: string | undefined): number {
  if (text === undefined) return Math.max(2, availableParallelism());
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new NuaError("usage", `Read --jobs "${text}": expected how many apps to build at once`, {
    hint: "such as --jobs 4",
  });
}

// --- internal ---

async function buildOne(options: BuildOptions, world: World): Promise<Outcome> {
  const { path } = options;
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  const report = labelled(world.report, basename(resolve(path)));
  try {
    const result = await build(options, { ...world, report });
    return { path, seconds: seconds(), result };
  } catch (error) {
    if (!world.signal.aborted) {
      report.step(`failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    return { path, seconds: seconds(), error };
  }
}

/** Each once, whoever needs it. What is wrong with an app's configuration is told when it is built. */
async function ensureAllBases(all: readonly BuildOptions[], world: World): Promise<void> {
  const names = new Set<string>();
  for (const { path, strict } of all) {
    try {
      const loaded = await loadConfig(path, { strict });
      const apps = [
        loaded,
        ...findSubApps(loaded.config).map((subApp) => loadSubApp(loaded, subApp)),
      ];
      for (const app of apps) {
        for (const name of (await readPlan(app)).images.needed) names.add(name);
      }
    } catch {}
  }
  const pull = all.some((options) => options.pull);
  const reproducible = all.some(({ epoch }) => epoch !== null);
  if (names.size > 0) await ensureBases([...names], world, { reproducible, pull });
}
