/** TOML: values by confbox; positions by toml-eslint-parser, on demand. */
import { parseTOML } from "confbox/toml";
import type { Position } from "../../lib/errors.ts";
import { mapToml } from "../source-map/toml.ts";
import { type FormatParser, firstLine } from "./parser.ts";

export const parseTomlText: FormatParser = (text, fail) => {
  try {
    // A line break within a text is one, whatever the file's are: TOML leaves that to its parsers.
    const value = parseTOML(text.replaceAll("\r\n", "\n"));
    return { value, map: () => ({ map: mapToml(text), problems: [] }) };
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    const reason = firstLine(cause).replace(/^Invalid TOML document: /, "");
    throw fail(`not valid TOML: ${reason}`, positionOf(cause));
  }
};

// --- internal ---

function positionOf(cause: unknown): Position {
  const { line, column } = (cause ?? {}) as Record<string, unknown>;
  return { line: Number(line) || 1, column: Math.max(1, Number(column) || 1) };
}
