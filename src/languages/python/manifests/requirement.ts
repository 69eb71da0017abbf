/** Pure: requirement specifiers (PEP 508), as manifests and requirements files have them. */
import { validRange } from "@renovatebot/pep440";

export interface Requirement {
  /** Normalized (PEP 503). */
  name: string;
  extras: readonly string[];
  /** PEP 440; empty where any version does. */
  range: string;
  /** Where it comes from, in place of an index. */
  url: string | null;
  /** As it is written; empty where there is none. */
  marker: string;
}

/** What a project declares to need, and where that is. */
export interface Declared {
  requirement: Requirement;
  /** Relative to the project: a project or an archive that is installed in place of an index's. */
  path: string | null;
  /** The address of the index that alone is asked for it; null for the usual one. */
  index: string | null;
}

/** As indexes have it (PEP 503). */
export function normalizeName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/** Null where the text is none: an option, a path, or nonsense. */
export function readRequirement(text: string): Requirement | null {
  const found = text.length > LONGEST ? null : REQUIREMENT.exec(text.trim());
  if (found === null) return null;
  const { name = "", extras = "", url, range = "", marker = "" } = found.groups ?? {};
  const clean = range
    .replace(/^\(|\)$/g, "")
    // For pip before 24.1, which most Linux bases have, `<3.*` is `<3`.
    .replace(/([<>]=?[\d. ]{1,40})\.\*/g, "$1")
    .trim();
  if (clean !== "" && !isRange(clean)) return null;
  return {
    name: normalizeName(name),
    extras: namesOf(extras),
    range: clean.replace(/\s+/g, ""),
    url: url ?? null,
    marker: marker.trim(),
  };
}

export function formatRequirement(one: Requirement): string {
  const extras = one.extras.length === 0 ? "" : `[${one.extras.join(",")}]`;
  const from = one.url === null ? one.range : ` @ ${one.url}`;
  // After an address only a space tells that a marker begins.
  const marker = one.marker === "" ? "" : ` ; ${one.marker}`;
  return `${one.name}${extras}${from}${marker}`;
}

/** Whether a text is a version as the language has them (PEP 440), in whatever form. */
export function isVersion(text: string): boolean {
  return text.length < 200 && VERSION.test(text);
}

/** Clauses of PEP 440 with commas between. */
export function isRange(text: string): boolean {
  if (text.length > LONGEST) return false;
  return text.split(",").every((part) => CLAUSE.test(part.trim())) && validRange(text);
}

// --- internal ---

const LONGEST = 4096;

const REQUIREMENT =
  /^(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[(?<extras>[^\]]*)\])?\s*(?:@\s*(?<url>[^\s;]\S*?(?<!;))(?=\s|$)|(?<range>\([^)]*\)|[<>=!~][^;]*)?)\s*(?:;(?<marker>.*))?$/s;

const VERSION =
  /^v?(\d+!)?\d+(\.\d+)*([-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?([-_.]?dev[-_.]?\d*)?(\+[a-z\d]+([-_.][a-z\d]+)*)?$/i;

const CLAUSE = /^(===\s*[\w.!+-]+|(==|!=|<=|>=|<|>|~=)\s*v?[\w.!+-]+(\.\*)?)$/i;

function namesOf(extras: string): string[] {
  return extras
    .split(",")
    .map((extra) => normalizeName(extra.trim()))
    .filter((extra) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(extra));
}
