/** Parses the text of a configuration, with positions. */

import type { Position } from "../lib/errors.ts";
import type { FormatParser, ParsedText } from "./formats/parser.ts";
import { boundedCopy, type ConfigLimits, LimitError } from "./limits.ts";
import { ConfigError, type ConfigProblem } from "./problems.ts";
import { positionAt, type SourceMap } from "./source-map.ts";

export interface ParsedConfig {
  value: Record<string, unknown>;
  map: SourceMap;
  /** Keys that stand twice, or are no text. */
  problems: ConfigProblem[];
}

/** @throws ConfigError when the text is not of that format, no table, or beyond the limits */
export function parseConfig(
  { file, text, parse }: { file: string; text: string; parse: FormatParser },
  limits: ConfigLimits,
): ParsedConfig {
  const fail = (message: string, position: Position, hint?: string) =>
    new ConfigError([{ severity: "error", message, position, hint }], { file, text });
  const top = { line: 1, column: 1 };
  const { value: parsed, map: createMap } = readText(text, parse, fail);
  let value: unknown;
  try {
    value = boundedCopy(parsed, limits);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    throw fail(error.message, top, error.hint);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw fail("expected a table of sections, such as [metadata]", top);
  }
  // Not before it is known to be small.
  const { map, problems } = createMap();
  return {
    value: value as Record<string, unknown>,
    map,
    problems: problems.map(({ offset, message }) => ({
      severity: "error",
      message,
      position: positionAt(text, offset),
    })),
  };
}

// --- internal ---

/** A text whose brackets are deeper than the stack of its parser. */
function readText(
  text: string,
  parse: FormatParser,
  fail: (message: string, position: Position, hint?: string) => Error,
): ParsedText {
  try {
    return parse(text, fail);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const hint = "write it flatter";
    throw fail("its tables and lists are too deep to be read", { line: 1, column: 1 }, hint);
  }
}
