/**
 * Pure: the words of a text in Elixir, as far as its data needs them. Nothing of it is run: what a
 * mix.exs computes is not known here. Source: hexdocs.pm/elixir, "Syntax reference".
 */

export interface Token {
  kind: "atom" | "string" | "key" | "word" | "number" | "attribute" | "mark";
  /** Without quotes, colons and @. */
  text: string;
  /** From 1. */
  line: number;
  /** Of a string: whether something is computed into it. */
  isDynamic?: true;
  /** Of an opening bracket: where it is closed. */
  end?: number;
}

/** A text that is none. */
export class NoElixir extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** An app is not trusted: no file of its kind is longer. */
const MOST_CHARACTERS = 512 * 1024;

/** @throws NoElixir for brackets and quotes that nothing closes, or a text without end */
export function tokensOf(text: string): Token[] {
  if (text.length > MOST_CHARACTERS) throw new NoElixir(1, "it is too long");
  const tokens: Token[] = [];
  const open: number[] = [];
  const scan = new Scan(text);
  while (scan.at < text.length) {
    const token = scan.next();
    if (token === null) continue;
    if (token.kind === "mark") match(tokens, open, token);
    tokens.push(token);
  }
  const last = open.at(-1);
  if (last !== undefined) {
    const { line, text: mark } = tokens[last]!;
    throw new NoElixir(line, `nothing closes the "${mark}"`);
  }
  return tokens;
}

// --- internal ---

const CLOSES: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

function match(tokens: readonly Token[], open: number[], token: Token): void {
  if ("([{".includes(token.text)) open.push(tokens.length);
  const wanted = CLOSES[token.text];
  if (wanted === undefined) return;
  const at = open.pop();
  if (at === undefined || tokens[at]!.text !== wanted) {
    throw new NoElixir(token.line, `there is a "${token.text}" too much`);
  }
  tokens[at]!.end = tokens.length;
}

const SPACE = /[ \t\r]+|#.*/y;
const WORD = /[\p{L}_][\p{L}\p{N}_]*[?!]?/uy;
const NUMBER = /0[xob][\da-f_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?/iy;
const ATOM = /:(?:[\p{L}_][\p{L}\p{N}_@]*[?!]?|[+*/<>=!&|^~-]{1,3})/uy;
const CHARACTER = /\?(?:\\(?:x[\da-f]{1,2}|.)|[^\\\s])/isuy;
const SIGIL = /~(?:[a-z]|[A-Z][A-Z\d]*)(?="""|'''|[/|"'([{<])/y;

/** What closes what opens a sigil. */
const PAIRS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/** Text in a text in a text: nobody goes further. */
const DEEPEST = 40;

class Scan {
  at = 0;
  line = 1;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Null for what says nothing. */
  next(): Token | null {
    const char = this.#text[this.at]!;
    const { line } = this;
    if (char === "\n") {
      this.#pass(1);
      return null;
    }
    if (this.#take(SPACE) !== null) return null;
    if (char === '"' || char === "'") return this.#string(line);
    if (char === "~") {
      const sigil = this.#take(SIGIL);
      if (sigil !== null) return this.#sigil(sigil, line);
    }
    if (this.#take(CHARACTER) !== null) return { kind: "number", text: "", line };
    if (char === ":" && this.#text[this.at + 1] === '"') {
      this.at += 1;
      return { ...this.#quoted('"', line), kind: "atom" };
    }
    if (this.#text.startsWith("::", this.at)) return this.#mark("::", line);
    const atom = this.#take(ATOM);
    if (atom !== null) return { kind: "atom", text: atom.slice(1), line };
    const word = this.#take(WORD);
    if (word !== null)
      return this.#isKey() ? this.#key(word, line) : { kind: "word", text: word, line };
    const number = this.#take(NUMBER);
    if (number !== null) return { kind: "number", text: number, line };
    if (char === "@") {
      this.at += 1;
      return { kind: "attribute", text: this.#take(WORD) ?? "", line };
    }
    return this.#mark(char, line);
  }

  #mark(text: string, line: number): Token {
    this.at += text.length;
    return { kind: "mark", text, line };
  }

  /** `name: value`, and not `name::type` or `a ? b:c`. */
  #isKey(): boolean {
    return this.#text[this.at] === ":" && /[\s)\]}]|^$/.test(this.#text[this.at + 1] ?? "");
  }

  #key(text: string, line: number): Token {
    this.at += 1;
    return { kind: "key", text, line };
  }

  #string(line: number): Token {
    const char = this.#text[this.at]!;
    const heredoc = char.repeat(3);
    const token = this.#quoted(this.#text.startsWith(heredoc, this.at) ? heredoc : char, line);
    return this.#isKey() ? { ...this.#key(token.text, line) } : token;
  }

  #sigil(sigil: string, line: number): Token {
    const char = this.#text[this.at]!;
    const heredoc = char.repeat(3);
    const isHeredoc = `"'`.includes(char) && this.#text.startsWith(heredoc, this.at);
    const isPlain = /^~[A-Z]/.test(sigil);
    const token = this.#quoted(isHeredoc ? heredoc : char, line, isPlain);
    this.#take(/[a-zA-Z]*/y);
    // Lists of words, expressions and the like are no text.
    return /^~[sS]$/.test(sigil) ? token : { ...token, isDynamic: true };
  }

  /** @param isPlain whether nothing in it has a meaning but its end */
  #quoted(opening: string, line: number, isPlain = false, depth = 0): Token {
    const closing = PAIRS[opening] ?? opening;
    this.#pass(opening.length);
    const start = this.at;
    let isDynamic = false;
    while (!this.#text.startsWith(closing, this.at)) {
      if (this.at >= this.#text.length || depth > DEEPEST) {
        throw new NoElixir(line, `nothing closes the ${opening}`);
      }
      if (!isPlain && this.#text.startsWith("#{", this.at)) {
        isDynamic = true;
        this.at += 2;
        this.#computed(line, depth + 1);
      } else this.#pass(this.#text[this.at] === "\\" ? 2 : 1);
    }
    const text = this.#text.slice(start, this.at);
    this.at += closing.length;
    return { kind: "string", text: unescaped(text), line, ...(isDynamic ? { isDynamic } : {}) };
  }

  /** To the bracket that ends what is computed into a string. */
  #computed(line: number, depth: number): void {
    let open = 1;
    while (open > 0) {
      const char = this.#text[this.at];
      if (char === undefined || depth > DEEPEST) throw new NoElixir(line, "nothing closes the #{");
      if (char === '"' || char === "'") this.#quoted(char, line, false, depth + 1);
      else {
        if (char === "{") open += 1;
        if (char === "}") open -= 1;
        this.#pass(1);
      }
    }
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  /** With the lines that are in it. */
  #pass(count: number): void {
    for (let left = count; left > 0 && this.at < this.#text.length; left -= 1) {
      if (this.#text[this.at] === "\n") this.line += 1;
      this.at += 1;
    }
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, char: string) => ({ n: "\n", t: "\t" })[char] ?? char);
}
