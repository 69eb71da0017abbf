/** Pure: versions as the npm registry lists them, and what its ranges allow. */

import * as v from "valibot";
import { semver } from "../lib/semver.ts";

/** Source: npm/registry, "Package Metadata". */
export function parseList(text: string): string[] | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), packumentSchema), text);
  return parsed.success ? Object.keys(parsed.output.versions).filter(isVersion) : undefined;
}

/** Ranges of npm. */
export function parseRange(range: string): ((version: string) => boolean) | null {
  if (range.length > MOST_CHARACTERS || semver.validRange(range) === null) return null;
  return (version) => semver.satisfies(version, range);
}

// --- internal ---

const MOST_CHARACTERS = 256;

const packumentSchema = v.object({
  versions: v.record(v.string(), v.object({ dist: v.object({ tarball: v.string() }) })),
});

/** What becomes a part of a tag and of a command. */
function isVersion(version: string): boolean {
  return /^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(version);
}
