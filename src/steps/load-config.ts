/** Reads the app's configuration, or finds out what its folder says in place of one. */
import { relative } from "node:path";
import { configLimits } from "../config/limits.ts";
import { loadConfig } from "../config/load-config.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { formatPath, formatProblems } from "../config/problems.ts";
import type { BuildOptions } from "../options.ts";
import type { Step } from "./step.ts";

/**
 * Reads the app's configuration; warnings are shown, errors thrown all at once, and what no
 * configuration says is told.
 */
export const loadConfigStep: Step<ConfigRequest, LoadedConfig> = {
  name: "load-config",
  async run({ path, place = null, strict }, session) {
    const limits = configLimits(session.settings);
    const read = await loadConfig(path, { strict, limits, app: session.settings.app || null });
    const loaded = place === null ? read : { ...read, place };
    for (const told of tellDrafted(loaded)) session.report.step(told);
    if (loaded.warnings.length > 0) session.report.warn(formatProblems(loaded.warnings, loaded));
    return loaded;
  },
};

// --- internal ---

interface ConfigRequest extends Pick<BuildOptions, "path" | "strict"> {
  /** Where the folder is a temporary one: see {@link LoadedConfig}. */
  place?: string | null;
}

/** A line for an app without a configuration, or for what a configuration lacks. */
function tellDrafted({ root, file, manifests, drafted, config }: LoadedConfig): string[] {
  if (file === null) {
    const { id, version } = config.metadata;
    const from = manifests.length === 0 ? `the folder "${root}"` : manifests.join(", ");
    return [`No nua-config: ${id} ${version} is built from ${from}`];
  }
  const keys = drafted.filter(({ value }) => value !== "");
  if (keys.length === 0) return [];
  const told = keys.map(({ path, value, from }) => `${formatPath(path)} ("${value}": ${from})`);
  return [`${relative(root, file)} does not say ${told.join(", ")}`];
}
