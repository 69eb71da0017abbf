/** URLs and checksums of Ruby's sources. Pure. */

import { compareVersions, matchingVersions } from "../../../lib/version-order.ts";
import { OLD_OPENSSL } from "../../../registries/rubygems.ts";

export interface Source {
  version: string;
  /** Below the address of a mirror. */
  path: string;
  /** SHA-256 of the archive, in hexadecimal. */
  sha256: string;
}

/** The list of all versions, below the address of a mirror. */
export const INDEX = "index.txt";

/** Those of the base images: no list is needed to find them. Source: the release notes of Ruby. */
const KNOWN: readonly Source[] = [
  known("2.7.8", "c2dab63cbc8f2a05526108ad419efa63a67ed4074dbbcf9fc2b1ca664cb45ba0"),
  known("3.1.4", "a3d55879a0dfab1d7141fdf10d22a07dbf8e5cdc4415da1bde06127d5cc3c7b6"),
  known("3.2.2", "96c57558871a6748de5bc9f274e93f4b5aad06cd8f37befa0e8d94e7b8a423bc"),
];

/** The OpenSSL that Ruby before 3.1 is built with. */
export const OLD_OPENSSL_SOURCE: Source = {
  ...{ version: "1.1.1w", path: OLD_OPENSSL.path },
  sha256: "cf3098950cb4d853ad95c0841f1f9c6d3dc102dccfcacd521d93925208b76ac8",
};

/** @param wanted "3.2" or "3.2.2" */
export function knownSource(wanted: string): Source | undefined {
  return findSource(wanted, KNOWN);
}

/**
 * The sources of an index: lines of name, address, SHA-1, SHA-256 and SHA-512, tabs between.
 * Source: index.txt of Ruby's own site.
 */
export function parseIndex(text: string): Source[] {
  return text.split("\n").flatMap((line) => {
    const [, url = "", , sha256 = ""] = line.split("\t");
    const match = /(?:^|\/)(\d+\.\d+\/ruby-(\d+\.\d+\.\d+)\.tar\.gz)$/.exec(url);
    if (!match || !/^[0-9a-f]{64}$/.test(sha256)) return [];
    return [{ path: match[1]!, version: match[2]!, sha256 }];
  });
}

/** The newest source that a wish allows. */
export function findSource(wanted: string, sources: readonly Source[]): Source | undefined {
  const versions = sources.map(({ version }) => version);
  const [newest] = matchingVersions(wanted, versions);
  return sources.find(({ version }) => version === newest);
}

/** "3.2" of "3.2.2": what programs and gems depend on. */
export function seriesOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** The series of the distribution's Ruby, from what `apt-cache policy ruby` prints. */
export function packagedSeries(policy: string): string | null {
  return /^\s*Candidate: (?:\d+:)?(\d+\.\d+)/m.exec(policy)?.[1] ?? null;
}

/**
 * Its very version, from what `apt-cache policy rubyX.Y` prints: "3.1.2-7+deb12u1", or
 * "3.1.7+really3.1.2-0+deb12u1", as Debian writes a step back.
 */
export function packagedVersion(policy: string): string | null {
  const candidate = /^\s*Candidate: (?:\d+:)?(?:\S*\+really)?(\d+\.\d+\.\d+)/m;
  return candidate.exec(policy)?.[1] ?? null;
}

/** Whether a Ruby will do where another is wanted: the same, or a series that it is of. */
export function isWanted(version: string, wanted: string): boolean {
  return version === wanted || version.startsWith(`${wanted}.`);
}

export function needsOldOpenssl(version: string): boolean {
  return compareVersions(version, "3.1") < 0;
}

// --- internal ---

function known(version: string, sha256: string): Source {
  return { version, path: `${seriesOf(version)}/ruby-${version}.tar.gz`, sha256 };
}
