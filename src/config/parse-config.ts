/** The text of a configuration -> its values, and where each of them stands. */

import type { FormatParser } from "./formats/parser.ts";
import { ConfigError, type ConfigProblem } from "./problems.ts";
import { positionAt, type SourceMap } from "./source-map.ts";

export interface ParsedConfig {
  value: Record<string, unknown>;
  map: SourceMap;
  /** Keys that stand twice, or are no text. */
  problems: ConfigProblem[];
}

/** @throws ConfigError when the text is not of that format, or no table */
export function parseConfig(file: string, text: string, parse: FormatParser): ParsedConfig {
  const fail: Parameters<FormatParser>[1] = (message, position) =>
    new ConfigError([{ severity: "error", message, position }], { file, text });
  const { value, map, problems } = parse(text, fail);
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw fail("expected a table of sections, such as [metadata]", { line: 1, column: 1 });
  }
  return {
    value: plainCopy(value) as Record<string, unknown>,
    map,
    problems: problems.map(({ offset, message }) => ({
      severity: "error",
      message,
      position: positionAt(text, offset),
    })),
  };
}

// --- internal ---

/** Plain objects and lists, dates as text: what the format's parser made is its own affair. */
function plainCopy(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plainCopy);
  if (value === null || typeof value !== "object") return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) copy[key] = plainCopy(inner);
  return copy;
}
