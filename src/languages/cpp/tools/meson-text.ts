/**
 * Pure: splits a meson.build into the functions that it calls, without running any. Source: Meson,
 * "Syntax".
 */
import { LIMITS } from "../app/project.ts";

export interface MesonCall {
  name: string;
  /** Texts among its arguments, in their order; those of lists among them, too. */
  texts: string[];
  /** Texts and plain words by the names of arguments. */
  named: Map<string, string[]>;
  /** Counted from 1. */
  line: number;
}

/** Also those among the arguments of others; what cannot be read is passed over. */
export function callsOf(text: string): MesonCall[] {
  const tokens = tokensOf(text);
  const calls: MesonCall[] = [];
  const open: { call: MesonCall | null; depth: number; key: string | null }[] = [];
  let depth = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    const current = open.at(-1);
    if (token.kind === "sign" && /[([{]/.test(token.value)) {
      depth += 1;
      const before = tokens[at - 1];
      const isCall = token.value === "(" && before?.kind === "word" && calls.length < LIMITS.calls;
      if (isCall) {
        const call = { name: before.value, texts: [], named: new Map(), line: before.line };
        calls.push(call);
        open.push({ call, depth, key: null });
      } else if (token.value === "(") open.push({ call: null, depth, key: null });
    } else if (token.kind === "sign" && /[)\]}]/.test(token.value)) {
      if (current?.depth === depth && token.value === ")") open.pop();
      depth = Math.max(0, depth - 1);
    } else if (current?.call) {
      const { call } = current;
      const isKey =
        token.kind === "word" && tokens[at + 1]?.value === ":" && current.depth === depth;
      if (isKey) current.key = token.value;
      else if (token.value === "," && token.kind === "sign" && current.depth === depth) {
        current.key = null;
      } else if (token.kind !== "sign") add(call, current.key, token);
    }
  }
  return calls;
}

// --- internal ---

interface Token {
  kind: "text" | "word" | "sign";
  value: string;
  line: number;
}

const TEXT = /f?'''([\s\S]*?)'''|f?'((?:[^'\\\n]|\\.)*)'/y;
const WORD = /[A-Za-z_][\w.]*|\d[\w.]*/y;
const MOST_TOKENS = 400_000;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = 0; at < text.length && tokens.length < MOST_TOKENS; ) {
    const char = text[at]!;
    if (char === "#") {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
      continue;
    }
    TEXT.lastIndex = at;
    const found = char === "'" || char === "f" ? TEXT.exec(text) : null;
    WORD.lastIndex = at;
    const word = found === null ? WORD.exec(text) : null;
    const value = found?.[0] ?? word?.[0] ?? char;
    if (found !== null) tokens.push({ kind: "text", value: found[1] ?? found[2] ?? "", line });
    else if (word !== null) tokens.push({ kind: "word", value, line });
    else if (!/\s/.test(char)) tokens.push({ kind: "sign", value, line });
    for (const one of value) if (one === "\n") line += 1;
    at += value.length;
  }
  return tokens;
}

function add(call: MesonCall, key: string | null, { kind, value }: Token): void {
  if (key === null) {
    if (kind === "text" && call.texts.length < LIMITS.found) call.texts.push(value);
    return;
  }
  const known = call.named.get(key) ?? [];
  if (known.length < LIMITS.found && call.named.size < 100) call.named.set(key, [...known, value]);
}
