/** Builds several apps in parallel, and summarizes the results. */
import { availableParallelism } from "node:os";
import { basename, resolve } from "node:path";
import pLimit from "p-limit";
import { build } from "./build.ts";
import type { BuildResult } from "./keep-image.ts";
import { NuaError } from "./lib/errors.ts";
import { hideCredentials } from "./lib/secrets.ts";
import type { BuildOptions } from "./options.ts";
import { labelled } from "./session/reporter.ts";
import { type Session, withReport } from "./session/session.ts";

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
 * @throws NuaError when an interrupt was received
 */
export async function buildMany(
  all: readonly BuildOptions[],
  jobs: number,
  session: Session,
): Promise<Outcome[]> {
  const limit = pLimit(jobs);
  const outcomes = await Promise.all(all.map((one) => limit(() => buildOne(one, session))));
  session.signal.throwIfAborted();
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

async function buildOne(options: BuildOptions, session: Session): Promise<Outcome> {
  const { name: path = hideCredentials(options.path) } = options;
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  const report = labelled(session.report, basename(resolve(path)));
  try {
    const result = await build(options, withReport(session, report));
    return { path, seconds: seconds(), result };
  } catch (error) {
    if (!session.signal.aborted) {
      report.step(`failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    return { path, seconds: seconds(), error };
  }
}
