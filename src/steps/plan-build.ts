import type { LoadedConfig } from "../config/loaded-config.ts";
import { readFolderFacts } from "../context/folder-facts.ts";
import { ensureNamedFiles } from "../context/named-places.ts";
import type { ChosenRuntimes } from "../languages/runtime.ts";
import { type BuildPlan, planBuild } from "../plan/build-plan.ts";
import type { PlanInput } from "../plan/plan-input.ts";
import type { Source } from "../source/source.ts";
import { assumeRuntimes } from "./resolve-runtimes.ts";
import type { Step } from "./step.ts";

/**
 * Decides everything that can be decided without an engine.
 * @throws ConfigError for files that the configuration names and that are not there
 */
export const planBuildStep: Step<PlannedFrom, BuildPlan> = {
  name: "plan-build",
  async run({ loaded, source, runtimes }) {
    ensureNamedFiles(loaded);
    return readPlan(loaded, source, { runtimes });
  },
};

export interface PlannedFrom {
  loaded: LoadedConfig;
  /** Undefined where it would have to be fetched: then the plan cannot say all. */
  source: Source | undefined;
  /** See `resolveRuntimesStep`; without them, what is assumed. */
  runtimes?: ChosenRuntimes;
}

/**
 * The plan for a configuration, whatever may be missing in its folder.
 * @param options.lineOf where a key stands: finding that out takes longer than the plan itself
 */
export function readPlan(
  loaded: LoadedConfig,
  source: Source | undefined,
  options: { lineOf?: PlanInput["lineOf"]; runtimes?: ChosenRuntimes | undefined } = {},
): BuildPlan {
  const { lineOf = () => undefined, runtimes = assumeRuntimes(loaded, source) } = options;
  return planBuild({
    config: loaded.config,
    rendered: loaded.rendered,
    fields: loaded.fields,
    facts: readFolderFacts(loaded, source),
    runtimes,
    lineOf,
  });
}
