import { relative } from "node:path";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { readFolderFacts } from "../context/folder-facts.ts";
import { ensureNamedFiles } from "../context/named-places.ts";
import type { ChosenRuntimes } from "../languages/runtime.ts";
import { type BuildPlan, planBuild } from "../plan/build-plan.ts";
import type { PlanInput } from "../plan/plan-input.ts";
import type { Source } from "../source/source.ts";
import { planOptions } from "./plan-options.ts";
import { assumeRuntimes } from "./resolve-runtimes.ts";
import type { Step } from "./step.ts";

/**
 * Decides everything that can be decided without an engine.
 * @throws ConfigError for files that the configuration names and that are not there
 */
export const planBuildStep: Step<PlannedFrom, BuildPlan> = {
  name: "plan-build",
  async run({ loaded, source, runtimes }, session) {
    ensureNamedFiles(loaded);
    const plan = readPlan(loaded, source, {
      runtimes,
      options: planOptions(session.settings, loaded),
    });
    for (const text of plan.warnings) session.report.warn(text);
    return plan;
  },
};

export interface PlannedFrom {
  loaded: LoadedConfig;
  /** Undefined where it would have to be fetched: then the plan cannot say all. */
  source: Source | undefined;
  /** See `resolveRuntimesStep`; without them, what is assumed. */
  runtimes?: ChosenRuntimes;
}

/** Where the keys of a configuration stand: its file relative to the app, and the line. */
export function placesIn({ root, file, locate }: LoadedConfig): PlanInput["placeOf"] {
  if (file === null) return () => undefined;
  return (path) => ({ file: relative(root, file), line: locate(path).line });
}

/**
 * The plan for a configuration, whatever may be missing in its folder.
 * @param more.placeOf where a key stands: finding that out takes longer than the plan itself
 */
export function readPlan(
  loaded: LoadedConfig,
  source: Source | undefined,
  more: Partial<Pick<PlanInput, "placeOf" | "options">> & {
    runtimes?: ChosenRuntimes | undefined;
  } = {},
): BuildPlan {
  return planBuild({
    config: loaded.config,
    rendered: loaded.rendered,
    fields: loaded.fields,
    facts: readFolderFacts(loaded, source),
    placeOf: () => undefined,
    drafted: new Map(loaded.drafted.map(({ path, from }) => [path.join("."), from])),
    options: { app: null, requiresStart: false, isFrozen: false },
    ...more,
    runtimes: more.runtimes ?? assumeRuntimes(loaded, source),
  });
}
