/** Pure: reads Dockerfiles: their instructions, and what their arguments become. */
import { NuaError } from "./errors.ts";

export interface Instruction {
  /** In capitals; `SYNTAX` for the directive. */
  keyword: string;
  rest: string;
  /** Counts from 1. */
  line: number;
}

/**
 * Lines that end with a backslash go on; comments between them do not end them. What is between
 * `<<NAME` and `NAME` is text. Source: docs.docker.com, "Dockerfile reference".
 */
export function* instructions(text: string): Generator<Instruction> {
  let begun = "";
  let start = 0;
  let textEnd: string | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (textEnd !== undefined) {
      if (raw.trim() === textEnd) textEnd = undefined;
      continue;
    }
    const syntax = /^\s*#\s*syntax\s*=\s*(\S+)/i.exec(raw);
    if (syntax) yield { keyword: "SYNTAX", rest: syntax[1]!, line: index + 1 };
    if (/^\s*(#|$)/.test(raw)) continue;
    if (begun === "") start = index + 1;
    const goesOn = /\\\s*$/.test(raw);
    begun += `${raw.replace(/\\\s*$/, "").trim()} `;
    if (goesOn) continue;
    const [, keyword = "", rest = ""] = /^(\w+)\s+(.*)$/s.exec(begun.trim()) ?? [];
    yield { keyword: keyword.toUpperCase(), rest, line: start };
    textEnd = /<<-?["']?(\w+)/.exec(rest)?.[1];
    begun = "";
  }
}

/**
 * Takes the names of an ARG, or those of an ENV with "=", into the arguments, with their values.
 * @param given values that count more
 */
export function declare(
  rest: string,
  args: Record<string, string>,
  given: Readonly<Record<string, string>>,
): void {
  for (const [, name = "", value] of rest.matchAll(/(\w+)(?:=("[^"]*"|\S*))?/g)) {
    const known = given[name] ?? value?.replace(/^"|"$/g, "");
    if (known !== undefined) args[name] = expand(known, args);
  }
}

/** Characters that arguments may become: more than any name of an image has. */
const MOST_EXPANDED = 16_384;

/**
 * `$NAME`, `${NAME}` and `${NAME:-default}`.
 * @throws NuaError (input) when they become too much: arguments may hold others many times over
 */
export function expand(text: string, args: Readonly<Record<string, string>>): string {
  let added = 0;
  return text.replaceAll(
    /\$(?:(\w+)|\{(\w+)(?::?-([^}]{0,4096}))?\})/g,
    (_, plain: string | undefined, braced: string | undefined, fallback: string | undefined) => {
      const value = args[plain ?? braced ?? ""] || (fallback ?? "");
      added += value.length;
      if (added <= MOST_EXPANDED) return value;
      throw new NuaError("input", "Read Dockerfile: its arguments become too long a text", {
        hint: "give ARG shorter values",
      });
    },
  );
}
