/** Pure: versions of GCC: what Linux bases have, with the build tools that stand beside it. */
import { semver } from "../../lib/semver.ts";
import type { VersionRules } from "../runtime.ts";

/** Source: packages.debian.org, packages.ubuntu.com. */
export const DISTRIBUTION_GCC: Readonly<Record<string, string>> = {
  "ubuntu:22.04": "11",
  "debian:12": "12",
  "ubuntu:24.04": "13",
  "debian:13": "14",
};

/** The tools of the Linux base with that GCC. Source: the same. */
export const TOOLS_BESIDE: readonly { gcc: number; cmake: string; meson: string }[] = [
  { gcc: 11, cmake: "3.22.1", meson: "0.61.2" },
  { gcc: 12, cmake: "3.25.1", meson: "1.0.1" },
  { gcc: 13, cmake: "3.28.3", meson: "1.3.2" },
  { gcc: 14, cmake: "3.31.6", meson: "1.7.0" },
];

export const gccVersions: VersionRules = {
  prefixes: ["cpp", "gcc", "g++", "nua-builder-cpp"],
  usual: ">=11",
  prefersDistribution: true,
  series: [1],
  oldest: "11",
  // For a Linux base that nobody knows: the most usual first.
  known: ["12", "13", "14", "11"],
  parse: parseRange,
  // A compiler builds what was written for an older one.
  instead(range) {
    const least = validRange(range);
    const lowest = least === null ? null : semver.minVersion(least);
    return lowest === null ? null : (version) => Number.parseInt(version, 10) >= lowest.major;
  },
  compare: (one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10),
};

// --- internal ---

const MOST_CHARACTERS = 256;

function validRange(range: string): string | null {
  return range.length > MOST_CHARACTERS ? null : semver.validRange(range.trim());
}

/** Ranges of semver over whole numbers; a version in full stands for its series. */
function parseRange(range: string): ((version: string) => boolean) | null {
  const plain = /^\s*(\d{1,3})(?:\.\d{1,4}){1,2}\s*$/.exec(range)?.[1] ?? range;
  const text = validRange(plain);
  if (text === null) return null;
  return (version) => semver.satisfies(`${Number.parseInt(version, 10)}.0.0`, text);
}
