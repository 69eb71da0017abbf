/** The tokens of a program in JavaScript or TypeScript, without its comments. Pure. */

export interface Token {
  /** `computed`: a template with expressions in it, a number, or a regular expression. */
  kind: "word" | "string" | "mark" | "computed";
  /** Of a string: what it stands for. */
  text: string;
}

/** Whatever the text is: what is no program gives tokens that mean nothing. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const [token, end] = tokenAt(text, at, tokens.at(-1));
    if (token !== null) tokens.push(token);
    at = Math.max(end, at + 1);
  }
  return tokens;
}

// --- internal ---

const SPACE = /\s+/y;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d[\w.]*/y;
const LINE_COMMENT = /\/\/[^\n]*/y;
const STRING = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const REGULAR_EXPRESSION = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const MARK = /\?\?=?|\?\.|&&|\|\||=>|[=!]==?|[\s\S]/y;

function tokenAt(text: string, at: number, before: Token | undefined): [Token | null, number] {
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const space = match(SPACE) ?? match(LINE_COMMENT);
  if (space !== undefined) return [null, at + space.length];
  if (text.startsWith("/*", at)) {
    const end = text.indexOf("*/", at + 2);
    return [null, end === -1 ? text.length : end + 2];
  }
  const word = match(WORD);
  if (word !== undefined) return [{ kind: "word", text: word }, at + word.length];
  const string = match(STRING);
  if (string !== undefined) {
    return [{ kind: "string", text: unescaped(string.slice(1, -1)) }, at + string.length];
  }
  if (text[at] === "`") return templateAt(text, at);
  const computed = match(NUMBER) ?? (mayBegin(before) ? match(REGULAR_EXPRESSION) : undefined);
  if (computed !== undefined) {
    return [{ kind: "computed", text: computed }, at + computed.length];
  }
  const mark = match(MARK)!;
  return [{ kind: "mark", text: mark }, at + mark.length];
}

/** Whether a slash begins a regular expression, and does not divide what is before it. */
function mayBegin(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === "word") return /^(return|typeof|case|in|of)$/.test(before.text);
  return before.kind === "mark" && !/^[)\]}]$/.test(before.text);
}

function templateAt(text: string, start: number): [Token, number] {
  let at = start + 1;
  let isComputed = false;
  for (let depth = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\\") at += 1;
    else if (character === "$" && text[at + 1] === "{") {
      isComputed = true;
      depth += 1;
      at += 1;
    } else if (character === "}" && depth > 0) depth -= 1;
    else if (character === "`" && depth === 0) break;
  }
  const content = text.slice(start + 1, at);
  return [{ kind: isComputed ? "computed" : "string", text: unescaped(content) }, at + 1];
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, "$1");
}
