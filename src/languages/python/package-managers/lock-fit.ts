/** Pure: whether a lock fits the manifest that it was made from. */

import { satisfies } from "@renovatebot/pep440";
import { sha256Hex } from "../../../lib/digest.ts";
import { decide, type MarkerEnvironment } from "../manifests/markers.ts";
import { readMarker } from "../manifests/read-marker.ts";
import type { Declared } from "../manifests/requirement.ts";
import type { LockedPackage } from "./locked-package.ts";

/** What is declared and not locked, or locked in a version that is not allowed; in words. */
export function misfits(
  declared: readonly Declared[],
  packages: readonly LockedPackage[],
  environment: MarkerEnvironment,
): { name: string; problem: string }[] {
  return declared.flatMap(({ requirement, path }) => {
    const { name, range, url } = requirement;
    const marker = decide(readMarker(requirement.marker) ?? true, environment);
    if (marker === false) return [];
    const locked = packages.filter((one) => one.name === name);
    if (locked.length === 0) {
      return marker === true && path === null ? [{ name, problem: `"${name}" is not in it` }] : [];
    }
    const isElsewhere = path !== null || url !== null || range === "";
    if (isElsewhere || locked.some(({ version }) => fits(version, range))) return [];
    const versions = locked.map(({ version }) => version).join(", ");
    return [{ name, problem: `"${name}" is ${versions} in it, and ${range} is asked for` }];
  });
}

/** The digest that Python's managers make of what they read as JSON. */
export function contentHash(value: unknown, separators: "usual" | "compact" = "usual"): string {
  return sha256Hex(pythonJson(value, separators));
}

// --- internal ---

function fits(version: string | null, range: string): boolean {
  return version === null || satisfies(version, range, { prereleases: true });
}

/** As `json.dumps(value, sort_keys=True)` of Python writes it. */
function pythonJson(value: unknown, separators: "usual" | "compact"): string {
  const [comma, colon] = separators === "usual" ? [", ", ": "] : [",", ":"];
  if (Array.isArray(value)) {
    return `[${value.map((one) => pythonJson(one, separators)).join(comma)}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
    const texts = sorted.map(([key, one]) => `${ascii(key)}${colon}${pythonJson(one, separators)}`);
    return `{${texts.join(comma)}}`;
  }
  return typeof value === "string" ? ascii(value) : JSON.stringify(value ?? null);
}

function ascii(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
