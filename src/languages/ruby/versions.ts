/** Pure: versions of Ruby: what Linux bases have, and what requirements of gems allow. */
import { RUBY_SOURCES } from "../../registries/rubygems.ts";
import type { VersionRules } from "../runtime.ts";
import { INDEX, parseIndex } from "./agent/sources.ts";
import { compareGemVersions, parseRequirement } from "./requirement.ts";

/** Source: packages.debian.org, packages.ubuntu.com. */
export const DISTRIBUTION_RUBY: Readonly<Record<string, string>> = {
  "ubuntu:22.04": "3.0.2",
  "ubuntu:24.04": "3.2.3",
  "debian:12": "3.1.2",
  "debian:13": "3.3.8",
};

export const rubyVersions: VersionRules = {
  prefixes: ["ruby", "nua-builder-ruby"],
  usual: ">= 2.7",
  prefersDistribution: true,
  series: [2],
  oldest: "2.7.0",
  known: ["3.4", "3.3", "3.2", "3.1", "3.0", "2.7"],
  parse: parseRequirement,
  compare: compareGemVersions,
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
