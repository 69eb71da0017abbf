/** Pure: builds of CPython that run anywhere (python-build-standalone): which there are, and their files. */
import { matchingVersions } from "../../../lib/version-order.ts";

export interface StandaloneBuild {
  version: string;
  /** Below the address of a mirror, as servers are asked for it. */
  path: string;
  /** SHA-256 of the archive, in hexadecimal. */
  sha256: string;
}

/** The file with the digests of a release; at the top of a mirror, those of all that it has. */
export const SUMS = "SHA256SUMS";

/**
 * Series -> number of the patch -> the day of the last release that has it. Source: the releases of
 * python-build-standalone, up to 20260814.
 */
const RELEASES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  "3.8": {
    12: "20220227",
    13: "20220802",
    14: "20221002",
    15: "20221106",
    16: "20230726",
    17: "20230826",
    18: "20240224",
    19: "20240814",
    20: "20241002",
  },
  "3.9": {
    10: "20220227",
    11: "20220318",
    12: "20220502",
    13: "20220802",
    14: "20221002",
    15: "20221106",
    16: "20230507",
    17: "20230726",
    18: "20240224",
    19: "20240814",
    20: "20241016",
    21: "20250317",
    22: "20250529",
    23: "20251007",
    24: "20251028",
    25: "20251031",
  },
  "3.10": {
    2: "20220227",
    3: "20220318",
    4: "20220528",
    5: "20220630",
    6: "20220802",
    7: "20221002",
    8: "20221106",
    9: "20230116",
    11: "20230507",
    12: "20230726",
    13: "20240224",
    14: "20240814",
    15: "20241016",
    16: "20250317",
    17: "20250529",
    18: "20251007",
    19: "20260211",
    20: "20260807",
    21: "20260814",
  },
  "3.11": {
    1: "20230116",
    3: "20230507",
    4: "20230726",
    5: "20230826",
    6: "20231002",
    7: "20240107",
    8: "20240224",
    9: "20240814",
    10: "20241016",
    11: "20250317",
    12: "20250529",
    13: "20251007",
    14: "20260211",
    15: "20260807",
    16: "20260814",
  },
  "3.12": {
    0: "20231002",
    1: "20240107",
    2: "20240224",
    3: "20240415",
    4: "20240726",
    5: "20240814",
    6: "20240909",
    7: "20241016",
    8: "20250115",
    9: "20250317",
    10: "20250529",
    11: "20251007",
    12: "20260211",
    13: "20260807",
    14: "20260814",
  },
  "3.13": {
    0: "20241016",
    1: "20250115",
    2: "20250317",
    3: "20250529",
    4: "20250610",
    5: "20250723",
    6: "20250814",
    7: "20250918",
    8: "20251010",
    9: "20251120",
    10: "20251202",
    11: "20260127",
    12: "20260325",
    13: "20260602",
    14: "20260805",
    15: "20260814",
  },
  "3.14": {
    0: "20251120",
    1: "20251202",
    2: "20260127",
    3: "20260325",
    4: "20260414",
    5: "20260602",
    6: "20260804",
    7: "20260814",
  },
};

/** Versions whose release is known, the newest first. */
export const KNOWN_BUILDS: readonly string[] = Object.entries(RELEASES)
  .flatMap(([series, patches]) => Object.keys(patches).map((patch) => `${series}.${patch}`))
  .reverse();

/** The releases of the known versions that a wish allows, the newest version first. */
export function findReleases(wanted: string): { version: string; release: string }[] {
  return matchingVersions(wanted, KNOWN_BUILDS).map((version) => {
    const [, series = "", patch = ""] = /^(\d+\.\d+)\.(\d+)$/.exec(version) ?? [];
    return { version, release: RELEASES[series]![Number(patch)]! };
  });
}

/** What runs on a processor; undefined for one that there are no builds for. */
export function machineOf(arch: string): string | undefined {
  return { x64: "x86_64", arm64: "aarch64" }[arch];
}

/**
 * The newest build that a wish allows, among those of a list of digests: without debug symbols where
 * there is one.
 */
export function findBuild(
  sums: string,
  { wanted, machine }: { wanted: string; machine: string },
): StandaloneBuild | undefined {
  const builds = parseSums(sums).filter((one) => one.machine === machine);
  const [version] = matchingVersions(
    wanted,
    builds.map((one) => one.version),
  );
  const fitting = builds
    .filter((one) => one.version === version)
    .sort(
      (a, b) => b.release.localeCompare(a.release) || Number(b.isStripped) - Number(a.isStripped),
    );
  const [found] = fitting;
  if (found === undefined) return undefined;
  // Servers take a plus sign for itself or for a space.
  const path = `${found.release}/${found.file.replace("+", "%2B")}`;
  return { version: found.version, path, sha256: found.sha256 };
}

/** The versions that a list of digests has, for any processor; undefined where it is no such list. */
export function listVersions(sums: string): string[] | undefined {
  const versions = parseSums(sums).map(({ version }) => version);
  return versions.length === 0 ? undefined : [...new Set(versions)];
}

// --- internal ---

interface ListedBuild {
  file: string;
  sha256: string;
  version: string;
  release: string;
  machine: string;
  isStripped: boolean;
}

/** Lines of sha256sum(1). */
const LINE =
  /^([0-9a-f]{64}) [ *](cpython-(\d+\.\d+\.\d+)\+(\d{8})-(x86_64|aarch64)-unknown-linux-gnu-install_only(_stripped)?\.tar\.gz)$/gm;

function parseSums(text: string): ListedBuild[] {
  return [...text.matchAll(LINE)].map(
    ([, sha256 = "", file = "", version = "", release = "", machine = "", stripped]) => ({
      ...{ file, sha256, version, release, machine, isStripped: stripped !== undefined },
    }),
  );
}
