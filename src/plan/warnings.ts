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
  const all = [
    ...builtParts(parts)
      .filter((part) => doesSomething(part) || part.plan.site?.from.what === start.from?.what)
      .flatMap(({ plan }) => plan.warnings ?? []),
    ...start.warnings,
  ];
  return [...new Set(all)];
}

// --- internal ---

/** Pages that are there beside what is started need no word. */
function doesSomething({ plan }: PlannedPart): boolean {
  const { packages, install, build, start } = plan;
  return [...packages, ...install, ...build].length > 0 || Boolean(start);
}
