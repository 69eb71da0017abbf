/**
 * Pure: splits a Gemfile into statements of tokens. A Gemfile is a program: what is more than
 * declarations is told, and not guessed at.
 */

export interface Token {
  kind: "text" | "list" | "symbol" | "key" | "word" | "sign";
  /** The text between quotes, the name, or the sign itself. */
  value: string;
}

export interface Statement {
  /** Counted from 1. */
  line: number;
  tokens: Token[];
}

/** Where it is something else, or more than a file of gems has. */
export class NotDeclarative extends Error {
  readonly line: number;

  constructor(line: number) {
    super(`line ${line} is more than a declaration`);
    this.line = line;
  }
}

/** @throws NotDeclarative for what has no token of its own */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let current: Statement | null = null;
  let line = 1;
  let depth = 0;
  const end = () => {
    if (current) statements.push(current);
    current = null;
  };
  for (let at = 0; at < text.length; ) {
    const match = matchAt(text, at);
    if (match === null) throw new NotDeclarative(line);
    const { kind, value, length } = match;
    const begun = line;
    line += countLines(text.slice(at, at + length));
    at += length;
    if (kind === "space") continue;
    if (kind === "break") {
      // A line that ends with a comma, or within brackets, goes on.
      if (depth === 0 && !(value === "\n" && continues(current))) end();
      continue;
    }
    if (kind === "sign" && /[([{]/.test(value)) depth += 1;
    if (kind === "sign" && /[)\]}]/.test(value)) depth = Math.max(0, depth - 1);
    current ??= { line: begun, tokens: [] };
    current.tokens.push({ kind, value });
  }
  end();
  return statements;
}

// --- internal ---

interface Match {
  kind: Token["kind"] | "space" | "break";
  value: string;
  length: number;
}

/** In this order; the first group is the value. */
const RULES: readonly [Match["kind"], RegExp][] = [
  // One that nothing ends goes on to the end: each would be looked for again.
  ["space", /(?:[ \t\r\f]+|\\\r?\n|#[^\n]*|^=begin\b[\s\S]*?(?:^=end\b[^\n]*|(?![\s\S])))/my],
  ["break", /(\n|;)/y],
  ["key", /([A-Za-z_]\w*[?!]?):(?!:)/y],
  ["key", /["']([\w-]+)["']:(?!:)/y],
  ["text", /"((?:[^"\\#]|\\.|#(?!\{))*)"/y],
  ["text", /'((?:[^'\\]|\\.)*)'/y],
  ["list", /%[wi]([[({][^\]})#]*[\]})])/iy],
  ["symbol", /:([A-Za-z_]\w*[?!]?)/y],
  ["symbol", /:"([\w-]+)"/y],
  ["word", /([A-Za-z_]\w*[?!]?)/y],
  ["text", /(\d[\d._]*)/y],
  ["sign", /(=>|==|!=|>=|<=|=~|&&|\|\||::|[.,()[\]{}<>!?:|&*=+-])/y],
];

function matchAt(text: string, at: number): Match | null {
  for (const [kind, pattern] of RULES) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match && match[0] !== "") return { kind, value: match[1] ?? "", length: match[0].length };
  }
  return null;
}

function continues(statement: Statement | null): boolean {
  const last = statement?.tokens.at(-1);
  return (
    last !== undefined &&
    (last.kind === "key" || (last.kind === "sign" && /^(,|=>|&&|\|\||\.)$/.test(last.value)))
  );
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
