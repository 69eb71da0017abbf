/** The C library that programs are linked with: every image has the one of its Linux base. */
import type { Runtime } from "../runtime.ts";

/** Source: packages.debian.org, packages.ubuntu.com. */
export const DISTRIBUTION_GLIBC: Readonly<Record<string, string>> = {
  "ubuntu:22.04": "2.35",
  "ubuntu:24.04": "2.39",
  "debian:12": "2.36",
  "debian:13": "2.41",
};

export const glibcRuntime: Runtime = {
  language: "glibc",
  versions: [],
  everywhere: true,
  distribution: DISTRIBUTION_GLIBC,
  rules: {
    prefixes: [],
    usual: ">=2.0",
    prefersDistribution: true,
    series: [],
    oldest: "2.0",
    known: [],
    parse: parseMinimum,
    compare: (one, other) => numberOf(one) - numberOf(other),
  },
};

/** Whether some Linux base that is known has an older one. */
export function mayLack(version: string): boolean {
  return Object.values(DISTRIBUTION_GLIBC).some((one) => numberOf(one) < numberOf(version));
}

// --- internal ---

/** A newer one has all that an older one had. */
function parseMinimum(range: string): ((version: string) => boolean) | null {
  const [, least] = /^>=(\d+\.\d+)$/.exec(range) ?? [];
  return least === undefined ? null : (version) => numberOf(version) >= numberOf(least);
}

function numberOf(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}
