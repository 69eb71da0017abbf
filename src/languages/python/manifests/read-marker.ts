/** Pure: reads environment markers. Source: PEP 508, "Environment Markers". */
import { allOf, anyOf, type Comparison, type Marker, VARIABLES } from "./markers.ts";

/** Null where the text is no marker. An empty one is always true. */
export function readMarker(text: string): Marker | null {
  if (text.trim() === "") return true;
  if (text.length > LONGEST) return null;
  const words = text.match(WORD) ?? [];
  if (words.join("") !== text.replace(WHITE_OUTSIDE, (_all, quoted) => quoted ?? "")) return null;
  const reader = new MarkerReader(words);
  const marker = reader.readAny();
  return marker === null || !reader.isAtEnd() ? null : marker;
}

// --- internal ---

const LONGEST = 20_000;
const WORD = /"[^"]*"|'[^']*'|\(|\)|===|[<>=!~]=|[<>]|[\w.]+/g;
const WHITE_OUTSIDE = /("[^"]*"|'[^']*')|\s+/g;

const OPERATORS = ["==", "!=", "<=", ">=", "<", ">", "~=", "===", "in", "not in"];

/** Names of before PEP 508. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  "os.name": "os_name",
  "sys.platform": "sys_platform",
  "platform.version": "platform_version",
  "platform.machine": "platform_machine",
  "platform.python_implementation": "platform_python_implementation",
  python_implementation: "platform_python_implementation",
};

/** Seen from the other side. */
const REVERSED: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

class MarkerReader {
  private at = 0;
  private depth = 0;
  private readonly words: readonly string[];

  constructor(words: readonly string[]) {
    this.words = words;
  }

  isAtEnd(): boolean {
    return this.at === this.words.length;
  }

  readAny(): Marker | null {
    return this.readList("or", () => this.readAll(), anyOf);
  }

  private readAll(): Marker | null {
    return this.readList("and", () => this.readOne(), allOf);
  }

  private readList(
    word: string,
    read: () => Marker | null,
    join: (all: Marker[]) => Marker,
  ): Marker | null {
    const found: Marker[] = [];
    do {
      const one = read();
      if (one === null) return null;
      found.push(one);
    } while (this.take(word));
    return join(found);
  }

  private readOne(): Marker | null {
    if (!this.take("(")) return this.readComparison();
    this.depth += 1;
    if (this.depth > 100) return null;
    const inner = this.readAny();
    this.depth -= 1;
    return this.take(")") ? inner : null;
  }

  private readComparison(): Comparison | null {
    const left = this.next();
    const operator = this.take("not") ? `not ${this.next()}` : this.next();
    const right = this.next();
    if (!OPERATORS.includes(operator)) return null;
    const isReversed = isQuoted(left);
    const [name, text] = isReversed ? [right, left] : [left, right];
    const variable = OLD_NAMES[name] ?? name;
    if (!isQuoted(text) || !VARIABLES.includes(variable)) return null;
    const isMembership = operator.endsWith("in");
    return {
      variable,
      operator: isReversed && !isMembership ? (REVERSED[operator] ?? operator) : operator,
      value: text.slice(1, -1),
      isReversed: isReversed && isMembership,
    };
  }

  private next(): string {
    this.at += 1;
    return this.words[this.at - 1] ?? "";
  }

  private take(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at += 1;
    return true;
  }
}

function isQuoted(word: string): boolean {
  return word.length > 1 && /^["']/.test(word);
}
