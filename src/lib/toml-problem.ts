/** Pure: what is wrong with a text that should be TOML, in words, and where. */
import type { Position } from "./errors.ts";

/** @param cause what confbox has thrown; of anything else, its first line, and the beginning */
export function tomlProblem(cause: unknown): { reason: string; position: Position } {
  const { line, column, message } = (cause ?? {}) as Record<string, unknown>;
  const [first = ""] = String(message ?? cause).split("\n");
  return {
    reason: first.replace(/^Invalid TOML document: /, ""),
    position: { line: Number(line) || 1, column: Math.max(1, Number(column) || 1) },
  };
}
