/** Pure: versions of Ruby: what Linux bases have, and what requirements of gems allow. */
import { compareVersions } from "../../lib/version-order.ts";
import { RUBY_SOURCES } from "../../registries/rubygems.ts";
import type { VersionRules } from "../runtime.ts";
import { INDEX, parseIndex } from "./agent/sources.ts";

/** Source: packages.debian.org, packages.ubuntu.com. */
export const DISTRIBUTION_RUBY: Readonly<Record<string, string>> = {
  "ubuntu:22.04": "3.0.2",
  "ubuntu:24.04": "3.2.3",
  "debian:12": "3.1.2",
  "debian:13": "3.3.8",
};

export const rubyVersions: VersionRules = {
  prefixes: ["ruby", "nua-builder-ruby"],
  usual: ">=2.7",
  prefersDistribution: true,
  series: [2],
  oldest: "2.7.0",
  known: ["3.4", "3.3", "3.2", "3.1", "3.0", "2.7"],
  parse: parseRequirement,
  compare: compareVersions,
  list: {
    setting: "rubyMirror",
    address: RUBY_SOURCES,
    path: INDEX,
    parse: (text) => {
      const versions = parseIndex(text).map(({ version }) => version);
      return versions.length === 0 ? undefined : versions;
    },
  },
};

// --- internal ---

const MOST_CHARACTERS = 256;

/** Requirements as Gem::Requirement has them, with commas between; plain: that version or series. */
function parseRequirement(range: string): ((version: string) => boolean) | null {
  if (range.length > MOST_CHARACTERS) return null;
  const parts = range.split(",").map((part) => part.trim().replace(/^ruby-/, ""));
  const tests = parts.map(parseOne);
  if (tests.includes(null)) return null;
  return (version) => tests.every((test) => test!(version));
}

function parseOne(text: string): ((version: string) => boolean) | null {
  const [, operator = "", wanted = ""] =
    /^(=|!=|>|<|>=|<=|~>)?\s*(\d{1,4}(?:\.\d{1,4}){0,2})(?:-?p\d+)?$/.exec(text) ?? [];
  if (wanted === "") return null;
  const isWithin = (version: string, series: string) =>
    version === series || version.startsWith(`${series}.`);
  const compare = (version: string) => compareVersions(version, wanted);
  switch (operator) {
    case "":
    case "=":
      return (version) => isWithin(version, wanted);
    case "!=":
      return (version) => !isWithin(version, wanted);
    case ">":
      return (version) => compare(version) > 0;
    case "<":
      return (version) => compare(version) < 0;
    case ">=":
      return (version) => compare(version) >= 0;
    case "<=":
      return (version) => compare(version) <= 0;
    default: {
      const series = wanted.split(".").slice(0, -1).join(".");
      return (version) => compare(version) >= 0 && (series === "" || isWithin(version, series));
    }
  }
}
