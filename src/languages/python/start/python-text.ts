/** Pure: the text of a Python file, as far as it can be read without running it. */

/** Longer files are data or generated. */
export const LONGEST_MODULE = 512 * 1024;

/**
 * The same text with comments and strings over several lines blanked, so that what is found in it
 * is code. Strings of one line stay: they hold names and addresses.
 */
export function codeOf(text: string): string {
  return text.replace(TOKEN, (token, comment?: string, block?: string) =>
    comment === undefined && block === undefined ? token : token.replace(/[^\n]/g, " "),
  );
}

/** What stands in the parentheses that open at an index of the code. */
export function argumentsAt(code: string, open: number): string {
  let depth = 0;
  const end = Math.min(code.length, open + LONGEST_CALL);
  for (let at = open; at < end; at++) {
    const char = code[at]!;
    if (char === '"' || char === "'") at = endOfString(code, at);
    else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    if (depth === 0) return code.slice(open + 1, at);
  }
  return "";
}

/** Arguments of a call by name, and those before them by number, as they are written. */
export function splitArguments(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [index, part] of splitAtCommas(text).entries()) {
    const [, name, value] = /^\s*(\w+)\s*=(?!=)([\s\S]*)$/.exec(part) ?? [];
    if (name !== undefined) found.set(name, value!.trim());
    else if (part.trim() !== "") found.set(String(index), part.trim());
  }
  return found;
}

/** The value of a string that is written down as one. */
export function literalString(expression = ""): string | undefined {
  return /^[rbu]?(["'])([^"'\\\n]*)\1$/i.exec(expression.trim())?.[2];
}

// --- internal ---

const LONGEST_CALL = 4 * 1024;

/** A comment, a string over several lines, or a string of one; each ends with its line or the text. */
const TOKEN =
  /(#[^\n]*)|("""(?:[^"\\]|\\[\s\S]|"(?!""))*(?:"""|$)|'''(?:[^'\\]|\\[\s\S]|'(?!''))*(?:'''|$))|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?/g;

function endOfString(code: string, start: number): number {
  for (let at = start + 1; at < code.length; at++) {
    if (code[at] === "\\") at += 1;
    else if (code[at] === code[start] || code[at] === "\n") return at;
  }
  return code.length;
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"' || char === "'") at = endOfString(text, at);
    else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
