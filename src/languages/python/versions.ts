/** Pure: versions of CPython: what Linux bases have, and what specifiers (PEP 440) allow. */
import { compare, satisfies, valid, validRange } from "@renovatebot/pep440";
import type { VersionRules } from "../runtime.ts";
import { knownSources } from "./agent/sources.ts";
import { KNOWN_BUILDS } from "./agent/standalone.ts";

/** Source: packages.debian.org, packages.ubuntu.com. */
export const DISTRIBUTION_PYTHON: Readonly<Record<string, string>> = {
  "ubuntu:22.04": "3.10.12",
  "ubuntu:24.04": "3.12.3",
  "debian:12": "3.11.2",
  "debian:13": "3.13.5",
};

export const pythonVersions: VersionRules = {
  prefixes: ["python", "nua-python", "nua-builder-python"],
  usual: ">=3.9",
  prefersDistribution: true,
  series: [2],
  oldest: "3.7.0",
  known: ["3.14", "3.13", "3.12", "3.11", "3.10", "3.9"],
  parse: parseRange,
  compare,
  installable: [...KNOWN_BUILDS, ...knownSources()],
};

// --- internal ---

const MOST_CHARACTERS = 256;

/** Specifiers, and plain versions as version managers have them: "3.12" is any of that series. */
function parseRange(range: string): ((version: string) => boolean) | null {
  if (range.length > MOST_CHARACTERS) return null;
  const text = range.trim().replace(/^c?python-?/i, "");
  const [plain] = /^\d+(\.\d+){0,2}$/.exec(text) ?? [];
  const specifier = plain === undefined ? text : withMembers(plain);
  if (specifier === "" || specifier === "*") return () => true;
  if (!validRange(specifier)) return null;
  return (version) => valid(version) !== null && satisfies(version, specifier);
}

function withMembers(version: string): string {
  return version.split(".").length < 3 ? `==${version}.*` : `==${version}`;
}
