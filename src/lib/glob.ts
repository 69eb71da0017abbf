/**
 * Pure: patterns with wildcards, as in `.dockerignore`.
 *
 * `*`, `?`, `[a-z]` within a name, `**` across names.
 */

/**
 * - `one`: `?`, any character but a slash
 * - `star`: `*`, any characters but slashes
 * - `globstar`: `**`, any characters
 * - `names`: `**` and a slash, any number of whole names
 */
type Kind = "text" | "one" | "class" | "star" | "globstar" | "names";

interface Token {
  kind: Kind;
  text: string;
  class?: RegExp;
}

export type Glob = readonly Token[];

/** @returns undefined for brackets or a backslash without what belongs to them */
export function parseGlob(pattern: string): Glob | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const wildcard = /^(\*\*+\/|\*\*+|\*|\?)/.exec(rest)?.[0];
    const characters = /^\[\^?\]?(\\.|[^\]\\])*\]/s.exec(rest)?.[0];
    const first = rest[0]!;
    if (wildcard !== undefined) {
      tokens.push({ kind: wildcardKind(wildcard), text: wildcard });
      at += wildcard.length;
    } else if (first === "[") {
      const compiled = characters === undefined ? undefined : compileClass(characters);
      if (compiled === undefined) return undefined;
      tokens.push({ kind: "class", text: characters!, class: compiled });
      at += characters!.length;
    } else {
      const text = first === "\\" ? rest[1] : first;
      if (text === undefined) return undefined;
      tokens.push({ kind: "text", text });
      at += first === "\\" ? 2 : 1;
    }
  }
  return tokens;
}

/** How many comparisons of a wildcard or a character may yet be made. */
export interface Effort {
  left: number;
}

/** More comparisons than are allowed. */
export class PatternLimitError extends Error {
  override readonly name = "PatternLimitError";
}

/**
 * Whether the whole path matches.
 * @throws PatternLimitError when finding that out takes more than is left
 */
export function matchesGlob(glob: Glob, path: string, effort: Effort): boolean {
  let left = effort.left;
  let at = 0;
  let next = 0;
  // Where to go on when what follows the last wildcard of each kind does not match.
  let star = { at: -1, next: 0 };
  let wide = { at: -1, next: 0, isNames: false };
  while (at < path.length) {
    left -= 1;
    if (left < 0) throw new PatternLimitError("its wildcards take too long to compare");
    const token = glob[next];
    if (token?.kind === "globstar" || token?.kind === "names") {
      next += 1;
      wide = { at, next, isNames: token.kind === "names" };
      star = { at: -1, next: 0 };
    } else if (token?.kind === "star") {
      next += 1;
      star = { at, next };
    } else if (token !== undefined && matchesOne(token, path[at]!)) {
      at += 1;
      next += 1;
    } else if (star.at >= 0 && path[star.at] !== "/") {
      star.at += 1;
      at = star.at;
      next = star.next;
    } else if (wide.at >= 0) {
      const from = wide.isNames ? path.indexOf("/", wide.at) + 1 : wide.at + 1;
      if (from === 0) break;
      wide.at = from;
      at = from;
      next = wide.next;
      star = { at: -1, next: 0 };
    } else {
      break;
    }
  }
  effort.left = left;
  if (at < path.length) return false;
  return glob.slice(next).every(({ kind }) => WILD.has(kind));
}

// --- internal ---

/** Those that may stand for nothing. */
const WILD: ReadonlySet<Kind> = new Set(["star", "globstar", "names"]);

function wildcardKind(text: string): Kind {
  if (text === "*") return "star";
  if (text === "?") return "one";
  return text.endsWith("/") ? "names" : "globstar";
}

function matchesOne(token: Token, character: string): boolean {
  if (token.kind === "text") return token.text === character;
  if (character === "/") return false;
  return token.kind === "one" || token.class!.test(character);
}

function compileClass(text: string): RegExp | undefined {
  const isNegated = text.startsWith("[^");
  const inner = text.slice(isNegated ? 2 : 1, -1);
  try {
    return new RegExp(`^[${isNegated ? "^" : ""}${inner.replace(/[[\]^]/g, "\\$&")}]$`);
  } catch {
    return undefined;
  }
}
