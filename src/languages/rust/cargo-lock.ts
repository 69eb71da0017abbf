/** Pure: Cargo.lock: which versions it has, and whether it fits the manifests. */

import type { Range } from "semver";
import * as v from "valibot";
import { semver } from "../../lib/semver.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { type Manifest, readCargoFile } from "./cargo-toml.ts";
import { type Crate, membersOf, type Needed, neededBy } from "./workspace.ts";

export const CARGO_LOCK = "Cargo.lock";

export interface Lock {
  /** Of its format; 4 came with Rust 1.78. */
  format: number;
  packages: { name: string; version: string; source?: string | undefined }[];
}

const schema = v.object({
  version: v.optional(v.number(), 1),
  package: v.optional(
    v.array(v.object({ name: v.string(), version: v.string(), source: v.optional(v.string()) })),
    [],
  ),
});

/** @throws NuaError (input) for one that is none, or with a conflict of git's in it */
export function readLock(tree: SourceTree): Lock | undefined {
  const hint = "resolve the conflict, or run cargo generate-lockfile";
  const found = readCargoFile(tree, CARGO_LOCK, schema, hint);
  return found && { format: found.version, packages: found.package };
}

/** What manifests want and a lock has not; null where it has all. */
export function lackingIn(lock: Lock, crates: readonly Crate[], top: Manifest): string | null {
  const versions = new Map<string, string[]>();
  for (const { name, version } of lock.packages) {
    const known = versions.get(name);
    if (known === undefined) versions.set(name, [version]);
    else if (known.length < MOST_VERSIONS) known.push(version);
  }
  // What is patched may have any version.
  const isPatched = Object.keys(top.patch).length > 0;
  const isMember = membersOf(top);
  for (const crate of crates) {
    const name = crate.manifest.package?.name;
    const own = versionOf(crate, top);
    if (name !== undefined && !isLocked(versions.get(name), own)) return `${name} ${own}`;
    // What tests of packages need that are no members is in no lock.
    const needed = neededBy(crate, top).filter(
      ({ isForTests }) => !isForTests || isMember(crate.folder),
    );
    const lacking = needed.find((one) => !has(versions, one, isPatched));
    if (lacking !== undefined) return `${lacking.name} ${lacking.wanted.version ?? ""}`.trim();
  }
  return null;
}

/** As Cargo has it: a version alone is `^`, and a comma is "and". */
export function parseRequirement(text: string): Range | null {
  if (text.length > MOST_CHARACTERS) return null;
  const parts = text.split(",").map((one) => one.trim());
  const range = parts.map((one) => (/^\d/.test(one) && !/\*/.test(one) ? `^${one}` : one));
  try {
    return new semver.Range(range.join(" "), { includePrerelease: true });
  } catch {
    return null;
  }
}

// --- internal ---

const MOST_CHARACTERS = 256;

/** Of one package; a lock with more is compared by Cargo itself. */
const MOST_VERSIONS = 100;

function versionOf({ manifest }: Crate, top: Manifest): string {
  const own = manifest.package?.version;
  const shared = typeof own === "object" ? top.workspace?.package.version : own;
  return typeof shared === "string" ? shared : "0.0.0";
}

function isLocked(locked: readonly string[] | undefined, version: string): boolean {
  return locked?.includes(version) === true || locked?.length === MOST_VERSIONS;
}

function has(
  versions: ReadonlyMap<string, readonly string[]>,
  { name, wanted }: Needed,
  isPatched: boolean,
): boolean {
  const locked = versions.get(name);
  if (locked === undefined) return false;
  const range = wanted.version === undefined || isPatched ? null : parseRequirement(wanted.version);
  if (range === null || locked.length === MOST_VERSIONS) return true;
  return locked.some((one) => range.test(one));
}
