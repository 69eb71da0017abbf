/**
 * Pure: splits a CMakeLists.txt into the commands that it calls, without running any. Source: the
 * manual cmake-language(7), "Syntax".
 */
import { LIMITS } from "../app/project.ts";

export interface CMakeCall {
  /** In lower case. */
  name: string;
  args: string[];
  /** Counted from 1. */
  line: number;
}

/** What cannot be read as a call is passed over. */
export function callsOf(text: string): CMakeCall[] {
  const calls: CMakeCall[] = [];
  const lines = lineCounter(text);
  let at = 0;
  while (at < text.length && calls.length < LIMITS.calls) {
    at = pastSpace(text, at);
    const name = matchAt(IDENTIFIER, text, at);
    if (name === null) {
      at += 1;
      continue;
    }
    const opened = matchAt(OPENED, text, at + name.length);
    if (opened === null) {
      at += name.length;
      continue;
    }
    const { args, end } = argumentsAt(text, at + name.length + opened.length);
    calls.push({ name: name.toLowerCase(), args, line: lines(at) });
    at = end;
  }
  return calls;
}

// --- internal ---

const IDENTIFIER = /[A-Za-z_]\w*/y;
const OPENED = /[ \t]*\(/y;
const SPACE = /\s+/y;
const COMMENT = /#[^\n]*/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y;
const BRACKET = /\[(=*)\[/y;
const UNQUOTED = /(?:[^\s()#"\\]|\\[\s\S]|"(?:[^"\\\n]|\\.)*")+/y;

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** Past spaces and comments, of both forms. */
function pastSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const space = matchAt(SPACE, text, at);
    if (space !== null) at += space.length;
    else if (text[at] === "#") {
      const bracket = bracketAt(text, at + 1);
      at = bracket?.end ?? at + (matchAt(COMMENT, text, at)?.length ?? 1);
    } else return at;
  }
}

/** `[[ … ]]`, `[=[ … ]=]`; one that nothing ends goes on to the end. */
function bracketAt(text: string, at: number): { value: string; end: number } | null {
  const opened = matchAt(BRACKET, text, at);
  if (opened === null) return null;
  const close = `]${"=".repeat(opened.length - 2)}]`;
  const found = text.indexOf(close, at + opened.length);
  const stop = found < 0 ? text.length : found;
  return { value: text.slice(at + opened.length, stop), end: stop + close.length };
}

function argumentsAt(text: string, from: number): { args: string[]; end: number } {
  const args: string[] = [];
  let depth = 1;
  let at = from;
  for (;;) {
    at = pastSpace(text, at);
    if (at >= text.length) return { args, end: at };
    const char = text[at]!;
    if (char === "(" || char === ")") {
      depth += char === "(" ? 1 : -1;
      at += 1;
      if (depth === 0) return { args, end: at };
      continue;
    }
    const bracket = char === "[" ? bracketAt(text, at) : null;
    const quoted = char === '"' ? matchAt(QUOTED, text, at) : null;
    const plain = bracket === null && quoted === null ? matchAt(UNQUOTED, text, at) : null;
    if (bracket !== null) args.push(bracket.value);
    else if (quoted !== null) args.push(quoted.slice(1, -1).replace(/\\(["\\$#() ])/g, "$1"));
    else if (plain !== null) args.push(...plain.split(";").filter((one) => one !== ""));
    at = bracket?.end ?? at + (quoted ?? plain ?? " ").length;
  }
}

/** Counts on from where it was asked last. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let known = 0;
  return (at) => {
    for (let next = text.indexOf("\n", known); next >= 0 && next < at; ) {
      line += 1;
      known = next + 1;
      next = text.indexOf("\n", known);
    }
    return line;
  };
}
