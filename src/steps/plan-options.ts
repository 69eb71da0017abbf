/** What settings decide of a plan. */
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { PlanOptions } from "../plan/plan-input.ts";
import { isSet, type Settings } from "../session/settings.ts";

export type PlanSettings = Pick<Settings, "app" | "requireStart" | "frozen">;

/**
 * @param loaded the configuration that they are for: `--app` is said of what is built, and not of
 *   its sub-apps, which have a `build.app` of their own
 * @throws NuaError (config) for a setting that is neither true nor false
 */
export function planOptions(
  settings: PlanSettings,
  { isSubApp = false }: Pick<LoadedConfig, "isSubApp">,
): PlanOptions {
  return {
    app: (!isSubApp && settings.app) || null,
    requiresStart: isSet(settings, "requireStart"),
    isFrozen: isSet(settings, "frozen"),
  };
}
