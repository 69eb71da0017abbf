/** Pure: finds what a text in Elixir says in its lists, functions and attributes. */
import { oncePer } from "../../lib/once-per.ts";
import type { Token } from "./tokens.ts";

/** Tokens from `start` on, before `end`. */
export interface Range {
  start: number;
  end: number;
}

/** A text, with where it stands. */
export interface Said {
  value: string;
  line: number;
}

/** The pairs of a keyword list whose inside is given, each with the range of its value. */
export function pairsOf(tokens: readonly Token[], inside: Range): Map<string, Range> {
  const found = new Map<string, Range>();
  let name: string | null = null;
  let start = inside.start;
  for (let at = inside.start; at <= inside.end; at += 1) {
    const token = tokens[at];
    if (at === inside.end || isMark(token, ",")) {
      if (name !== null && !found.has(name)) found.set(name, { start, end: at });
      name = null;
    } else if (token!.kind === "key" && name === null) {
      name = token!.text;
      start = at + 1;
    }
    // What is in brackets is none of the list's own.
    if (at < inside.end && token!.end !== undefined) at = token!.end;
  }
  return found;
}

/** The inside of the first list of a range; null where there is none. */
export function listIn(tokens: readonly Token[], { start, end }: Range): Range | null {
  for (let at = start; at < end; at += 1) {
    const token = tokens[at]!;
    if (isMark(token, "[") && token.end !== undefined) return { start: at + 1, end: token.end };
  }
  return null;
}

/** What functions of that name do, in the order in which they stand there. */
export function bodiesOf(tokens: readonly Token[], name: string | RegExp): Range[] {
  const found: Range[] = [];
  for (let at = 0; at + 1 < tokens.length; at += 1) {
    if (!isWord(tokens[at], "def") && !isWord(tokens[at], "defp")) continue;
    const { kind, text } = tokens[at + 1]!;
    const isNamed = typeof name === "string" ? text === name : name.test(text);
    const body = kind === "word" && isNamed ? bodyAfter(tokens, at + 2) : null;
    if (body === null) continue;
    found.push(body);
    at = Math.max(at, body.end - 1);
  }
  return found;
}

/**
 * Where a value is: the list that stands there, or the functions that are called there. What else
 * is computed is not looked into.
 */
export function valueRanges(tokens: readonly Token[], range: Range): Range[] {
  const [first] = tokens.slice(range.start, range.end);
  const called = first?.kind === "word" ? bodiesOf(tokens, first.text) : [];
  return called.length > 0 ? called : [range];
}

/** A value that is a text, an atom or an attribute that is one; null for what is computed. */
export function saidIn(tokens: readonly Token[], { start, end }: Range): Said | null {
  const [first, ...rest] = tokens.slice(start, end);
  if (first === undefined || rest.length > 0) return null;
  if (first.kind === "attribute") return attributesOf(tokens).get(first.text) ?? null;
  return isText(first) ? { value: first.text, line: first.line } : null;
}

export function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === "mark" && token.text === text;
}

export function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === "word" && token.text === text;
}

// --- internal ---

/** `@version "1.0"`; the first of a name. */
const attributesOf = oncePer((tokens: readonly Token[]): Map<string, Said> => {
  const found = new Map<string, Said>();
  for (const [at, { kind, text }] of tokens.entries()) {
    const value = tokens[at + 1];
    if (kind !== "attribute" || value === undefined || found.has(text)) continue;
    if (isText(value)) found.set(text, { value: value.text, line: value.line });
  }
  return found;
});

function isText({ kind, isDynamic }: Token): boolean {
  return kind === "atom" || (kind === "string" && !isDynamic);
}

/** `… do … end`, or `…, do: …`; @param at behind the name */
function bodyAfter(tokens: readonly Token[], at: number): Range | null {
  for (let index = at; index < tokens.length; index += 1) {
    const token = tokens[index]!;
    if (isWord(token, "do")) return { start: index + 1, end: endOf(tokens, index + 1) };
    if (token.kind === "key" && token.text === "do") return shortBody(tokens, index + 1);
    if (isWord(token, "def") || isWord(token, "defp")) return null;
    if (token.end !== undefined) index = token.end;
  }
  return null;
}

function endOf(tokens: readonly Token[], start: number): number {
  let open = 1;
  for (let at = start; at < tokens.length; at += 1) {
    if (isWord(tokens[at], "do") || isWord(tokens[at], "fn")) open += 1;
    if (isWord(tokens[at], "end")) open -= 1;
    if (open === 0) return at;
  }
  return tokens.length;
}

/** To the next function. */
function shortBody(tokens: readonly Token[], start: number): Range {
  let end = start + 1;
  while (end < tokens.length && !["def", "defp", "end"].some((word) => isWord(tokens[end], word))) {
    end += 1;
  }
  return { start, end: Math.min(end, tokens.length) };
}
