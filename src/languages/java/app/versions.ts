/** Pure: versions of Java: what Linux bases have, and what files call one. */
import { semver } from "../../../lib/semver.ts";
import type { VersionRules } from "../../runtime.ts";

/**
 * The oldest that will do is taken: what an app is written for, a newer one may refuse. Those that
 * are not mended for years come last. Source: packages.debian.org, packages.ubuntu.com.
 */
export const DISTRIBUTION_JAVA: Readonly<Record<string, readonly string[]>> = {
  "ubuntu:22.04": ["8", "11", "17", "21", "18"],
  "ubuntu:24.04": ["8", "11", "17", "21"],
  "debian:12": ["17"],
  "debian:13": ["21", "25"],
};

export const javaVersions: VersionRules = {
  prefixes: ["java", "jdk", "openjdk", "nua-builder-java"],
  usual: ">=17",
  prefersDistribution: true,
  series: [1],
  oldest: "8",
  // For a Linux base that nobody knows: the most usual first.
  known: ["17", "21", "25", "11", "8"],
  parse: parseJavaRange,
  compare: (one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10),
};

/**
 * The number of "21", "1.8", "21.0.2-tem", "temurin-21.0.2+13.0.LTS", "zulu-jre-javafx-17" and
 * "openjdk64-11.0.1"; null for what is no version of Java.
 */
export function majorOf(text: string): number | null {
  const plain = /^(?:[a-z][a-z0-9_-]*-)?v?(\d{1,3})(?:[.+_-]|$)/i.exec(text.trim());
  if (plain === null) return null;
  const [, minor] = /^(?:[a-z][a-z0-9_-]*-)?1\.(\d{1,2})(?:\D|$)/i.exec(text.trim()) ?? [];
  const major = Number(minor ?? plain[1]);
  return major >= 5 && major < 100 ? major : null;
}

// --- internal ---

const MOST_CHARACTERS = 256;

/** Ranges of semver over whole numbers; a version in full stands for its series. */
function parseJavaRange(range: string): ((version: string) => boolean) | null {
  if (range.length > MOST_CHARACTERS) return null;
  const text = range.trim().replace(/^(latest|lts|\*)$/, ">=17");
  const isPlain = !/^[<>=^~\s]|\|\|| /.test(text);
  const major = isPlain ? majorOf(text) : null;
  const wanted = major === null ? text : String(major);
  if (isPlain && major === null) return null;
  if (semver.validRange(wanted) === null) return null;
  return (version) => {
    const whole = semver.coerce(version);
    return whole !== null && semver.satisfies(`${whole.major}.0.0`, wanted);
  };
}
