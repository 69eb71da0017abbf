/** What settings decide of a plan. */
import type { PlanOptions } from "../plan/plan-input.ts";
import { isSet, type Settings } from "../session/settings.ts";

export type PlanSettings = Pick<Settings, "app" | "requireStart" | "frozen">;

/** @throws NuaError (config) for a setting that is neither true nor false */
export function planOptions(settings: PlanSettings): PlanOptions {
  return {
    app: settings.app || null,
    requiresStart: isSet(settings, "requireStart"),
    isFrozen: isSet(settings, "frozen"),
  };
}
