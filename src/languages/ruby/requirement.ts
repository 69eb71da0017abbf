/** Pure: versions and requirements as RubyGems has them. Source: Gem::Version, Gem::Requirement. */

/** What comes from an app's files is no longer than this, or means nothing. */
const LONGEST = 200;

const VERSION = /^\d{1,9}(?:\.[\da-z]{1,20}){0,9}(?:-[\da-z.-]{1,40})?$/i;

const CLAUSE = /^(=|!=|>=|<=|~>|>|<)?\s*([\da-z.-]+)$/i;

/**
 * What a requirement allows: clauses with commas between, such as `~> 3.2, >= 3.2.1`. A version
 * without a sign stands for all that begin with it, as version managers have it.
 * @returns null for what is no requirement
 */
export function parseRequirement(text: string): ((version: string) => boolean) | null {
  if (text.length > LONGEST) return null;
  const clauses = text.split(",").map((clause) => CLAUSE.exec(clause.trim()));
  const tests: ((version: string) => boolean)[] = [];
  let namesPrerelease = false;
  for (const clause of clauses) {
    const [, sign, version = ""] = clause ?? [];
    if (!VERSION.test(version)) return null;
    if (isPrerelease(version)) namesPrerelease = true;
    tests.push(testOf(sign, version));
  }
  return (version) =>
    (namesPrerelease || !isPrerelease(version)) && tests.every((allows) => allows(version));
}

/** Negative when `a` is older than `b`: a pre-release is older than what it comes before. */
export function compareGemVersions(a: string, b: string): number {
  const left = segmentsOf(a);
  const right = segmentsOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareSegments(left[index] ?? 0, right[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

export function isPrerelease(version: string): boolean {
  return /[a-z-]/i.test(version);
}

// --- internal ---

type Segment = number | string;

/** "3.5.0-preview1" is 3.5.0.pre.preview.1: a hyphen stands for ".pre.". */
function segmentsOf(version: string): Segment[] {
  const parts = version.replaceAll("-", ".pre.").match(/\d+|[a-z]+/gi) ?? [];
  return parts.map((part) => (/\d/.test(part) ? Number(part) : part));
}

function compareSegments(a: Segment, b: Segment): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number") return 1;
  if (typeof b === "number") return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function testOf(sign: string | undefined, wanted: string): (version: string) => boolean {
  const compare = (version: string) => compareGemVersions(version, wanted);
  switch (sign) {
    case undefined:
      return (version) => version === wanted || version.startsWith(`${wanted}.`);
    case "=":
      return (version) => compare(version) === 0;
    case "!=":
      return (version) => compare(version) !== 0;
    case ">":
      return (version) => compare(version) > 0;
    case "<":
      return (version) => compare(version) < 0;
    case ">=":
      return (version) => compare(version) >= 0;
    case "<=":
      return (version) => compare(version) <= 0;
    default: {
      const end = bumped(wanted);
      return (version) => compare(version) >= 0 && compareGemVersions(version, end) < 0;
    }
  }
}

/** The first version that `~>` rules out: "3.2.1" -> "3.3", "3.2" -> "4", "3" -> "4". */
function bumped(version: string): string {
  const segments = segmentsOf(version);
  const firstText = segments.findIndex((segment) => typeof segment === "string");
  const numbers = (firstText < 0 ? segments : segments.slice(0, firstText)) as number[];
  if (numbers.length > 1) numbers.pop();
  return [...numbers.slice(0, -1), numbers.at(-1)! + 1].join(".");
}
