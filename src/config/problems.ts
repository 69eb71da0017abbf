/** What is wrong with a configuration: collected, located, shown together. */
import { relative } from "node:path";
import { NuaError, type Position } from "../shared/errors.ts";

export interface ConfigProblem {
  severity: "error" | "warning";
  /** What is wrong, beginning with the key: `build.packages[2]: expected text`. */
  message: string;
  position: Position;
  hint?: string | undefined;
}

/** Where the problems are. */
export interface ConfigText {
  file: string;
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
  const file = relative(".", where.file);
  return [...problems]
    .sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
    .map(({ severity, message, position, hint }) => {
      const source = (lines[position.line - 1] ?? "").replaceAll("\t", " ").trimEnd();
      const margin = " ".repeat(String(position.line).length);
      return [
        `${file}:${position.line}:${position.column}: ${severity}: ${message}`,
        `  ${position.line} | ${source}`,
        `  ${margin} | ${" ".repeat(position.column - 1)}^`,
        ...(hint === undefined ? [] : [`  hint: ${hint}`]),
      ].join("\n");
    })
    .join("\n");
}

/** `["build", "packages", 2]` as `build.packages[2]`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}
