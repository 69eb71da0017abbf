/** Pure: what is wrong with a text that should be JSON, in words, and where. */
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import type { Position } from "./errors.ts";

/** @returns null where nothing is */
export function jsonProblem(text: string): { message: string; position: Position } | null {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first === undefined) return null;
  const before = text.slice(0, first.offset).split("\n");
  return {
    message: jsonErrorWords(first.error),
    position: { line: before.length, column: before.at(-1)!.length + 1 },
  };
}

/** "PropertyNameExpected" as "property name expected". */
export function jsonErrorWords(code: ParseError["error"]): string {
  return printParseErrorCode(code)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}
