import { configLimits } from "../config/limits.ts";
import { loadConfig } from "../config/load-config.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { formatProblems } from "../config/problems.ts";
import type { BuildOptions } from "../options.ts";
import type { Step } from "./step.ts";

/** Reads the app's configuration; warnings are shown, errors thrown all at once. */
export const loadConfigStep: Step<Pick<BuildOptions, "path" | "strict">, LoadedConfig> = {
  name: "load-config",
  async run({ path, strict }, session) {
    const loaded = await loadConfig(path, { strict, limits: configLimits(session.settings) });
    if (loaded.warnings.length > 0) session.report.warn(formatProblems(loaded.warnings, loaded));
    return loaded;
  },
};
