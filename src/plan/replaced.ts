/** Pure: says what the commands of a configuration replace. */
import { formatWords } from "../lib/shell-words.ts";
import type { PlannedCommand } from "../protocol/planned-action.ts";
import type { PlannedPart } from "./parts.ts";

/** Null where nothing is replaced. */
export function describeReplaced(parts: readonly PlannedPart[]): string | null {
  const replaced = parts.filter(({ replacedBy }) => replacedBy !== null);
  const lines = replaced.flatMap(({ plan }) => [...plan.install, ...plan.build].flatMap(lineOf));
  if (lines.length === 0) return null;
  const by = [...new Set(replaced.map(({ replacedBy }) => replacedBy))].join(" and ");
  const files = replaced.map(({ file }) => file).join(", ");
  const own = by === "build.build" ? '; a line "..." among its own stands for that' : "";
  return `${by} replaces what ${files} would have run: ${lines.join("; ")}${own}`;
}

// --- internal ---

/** Lines of a shell that only tidy up are told as they are. */
function lineOf(command: PlannedCommand): string[] {
  if (command.kind !== "run") return [];
  const [program, flag, line] = command.argv;
  const isShell = program === "bash" && flag === "-c" && command.argv.length === 3;
  return [isShell ? line! : formatWords(command.argv)];
}
