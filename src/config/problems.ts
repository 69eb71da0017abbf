/** Problems of a configuration, with positions, shown all at once. */
import { relative } from "node:path";
import { NuaError, type Position } from "../lib/errors.ts";
import { hideCredentials } from "../lib/secrets.ts";

export interface ConfigProblem {
  severity: "error" | "warning";
  /** What is wrong, beginning with the key: `build.packages[2]: expected text`. */
  message: string;
  position: Position;
  hint?: string | undefined;
}

/** Where the problems are. */
export interface ConfigText {
  /** Null where there is none. */
  file: string | null;
  text: string;
}

/** All errors of a configuration at once. */
export class ConfigError extends NuaError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], where: ConfigText) {
    const errors = problems.filter(({ severity }) => severity === "error");
    const count = errors.length === 1 ? "an error" : `${errors.length} errors`;
    super("config", `Read config: ${count}\n${formatProblems(problems, where)}`);
    this.problems = problems;
  }
}

/** Each problem with its place, the line, a caret and what to do. */
export function formatProblems(problems: readonly ConfigProblem[], where: ConfigText): string {
  const lines = where.text.split("\n");
  const file = where.file === null ? null : relative(".", where.file);
  const ranked = [...problems].sort(
    (a, b) => a.position.line - b.position.line || a.position.column - b.position.column,
  );
  const left = ranked.length - MAX_SHOWN;
  const more = left > 0 ? [`${file ?? "no nua-config"}: and ${left} more`] : [];
  const shown = ranked.slice(0, MAX_SHOWN).map(({ severity, message, position, hint }) => {
    const told = hint === undefined ? [] : [`  hint: ${clip(hint)}`];
    if (file === null) return [`no nua-config: ${severity}: ${clip(message)}`, ...told].join("\n");
    const { source, column } = excerptOf(hidden(lines[position.line - 1] ?? "", position.column));
    const margin = " ".repeat(String(position.line).length);
    return [
      `${file}:${position.line}:${position.column}: ${severity}: ${clip(message)}`,
      `  ${position.line} | ${source}`,
      `  ${margin} | ${" ".repeat(column - 1)}^`,
      ...told,
    ].join("\n");
  });
  return [...shown, ...more].join("\n");
}

/** `["build", "packages", 2]` as `build.packages[2]`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

// --- internal ---

/** More than a person reads. */
const MAX_SHOWN = 100;

/** Characters of a line, and of a message about it. */
const MAX_LINE = 200;
const MAX_MESSAGE = 1000;

function clip(given: string): string {
  const text = hideCredentials(given);
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}…`;
}

interface Place {
  line: string;
  column: number;
}

/** A line without the passwords in its addresses. */
function hidden(line: string, column: number): Place {
  const before = hideCredentials(line.slice(0, column - 1));
  return { line: hideCredentials(line), column: before.length + 1 };
}

/** The line, or of a long one what is around the column; and where the column is in that. */
function excerptOf({ line, column }: Place): { source: string; column: number } {
  const begin = line.length <= MAX_LINE ? 0 : Math.max(0, column - MAX_LINE / 2);
  const source = line
    .slice(begin, begin + MAX_LINE)
    .replaceAll("\t", " ")
    .trimEnd();
  return { source, column: column - begin };
}
