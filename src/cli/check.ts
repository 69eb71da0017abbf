/** `check`, and `--validate`. */
import type { LoadedConfig } from "../config/loaded-config.ts";
import { findSubApps, loadSubApp } from "../config/sub-app.ts";
import { appSource } from "../context/app-source.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { openFolder } from "../source/open-source.ts";
import { loadConfigStep } from "../steps/load-config.ts";
import { openAppStep } from "../steps/open-app.ts";
import { planBuildStep } from "../steps/plan-build.ts";
import { resolveRuntimesStep } from "../steps/resolve-runtimes.ts";
import { COMMON_ARGS, type CommandData, defineCommand, PLAN_ARGS } from "./command.ts";

export const checkCommand = defineCommand({
  meta: {
    name: "nua-build check",
    description: "Find every error of a configuration that can be found without an engine",
  },
  words: "[PATH…]",
  args: {
    strict: { type: "boolean", description: "Unknown keys of the configuration are errors" },
    ...PLAN_ARGS,
    ...COMMON_ARGS,
  },
  async run(args, data) {
    const paths = data.words.length === 0 ? ["."] : data.words;
    await checkPaths(paths, { strict: args.strict === true, json: args.json === true, data });
  },
});

/** @throws ConfigError for the first configuration that is wrong, with all its problems */
export async function checkPaths(
  paths: readonly string[],
  options: { strict: boolean; json: boolean; data: CommandData },
): Promise<void> {
  const { strict, json, data } = options;
  for (const path of paths) {
    await using app = await openAppStep.run({ path }, data.session);
    const loaded = await loadConfigStep.run({ ...app, strict }, data.session);
    for (const subApp of findSubApps(loaded.config)) {
      await checkPlan(loadSubApp(loaded, subApp), data);
    }
    const plan = await checkPlan(loaded, data);
    const { file, drafted } = loaded;
    const told = plan.warnings.map((message) => ({ severity: "warning", message }));
    const warnings = [...loaded.warnings, ...told];
    if (plan.replaced !== null && !json) data.session.report.step(plan.replaced);
    if (json) data.print(JSON.stringify({ ok: true, file, warnings, drafted }));
    else if (data.verbosity >= 0) {
      data.print(file === null ? "No error; there is no nua config file." : NO_ERROR);
    }
  }
}

// --- internal ---

/** As upstream has it. */
const NO_ERROR = "No error in nua config file.";

/** Nothing is fetched: what is not here is not looked into. */
async function checkPlan(loaded: LoadedConfig, { session }: CommandData): Promise<BuildPlan> {
  const from = { loaded, source: openFolder(appSource(loaded)) };
  const runtimes = await resolveRuntimesStep.run({ ...from, look: "kept" }, session);
  return planBuildStep.run({ ...from, runtimes }, session);
}
