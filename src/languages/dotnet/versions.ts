/** Pure: versions of .NET: what Linux bases have, and what files call one. */
import { semver } from "../../lib/semver.ts";
import { DOTNET_DIST } from "../../registries/nuget.ts";
import type { VersionRules } from "../runtime.ts";
import { channelsOf, INDEX, type Product, versionsOf } from "./agent/releases.ts";

/** Debian has none. Source: packages.ubuntu.com. */
const SERIES: Readonly<Record<string, readonly string[]>> = {
  "ubuntu:22.04": ["8.0", "7.0", "6.0"],
  "ubuntu:24.04": ["10.0", "8.0"],
};

/** The first version of each series, which stands for all of it: the archive has its newest patch. */
export function distributionOf(product: Product): Readonly<Record<string, readonly string[]>> {
  const first = product === "Sdk" ? "100" : "0";
  return Object.fromEntries(
    Object.entries(SERIES).map(([linux, series]) => [
      linux,
      series.map((one) => `${one}.${first}`),
    ]),
  );
}

/** Where nothing says more: the newest that is maintained for years. Source: .NET support policy. */
const USUAL = "10.0.x";

/** Those before are built with something else. */
const OLDEST = "3.1.0";

export function rulesOf(product: Product): VersionRules {
  return {
    prefixes: product === "Sdk" ? ["dotnet-sdk", "dotnet", "nua-builder-dotnet"] : [],
    usual: USUAL,
    prefersDistribution: true,
    series: [2],
    oldest: OLDEST,
    known: ["10.0", "9.0", "8.0", "7.0", "6.0", "5.0", "3.1"],
    parse: parseRange,
    compare: (a, b) => semver.compare(a, b),
    list: {
      ...{ setting: "dotnetDist", address: DOTNET_DIST, path: INDEX },
      further: (text) => channelsOf(text, OLDEST),
      parse: (text, further) => versionsOf(text, further, product),
    },
  };
}

// --- internal ---

const MOST_CHARACTERS = 256;

function parseRange(range: string): ((version: string) => boolean) | null {
  if (range.length > MOST_CHARACTERS) return null;
  const text = range.trim().replace(/^(?:latest|lts)$/, USUAL);
  return semver.validRange(text) === null ? null : (version) => semver.satisfies(version, text);
}
