/** Pure: versions of Elixir: what Linux bases have, with the Erlang/OTP that belongs to each. */
import { semver } from "../../lib/semver.ts";
import type { VersionRules } from "../runtime.ts";
import { semverRange } from "./requirement.ts";

/** Source: packages.debian.org, packages.ubuntu.com. */
export const DISTRIBUTION_ELIXIR: Readonly<Record<string, readonly string[]>> = {
  "ubuntu:22.04": ["1.12.2"],
  "ubuntu:24.04": ["1.14.0"],
  "debian:12": ["1.14.0"],
  "debian:13": ["1.18.3"],
};

/** The series of Erlang/OTP that the same Linux bases have. Source: as above. */
const OTP: Readonly<Record<string, number>> = { "1.12": 24, "1.14": 25, "1.18": 27 };

/** What current versions of Phoenix and of most packages want. */
export const USUAL = ">=1.14.0";

/** The first whose `mix deps.get` refuses to change the lock. Source: its own documentation. */
export const FIRST_WITH_CHECK = "1.18.0";

export const elixirVersions: VersionRules = {
  prefixes: ["elixir", "nua-builder-elixir"],
  usual: USUAL,
  prefersDistribution: true,
  series: [2],
  oldest: "1.12.0",
  // For a Linux base that nobody knows: the most usual first.
  known: ["1.18", "1.14", "1.12"],
  parse: parseRange,
  compare: (a, b) => semver.compare(a, b),
};

/** Of a version of Elixir's, the series of Erlang/OTP; null where nobody knows. */
export function otpOf(version: string): number | null {
  return OTP[version.split(".").slice(0, 2).join(".")] ?? null;
}

/** `1.18.3-otp-27` is how version managers name a build for one Erlang/OTP. */
export function withoutOtp(version: string): string {
  return version.replace(/-otp-\d{1,3}$/, "");
}

// --- internal ---

const MOST_CHARACTERS = 256;

/** What Elixir itself and version managers write; `otp-26` is any that runs upon that or a newer one. */
function parseRange(range: string): ((version: string) => boolean) | null {
  if (range.length > MOST_CHARACTERS) return null;
  const text = range.trim().replace(/^(?:latest|stable)$/, USUAL);
  const [, least] = /^otp-(\d{1,3})$/.exec(text) ?? [];
  if (least !== undefined) return (version) => (otpOf(version) ?? 0) >= Number(least);
  const wanted = semverRange(withoutOtp(text).replace(/^v(?=\d)/, ""));
  return wanted === null ? null : (version) => semver.satisfies(version, wanted);
}
