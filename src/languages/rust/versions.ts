/** Pure: versions of Rust: what Linux bases have, and what files call one. */
import { semver } from "../../lib/semver.ts";
import { RUST_DIST } from "../../registries/crates.ts";
import type { VersionRules } from "../runtime.ts";
import { parseStable, STABLE_MANIFEST } from "./agent/channel.ts";

/**
 * `rustc-web`, which is kept new, before `rustc`. Ubuntu's 1.75 is older than most of what people
 * depend on wants: it is taken where that very version is asked for. Source: packages.debian.org.
 */
export const DISTRIBUTION_RUST: Readonly<Record<string, readonly string[]>> = {
  "debian:12": ["1.96.0", "1.63.0"],
  "debian:13": ["1.96.0", "1.85.1"],
};

/** Where nothing says more: edition 2024, and as new as its current dependencies want. */
export const USUAL = ">=1.85.0";

const NEWEST = 99;
const OLDEST = 56;

export const rustVersions: VersionRules = {
  prefixes: ["rust", "nua-builder-rust"],
  usual: USUAL,
  prefersDistribution: true,
  series: [2],
  // Edition 2021.
  oldest: `1.${OLDEST}.0`,
  known: Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => `1.${NEWEST - index}`),
  parse: parseRange,
  // Rust builds what was written for an older one. Source: RFC 1105; the release notes.
  instead(range) {
    const least = plainRange(range);
    const lowest = least === null ? null : semver.minVersion(least);
    return lowest === null ? null : (version) => semver.gte(version, lowest);
  },
  compare: (a, b) => semver.compare(a, b),
  list: {
    setting: "rustDist",
    address: RUST_DIST,
    path: STABLE_MANIFEST,
    parse: parseStable,
  },
};

// --- internal ---

const MOST_CHARACTERS = 256;

/** Those that change from day to day have no number, and are in no base image. */
const UNSTABLE = /^(?:nightly|beta|dev)(?:-|$)/;

function parseRange(range: string): ((version: string) => boolean) | null {
  if (range.length <= MOST_CHARACTERS && UNSTABLE.test(range.trim())) return () => false;
  const text = plainRange(range);
  return text === null ? null : (version) => semver.satisfies(version, text);
}

/** Ranges of semver, channels with a host's name, and what rustup and others call the newest. */
function plainRange(range: string): string | null {
  if (range.length > MOST_CHARACTERS) return null;
  const text = range
    .trim()
    .replace(/^(stable|latest)(?=-|$)/, USUAL)
    .replace(/-(?:x86_64|aarch64)-unknown-linux-(?:gnu|musl)$/, "");
  return semver.validRange(text) === null ? null : text;
}
