/** Pure: versions of PHP and Composer: what Linux bases have, and what files call one. */
import type { VersionRules } from "../runtime.ts";
import { type Allows, compareReleases, parseConstraint } from "./constraint.ts";

/** Source: packages.debian.org, packages.ubuntu.com. */
export const DISTRIBUTION_PHP: Readonly<Record<string, string>> = {
  "ubuntu:22.04": "8.1",
  "ubuntu:24.04": "8.3",
  "debian:12": "8.2",
  "debian:13": "8.4",
};

export const DISTRIBUTION_COMPOSER: Readonly<Record<string, string>> = {
  "ubuntu:22.04": "2.2",
  "ubuntu:24.04": "2.7",
  "debian:12": "2.5",
  "debian:13": "2.8",
};

/** A patch of each that every mirror has by now: Debian goes on to newer ones, Ubuntu stays. */
const PATCHES: Readonly<Record<string, number>> = { "8.1": 2, "8.2": 29, "8.3": 6, "8.4": 11 };

/** Series, newest first. */
export const KNOWN: readonly string[] = ["8.4", "8.3", "8.2", "8.1"];

export const phpVersions: VersionRules = {
  prefixes: ["php", "nua-builder-php"],
  usual: ">=8.1",
  prefersDistribution: true,
  series: [2],
  oldest: "8.1",
  known: KNOWN,
  parse: parsePhpRange,
  compare: compareReleases,
};

export const composerVersions: VersionRules = {
  ...{ prefixes: [], usual: "*", prefersDistribution: true, series: [2], oldest: "2.2" },
  known: ["2.8", "2.7", "2.5", "2.2"],
  parse: parseConstraint,
  compare: compareReleases,
};

/** "8.2" of "8.2.10", "php-8.2" and "v8.2"; null for what is no version. */
export function seriesOf(text: string): string | null {
  return /^(?:php-?)?v?(\d{1,2}\.\d{1,2})(?:\.\d{1,4})?$/i.exec(text.trim())?.[1] ?? null;
}

/** A series as it is in a Linux base. */
export function packagedPatch(series: string): string {
  return `${series}.${PATCHES[series] ?? 0}`;
}

// --- internal ---

/** A version alone stands for all that begin with it; "==8.2" is 8.2.0 and nothing else. */
function parsePhpRange(range: string): Allows | null {
  const text = range.trim().replace(/^latest$/i, "*");
  const isSeries = /^\d{1,2}(?:\.\d{1,2})?$/.test(text);
  const allows = parseConstraint(isSeries ? `${text}.*` : text);
  if (allows === null) return null;
  // Linux bases have one patch of each.
  return (version) => allows(/^\d+\.\d+$/.test(version) ? packagedPatch(version) : version);
}
