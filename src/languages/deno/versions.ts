/** Pure: versions of Deno: which there are, what files call one, and which lock files each reads. */
import { semver } from "../../lib/semver.ts";
import { PUBLIC_NPM_REGISTRY } from "../../registries/npm.ts";
import { parseList, parseRange } from "../npm-versions.ts";
import type { VersionRules } from "../runtime.ts";

export const denoVersions: VersionRules = {
  prefixes: ["deno", "nua-builder-deno"],
  usual: "2",
  series: [1, 2],
  // Before, `deno install` read no deno.json.
  oldest: "2.0.0",
  known: ["2"],
  parse: parseDenoRange,
  compare: (a, b) => semver.compare(a, b),
  list: {
    setting: "npmRegistry",
    address: PUBLIC_NPM_REGISTRY,
    path: "@deno/linux-x64-glibc",
    parse: parseList,
  },
};

/** The newest format of deno.lock that is known here. */
export const NEWEST_LOCK = 5;

/** The first Deno that reads a format of deno.lock. Source: denoland/deno, Releases.md. */
export const FIRST_WITH_LOCK: Readonly<Record<number, string>> = { 5: "2.3.0" };

// --- internal ---

/** Ranges of npm, and the words of version managers: dvm, asdf, mise. */
function parseDenoRange(range: string): ((version: string) => boolean) | null {
  const text = range
    .trim()
    .replace(/^(?:latest|stable|lts|current)$/i, "*")
    .replace(/^(?:deno[@-]?)?v?(?=\d)/i, "");
  return parseRange(text);
}
