/** Pure: the gems of an app: those of its lock file, else those that its Gemfile names. */
import type { SourceTree } from "../../source/source-tree.ts";
import { rejectConflict } from "../merge-conflict.ts";
import { type Gemfile, gemsOfApp, readGemfile } from "./gemfile.ts";
import { type Lockfile, readLockfile } from "./lockfile.ts";
import { type ManifestNames, manifestOf, USUAL } from "./manifest.ts";

export interface Gems {
  files: ManifestNames;
  /** Whether the app has a manifest at all. */
  hasManifest: boolean;
  gemfile: Gemfile;
  lock: Lockfile | null;
  /** Names: all that are installed, as far as it is known. */
  all: ReadonlySet<string>;
  /** Names of those that the app itself asks for. */
  direct: ReadonlySet<string>;
}

/** @throws NuaError (input) for a manifest or a lock file with a conflict in it */
export function gemsOf(tree: SourceTree): Gems {
  const names = manifestOf(tree);
  const files = names ?? USUAL;
  const text = names === null ? "" : (tree.text(files.manifest) ?? "");
  rejectConflict(files.manifest, text);
  const gemfile = readGemfile(text, files.manifest);
  const lock = names === null ? null : readLockfile(tree, files);
  const declared = gemsOfApp(gemfile).map(({ name }) => name);
  const isRead = gemfile.more === null;
  return {
    ...{ files, gemfile, lock, hasManifest: names !== null },
    all: new Set([...(lock?.gems.keys() ?? []), ...(isRead || lock === null ? declared : [])]),
    direct: new Set(isRead || lock === null ? declared : lock.dependencies.keys()),
  };
}

/** What of a Gemfile its lock file does not have, or has otherwise; null where it fits. */
export function mismatchOf({ gemfile, lock, files }: Gems): string | null {
  // Bundler itself says it of one that only it can read.
  if (lock === null || gemfile.more !== null) return null;
  const gone = gemfile.gems.find((one) => !one.isConditional && !lock.dependencies.has(one.name));
  if (gone) return `${files.lock} does not have the gem "${gone.name}" of ${files.manifest}`;
  const named = new Set(gemfile.gems.map(({ name }) => name));
  const left = [...lock.dependencies.keys()].find((name) => !named.has(name));
  if (left) return `${files.lock} has the gem "${left}", which ${files.manifest} does not name`;
  const other = gemfile.gems.find(({ name, requirements }) => {
    const many = gemfile.gems.filter((one) => one.name === name).length > 1;
    return !many && normalized(requirements) !== normalized([lock.dependencies.get(name) ?? ""]);
  });
  if (other === undefined) return null;
  return `${files.lock} has the gem "${other.name}" for another version than ${files.manifest} asks for`;
}

/** Whether the lock file was written for machines of other kinds alone. */
export function lacksPlatform({ lock }: Gems): boolean {
  if (lock === null || lock.platforms.length === 0) return false;
  return !lock.platforms.some((platform) => platform === "ruby" || platform.includes("linux"));
}

// --- internal ---

/** "1.0" is "= 1.0"; the order of clauses does not count, and ">= 0" is no wish. */
function normalized(requirements: readonly string[]): string {
  return requirements
    .flatMap((one) => one.split(","))
    .map((one) => one.trim())
    .filter((one) => one !== "" && one !== ">= 0")
    .map((one) => (/^\d/.test(one) ? `= ${one}` : one.replace(/^([^\w\s]+)\s*/, "$1 ")))
    .sort()
    .join(", ");
}
