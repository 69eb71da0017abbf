/** Lock files: whose each is, which version of its manager has written it, whether it can be read. Pure. */
import { NuaError } from "../../lib/errors.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { rejectConflict } from "../merge-conflict.ts";
import type { ManagerName } from "./managers/manager.ts";

export interface LockFile {
  file: string;
  manager: ManagerName;
  /** The versions of the manager that read and write it as it is; null: any. */
  versions: string | null;
}

/** Where there are several, the first counts: npm's is the one that is most often left by mistake. */
export const LOCK_FILES: readonly { file: string; manager: ManagerName }[] = [
  { file: "pnpm-lock.yaml", manager: "pnpm" },
  { file: "bun.lock", manager: "bun" },
  { file: "bun.lockb", manager: "bun" },
  { file: "yarn.lock", manager: "yarn" },
  { file: "npm-shrinkwrap.json", manager: "npm" },
  { file: "package-lock.json", manager: "npm" },
];

/**
 * The lock files of an app, in that order.
 * @throws NuaError (input) for one with the marks of a merge, or of a form that is not known
 */
export function findLockFiles(tree: SourceTree): LockFile[] {
  return LOCK_FILES.filter(({ file }) => tree.has(file)).map(({ file, manager }) => {
    const text = tree.text(file) ?? "";
    rejectConflict(file, text, RESOLVE);
    return { file, manager, versions: FORMATS[file]?.(file, text) ?? null };
  });
}

// --- internal ---

const RESOLVE =
  "resolve the conflict in the manifest, and have the package manager write the lock file anew";

const FORMATS: Readonly<Record<string, (file: string, text: string) => string | null>> = {
  "pnpm-lock.yaml": pnpmVersions,
  "yarn.lock": yarnVersions,
  "bun.lock": bunVersions,
  "package-lock.json": npmVersions,
  "npm-shrinkwrap.json": npmVersions,
};

/** Source: pnpm's constant LOCKFILE_VERSION, release by release. */
function pnpmVersions(file: string, text: string): string | null {
  const found = /^lockfileVersion:\s*['"]?(\d+(?:\.\d+)?)/m.exec(text);
  if (found === null) {
    if (text.trim() === "") return null;
    throw unknownFormat(file, text, 0, 'it has no "lockfileVersion"');
  }
  const [major, minor = "0"] = found[1]!.split(".");
  if (major === "5") return Number(minor) >= 4 ? "7" : "6";
  if (major === "6") return "8 || 9";
  if (major === "9") return "9 || 10 || 11 || 12";
  throw unknownFormat(file, text, found.index, `lockfileVersion ${found[1]} is not known`);
}

/** Which releases write each version as it is: found by having them install it. */
const YARN_VERSIONS: Readonly<Record<string, string>> = {
  ...{ 5: ">=3.1.0 <3.2.0", 6: ">=3.2.0 <4.0.0", 7: ">=4.0.0 <4.14.0", 8: ">=4.0.0 <4.14.0" },
  ...{ 9: ">=4.14.0 <4.15.0", 10: ">=4.15.0 <5.0.0" },
};

function yarnVersions(file: string, text: string): string | null {
  const found = /^__metadata:\s*\n(?:[ \t]+.*\n)*?[ \t]+version:\s*["']?(\d+)/m.exec(text);
  if (found === null) return text.trim() === "" ? null : "1";
  const version = found[1]!;
  // yarn 2 and 3.0 write the same, but for the form of their caches.
  if (Number(version) <= 4) return /^[ \t]+cacheKey:\s*["']?8/m.test(text) ? "~3.0.0" : "2";
  const versions = YARN_VERSIONS[version];
  if (versions !== undefined) return versions;
  throw unknownFormat(file, text, found.index, `its version ${version} is not known`);
}

function bunVersions(file: string, text: string): string | null {
  const found = /"lockfileVersion":\s*(\d+)/.exec(text);
  if (found === null) throw unknownFormat(file, text, 0, 'it has no "lockfileVersion"');
  if (Number(found[1]) <= 2) return found[1] === "2" ? ">=1.4.0 <2.0.0" : ">=1.2.0 <2.0.0";
  throw unknownFormat(file, text, found.index, `lockfileVersion ${found[1]} is not known`);
}

function npmVersions(file: string, text: string): string | null {
  const found = /"lockfileVersion":\s*(\d+)/.exec(text);
  if (found === null || Number(found[1]) <= 3) return null;
  throw unknownFormat(file, text, found.index, `lockfileVersion ${found[1]} is not known`);
}

function unknownFormat(file: string, text: string, offset: number, problem: string): NuaError {
  return new NuaError("input", `Read "${file}": ${problem}`, {
    file,
    position: positionOf(text, offset),
    hint: "have a package manager that nua-build knows write it anew, or use a newer nua-build",
  });
}

function positionOf(text: string, offset: number) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
