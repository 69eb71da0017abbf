/** Pure: versions of Go: which there are, and what files call one. */
import { semver } from "../../lib/semver.ts";
import { GO_PROXY, TOOLCHAIN } from "../../registries/go.ts";
import type { VersionRules } from "../runtime.ts";
import { parseList } from "./agent/toolchains.ts";

/**
 * Before, a `go` line was no minimum: such modules were built by whatever was newest. Source:
 * go.dev/doc/toolchain.
 */
export const FIRST_WITH_MINIMUM = "1.21";

export const goVersions: VersionRules = {
  prefixes: ["go", "golang", "nua-builder-go"],
  usual: "*",
  series: [2],
  // Workspaces, and -buildvcs.
  oldest: "1.18.0",
  known: ["1.27", "1.26", "1.25", "1.24", "1.23", "1.22", "1.21", "1.20", "1.19", "1.18"],
  parse: parseGoRange,
  compare: (a, b) => semver.compare(a, b),
  list: {
    setting: "goProxy",
    address: GO_PROXY,
    path: `${TOOLCHAIN}/@v/list`,
    parse: parseList,
  },
};

/** "1.22.3" of "go1.22.3" and "go1.22.3-custom"; null for what is no released version of Go. */
export function plainVersion(text: string): string | null {
  return /^(?:go)?(1\.\d{1,3}(?:\.\d{1,3})?)(?:$|[-+]|rc|beta)/.exec(text.trim())?.[1] ?? null;
}

/** "1.22" of "1.22.3". */
export function seriesOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

// --- internal ---

const MOST_CHARACTERS = 256;

/** Ranges of semver, and what version managers call the newest. */
function parseGoRange(range: string): ((version: string) => boolean) | null {
  if (range.length > MOST_CHARACTERS) return null;
  const text = range
    .trim()
    .replace(/^(latest|stable)$/, "*")
    .replace(/^go(?=\d)/, "");
  if (semver.validRange(text) === null) return null;
  return (version) => semver.satisfies(version, text);
}
