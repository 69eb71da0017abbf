/** Pure: constraints of versions as Composer has them. Source: getcomposer.org, "Versions and constraints". */

/** Whether a version in numbers, such as "8.2.29", will do. */
export type Allows = (version: string) => boolean;

/**
 * @returns null for what is no constraint, and for what only a repository can tell: branches, aliases,
 *   versions before their release
 */
export function parseConstraint(text: string): Allows | null {
  if (text.length > MOST_CHARACTERS) return null;
  const either = text.split(/\s*\|\|?\s*/).map(parseAll);
  if (either.length > MOST_PARTS || either.includes(null)) return null;
  const all = either as Allows[];
  return (version) => all.some((allows) => allows(version));
}

/** The numbers of a release: "v3.2.1" is 3.2.1; null for a branch and for what is before its release. */
export function releaseOf(version: string): string | null {
  return /^v?(\d{1,9}(?:\.\d{1,9}){0,3})$/.exec(version.trim())?.[1] ?? null;
}

/** Negative when the first is older. */
export function compareReleases(one: string, other: string): number {
  return compare(numbersOf(one), numbersOf(other));
}

// --- internal ---

/** No constraint that people write is longer. */
const MOST_CHARACTERS = 1024;
const MOST_PARTS = 64;

type Numbers = readonly number[];

interface Bounds {
  from?: Numbers;
  /** The first that will not do. */
  below?: Numbers;
}

/** All of them, with a comma or white space between. */
function parseAll(text: string): Allows | null {
  const range = /^\s*v?([\d.]+)\s+-\s+v?([\d.]+)\s*$/.exec(text);
  if (range !== null) return hyphenated(range[1]!, range[2]!);
  // "> = 1" is nothing, and ">= 1" is one word.
  const words = text
    .replace(/([<>=!~^])[ \t]+/g, "$1")
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  if (words.length === 0 || words.length > MOST_PARTS) return null;
  const all = words.map(parseOne);
  if (all.includes(null)) return null;
  return (version) => (all as Allows[]).every((allows) => allows(version));
}

/** `1.0 - 2.0` has all of 2.0. */
function hyphenated(first: string, last: string): Allows | null {
  const [from, to] = [numbers(first), numbers(last)];
  if (from === null || to === null) return null;
  return within({ from, below: next(to, to.length >= 3 ? 4 : to.length) });
}

/** What says how far from its release a version may be says nothing of its number. */
const STABILITY = /(?:@(?:dev|alpha|beta|rc|stable)|-(?:stable|dev|alpha\d*|beta\d*|rc\d*))$/i;

function parseOne(word: string): Allows | null {
  const plain = word.replace(STABILITY, "");
  if (/^[v=]*[*x](?:\.[*x])*$/i.test(plain)) return () => true;
  const [, sign = "", rest = ""] = /^(\^|~|[<>]=?|[!=]=?|<>)?(.*)$/.exec(plain) ?? [];
  const [, digits = "", star] = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})(\.[*x])*$/i.exec(rest) ?? [];
  const version = numbers(digits);
  if (version === null) return null;
  if (star !== undefined) {
    const allows = within({ from: version, below: next(version, version.length) });
    if (sign === "!=" || sign === "<>") return (one) => !allows(one);
    return sign === "" || sign === "=" || sign === "==" ? allows : null;
  }
  return bounded(sign, version);
}

function bounded(sign: string, version: Numbers): Allows | null {
  const after = next(version, 4);
  switch (sign) {
    case "^":
      return within({ from: version, below: next(version, firstOfWeight(version)) });
    case "~":
      return within({ from: version, below: next(version, Math.max(1, version.length - 1)) });
    case ">":
      return within({ from: after });
    case ">=":
      return within({ from: version });
    case "<":
      return within({ below: version });
    case "<=":
      return within({ below: after });
    case "!=":
    case "<>": {
      const same = within({ from: version, below: after });
      return (one) => !same(one);
    }
    case "":
    case "=":
    case "==":
      return within({ from: version, below: after });
    default:
      return null;
  }
}

/** The place of the first number that is not 0: what follows it may grow. */
function firstOfWeight(version: Numbers): number {
  const at = version.findIndex((number) => number > 0);
  return at < 0 ? version.length : at + 1;
}

/** The first that does not begin with so many of its numbers. */
function next(version: Numbers, count: number): Numbers {
  const filled = [0, 0, 0, 0].map((zero, index) => version[index] ?? zero);
  return filled.map((number, index) =>
    index < count - 1 ? number : index === count - 1 ? number + 1 : 0,
  );
}

function within({ from, below }: Bounds): Allows {
  return (version) => {
    const found = numbersOf(version);
    return (
      (from === undefined || compare(found, from) >= 0) &&
      (below === undefined || compare(found, below) < 0)
    );
  };
}

function numbers(text: string): Numbers | null {
  return /^\d{1,9}(?:\.\d{1,9}){0,3}$/.test(text) ? numbersOf(text) : null;
}

function numbersOf(version: string): Numbers {
  return version.split(".").map((part) => Number.parseInt(part, 10) || 0);
}

function compare(one: Numbers, other: Numbers): number {
  for (const at of [0, 1, 2, 3]) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
