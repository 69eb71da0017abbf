/** The interface of a format's parser. */
import type { Position } from "../../lib/errors.ts";
import type { SourceMap } from "../source-map.ts";

export interface ParsedText {
  value: unknown;
  /** Where its values stand: asked for when they are known to be few. */
  map(): MappedText;
}

export interface MappedText {
  map: SourceMap;
  /** What the format allows and a configuration does not. */
  problems: { offset: number; message: string }[];
}

/** @throws what `fail` makes of a reason and its place, when the text is not of the format */
export type FormatParser = (
  text: string,
  fail: (message: string, position: Position) => Error,
) => ParsedText;

export function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n")[0] ?? "";
}
