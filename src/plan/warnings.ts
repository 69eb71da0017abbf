/** Pure: what a person is told at each build of an app, and by `check` and `plan`. */
import type { AppStart } from "./app-start.ts";
import { builtParts, type PlannedPart } from "./parts.ts";

export function warningsOf({
  parts,
  start,
}: {
  parts: readonly PlannedPart[];
  start: AppStart;
}): string[] {
  const all = [...builtParts(parts).flatMap(({ plan }) => plan.warnings ?? []), ...start.warnings];
  return [...new Set(all)];
}
