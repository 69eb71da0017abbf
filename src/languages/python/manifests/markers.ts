/**
 * Pure: environment markers (PEP 508): read, decided as far as an image tells, and written again
 * for what only the container knows, such as its processor.
 */
import { satisfies } from "@renovatebot/pep440";

/** True and false are decided; what is not is left to pip. */
export type Marker = boolean | Comparison | { all: readonly Marker[] } | { any: readonly Marker[] };

interface Comparison {
  variable: string;
  operator: string;
  value: string;
  /** Whether the variable is on the right: `"x" in extras`. */
  isReversed: boolean;
}

export interface MarkerEnvironment {
  /** "3.11" or "3.11.4"; undefined where any will do. */
  python: string | undefined;
  /** Extras and groups that are asked for. */
  extras: readonly string[];
  groups: readonly string[];
}

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

/** Decides what is known of the environment. */
export function decide(marker: Marker, environment: MarkerEnvironment): Marker {
  if (typeof marker === "boolean") return marker;
  if ("all" in marker) return allOf(marker.all.map((one) => decide(one, environment)));
  if ("any" in marker) return anyOf(marker.any.map((one) => decide(one, environment)));
  return compare(marker, environment) ?? marker;
}

export function allOf(markers: readonly Marker[]): Marker {
  const parts = distinct(markers.flatMap((one) => (isAll(one) ? one.all : [one])));
  if (parts.includes(false)) return false;
  const open = parts.filter((one) => one !== true);
  return open.length === 0 ? true : open.length === 1 ? open[0]! : { all: open };
}

export function anyOf(markers: readonly Marker[]): Marker {
  const parts = distinct(markers.flatMap((one) => (isAny(one) ? one.any : [one])));
  if (parts.includes(true)) return true;
  const open = parts.filter((one) => one !== false);
  return open.length === 0 ? false : open.length === 1 ? open[0]! : { any: open };
}

/** As pip reads it; empty for true. */
export function formatMarker(marker: Marker): string {
  if (marker === true) return "";
  if (marker === false) return 'python_version < "0"';
  if ("all" in marker) return marker.all.map((one) => nested(one, "any")).join(" and ");
  if ("any" in marker) return marker.any.map((one) => nested(one, "all")).join(" or ");
  const value = marker.value.includes('"') ? `'${marker.value}'` : `"${marker.value}"`;
  const { variable, operator } = marker;
  return marker.isReversed
    ? `${value} ${operator} ${variable}`
    : `${variable} ${operator} ${value}`;
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

/** Of every image. */
const PLATFORM: Readonly<Record<string, string>> = {
  os_name: "posix",
  sys_platform: "linux",
  platform_system: "Linux",
  platform_python_implementation: "CPython",
  implementation_name: "cpython",
};

const OTHERS = ["platform_machine", "platform_release", "platform_version"];
const VARIABLES = [
  ...Object.keys(PLATFORM),
  ...OTHERS,
  ...["python_version", "python_full_version", "implementation_version"],
  ...["extra", "extras", "dependency_groups"],
];

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

function compare(one: Comparison, environment: MarkerEnvironment): boolean | undefined {
  const { variable, operator, value } = one;
  const { python, extras, groups } = environment;
  if (variable === "extra") {
    // Of several extras, each is compared: PEP 508 leaves that to tools, which all do it so.
    const isAsked = extras.includes(value);
    return operator === "==" ? isAsked : operator === "!=" ? !isAsked : undefined;
  }
  if (variable === "extras" || variable === "dependency_groups") {
    const isAsked = (variable === "extras" ? extras : groups).includes(value);
    return operator === "not in" ? !isAsked : isAsked;
  }
  const known = PLATFORM[variable];
  if (known !== undefined) return compareTexts(known, one);
  if (python === undefined) return undefined;
  if (variable === "python_version") {
    const short = python.split(".").slice(0, 2).join(".");
    return operator.endsWith("in") ? compareTexts(short, one) : fits(short, operator, value);
  }
  if (variable === "python_full_version") return compareFull(python, operator, value);
  return undefined;
}

function compareTexts(known: string, one: Comparison): boolean | undefined {
  const { operator, value, isReversed } = one;
  const isIn = isReversed ? known.includes(value) : value.includes(known);
  if (operator === "in" || operator === "not in") return (operator === "in") === isIn;
  if (operator === "==" || operator === "===") return known === value;
  return operator === "!=" ? known !== value : undefined;
}

/** Of a series such as 3.11 only what holds for all of its versions is known. */
function compareFull(python: string, operator: string, value: string): boolean | undefined {
  if (operator.endsWith("in")) return undefined;
  if (python.split(".").length > 2) return fits(python, operator, value);
  const isSingle = /^[=!]=/.test(operator) && !value.endsWith(".*");
  if (isSingle && value.startsWith(`${python}.`)) return undefined;
  const first = fits(`${python}.0`, operator, value);
  const last = fits(`${python}.999`, operator, value);
  return first === last ? first : undefined;
}

function fits(version: string, operator: string, value: string): boolean | undefined {
  if (!/^[\w.!+*-]+$/.test(value)) return undefined;
  try {
    return satisfies(version, `${operator}${value}`, { prereleases: true });
  } catch {
    return undefined;
  }
}

function isAll(marker: Marker): marker is { all: readonly Marker[] } {
  return typeof marker === "object" && "all" in marker;
}

function isAny(marker: Marker): marker is { any: readonly Marker[] } {
  return typeof marker === "object" && "any" in marker;
}

function nested(marker: Marker, kind: "all" | "any"): string {
  const text = formatMarker(marker);
  const isOther = typeof marker === "object" && kind in marker;
  return isOther && kind === "any" ? `(${text})` : text;
}

function distinct(markers: readonly Marker[]): Marker[] {
  const seen = new Map(markers.map((one) => [JSON.stringify(one), one]));
  return [...seen.values()];
}
