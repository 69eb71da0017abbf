/** Pure: properties of MSBuild's: their values, and the conditions that compare them. */

interface Value {
  text: string;
  /** Where it was given; undefined for one that MSBuild itself sets. */
  from?: { file: string; line: number };
}

/** Names are the same in capitals and in small letters. */
export class Properties {
  readonly #values = new Map<string, Value>();

  constructor(given: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(given)) this.set(name, text);
  }

  set(name: string, text: string, from?: { file: string; line: number }): void {
    if (this.#values.size >= MOST && !this.#values.has(name.toLowerCase())) return;
    this.#values.set(name.toLowerCase(), { text, ...(from === undefined ? {} : { from }) });
  }

  /** Empty where there is none. */
  get(name: string): string {
    return this.#values.get(name.toLowerCase())?.text ?? "";
  }

  /** Whether it is said to be so. */
  is(name: string): boolean {
    return this.get(name).toLowerCase() === "true";
  }

  from(name: string): Value["from"] {
    return this.#values.get(name.toLowerCase())?.from;
  }

  /** With values in place of `$(NAME)`; what is computed stays as it stands. Bounded. */
  expand(text: string): string {
    if (text.length > LONGEST) return "";
    let length = 0;
    const expanded = text.replace(/\$\(([\w.-]{1,200})\)/g, (_, name: string) => {
      const value = this.get(name);
      length += value.length;
      return length > LONGEST ? "" : value;
    });
    return expanded.length > LONGEST ? "" : expanded;
  }
}

/** Whether a condition holds; one that is not understood does not. */
export function isTrue(condition: string | undefined, properties: Properties): boolean {
  if (condition === undefined || condition.trim() === "") return true;
  if (condition.length > LONGEST) return false;
  const text = condition.replace(/^\s*\(([^()]*)\)\s*$/, "$1");
  const parts = text.split(/\s+or\s+/i);
  return parts.some((part) => part.split(/\s+and\s+/i).every((one) => compares(one, properties)));
}

// --- internal ---

/** An app is not trusted: names, and characters of a value. */
const MOST = 2000;
const LONGEST = 2048;

/** `'$(A)' == 'b'`, `'$(A)|$(B)' != 'c'`, `$(A) == true`, `!Exists('x')` is none. */
function compares(text: string, properties: Properties): boolean {
  const [, left = "", sign, right = ""] = /^([^=!<>]*)(==|!=)([^=!<>]*)$/.exec(text.trim()) ?? [];
  if (sign === undefined) return plain(text, properties) === "true";
  const isSame = plain(left, properties) === plain(right, properties);
  return sign === "==" ? isSame : !isSame;
}

function plain(text: string, properties: Properties): string {
  const value = text.trim().replace(/^'([^']*)'$/, "$1");
  return properties.expand(value).toLowerCase();
}
