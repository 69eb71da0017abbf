/** Pure: an app of Rust's as a whole: its package, or its workspace with the members. */
import * as v from "valibot";
import { oncePer } from "../../lib/once-per.ts";
import { goesAbove, type SourceTree, treePath } from "../../source/source-tree.ts";
import { CARGO_LOCK, type Lock, lackingIn, readLock } from "./cargo-lock.ts";
import {
  CARGO_TOML,
  fileError,
  lineQuoting,
  lineWith,
  type Manifest,
  readCargoFile,
  readManifest,
} from "./cargo-toml.ts";
import { type Crate, join, neededBy, readCrates } from "./workspace.ts";

export interface CargoProject {
  /** The Cargo.toml at the top. */
  top: Manifest;
  crates: Crate[];
  /** Undefined where there is none. */
  lock: Lock | undefined;
  /** What the lock has not, or that there is none; null where it fits. */
  mismatch: string | null;
  config: CargoConfig;
}

export interface CargoConfig {
  /** Whether it names systems to build for, which may be others than the one that it runs on. */
  hasTarget: boolean;
}

/**
 * Null where there is none.
 * @throws NuaError (input) for a file that Cargo could not read, or a member that is not there
 */
export const readProject = oncePer((tree: SourceTree): CargoProject | null => {
  const top = readManifest(tree, CARGO_TOML);
  if (top === undefined) return null;
  if (top.package === undefined && top.workspace === undefined) {
    throw fileError(CARGO_TOML, "it has neither [package] nor [workspace]", { line: 1 });
  }
  const crates = readCrates(tree, top);
  const lock = readLock(tree);
  const config = readConfig(tree);
  return { top, crates, lock, mismatch: mismatchOf(lock, crates, top), config };
});

/** Names of packages that it is made from, and of which its lock has a version. */
export function lockedNames({ lock, crates, top }: CargoProject): Map<string, string> {
  const wanted = crates.flatMap((crate) => neededBy(crate, top).map(({ name }) => name));
  const all = lock?.packages.map(({ name, version }) => [name, version] as const) ?? [];
  return new Map([...wanted.map((name) => [name, ""] as const), ...all]);
}

/** Whether any of them is above the folder that the app is built in. */
export function hasFolderAbove({ crates, top }: CargoProject): boolean {
  return crates.some((crate) =>
    neededBy(crate, top).some(({ wanted }) => {
      if (wanted.path === undefined) return false;
      return (
        treePath(join(wanted.workspace === true ? "" : crate.folder, wanted.path)) === undefined
      );
    }),
  );
}

/**
 * @param source folder of the app's source in the image; `top` the one that all of the app is below
 * @throws NuaError (input) for a dependency in a folder that is none of the app's, or not there
 */
export function rejectOutside(
  tree: SourceTree,
  { crates, top }: CargoProject,
  { source, top: above }: { source: string; top: string },
): void {
  const depth = source.slice(above.length).split("/").filter(Boolean).length;
  for (const crate of crates) {
    for (const { name, wanted } of neededBy(crate, top)) {
      if (wanted.path === undefined) continue;
      const isShared = wanted.workspace === true;
      const file = isShared ? CARGO_TOML : crate.file;
      const path = join(isShared ? "" : crate.folder, wanted.path);
      const folder = wanted.path.startsWith("/") ? undefined : treePath(path);
      const line = () => lineQuoting(tree.text(file) ?? "", wanted.path!);
      const said = `${name} is in the folder "${wanted.path}"`;
      if (folder === undefined) {
        if (!goesAbove(wanted.path.startsWith("/") ? wanted.path : path, depth)) continue;
        const hint = "name a version of it, or build the folder that both are in";
        throw fileError(file, `${said}, which is outside of the app's`, { line: line(), hint });
      }
      if (tree.has(join(folder, CARGO_TOML))) continue;
      const hint = "correct the path, or add the folder";
      throw fileError(file, `${said}, which has no Cargo.toml`, { line: line(), hint });
    }
  }
}

/** What a key of a package says, be it its workspace's. */
export function inherited(
  { manifest }: Crate,
  top: Manifest,
  key:
    | "version"
    | "edition"
    | "rust-version"
    | "description"
    | "license"
    | "homepage"
    | "repository",
): { value: string; isShared: boolean } | null {
  const own = manifest.package?.[key];
  if (typeof own === "string") return { value: own, isShared: false };
  const shared = own === undefined ? undefined : top.workspace?.package[key];
  return typeof shared === "string" ? { value: shared, isShared: true } : null;
}

/** Where a key is, for messages. */
export function placeOfKey(tree: SourceTree, file: string, key: string) {
  const line = lineWith(tree.text(file) ?? "", new RegExp(`^\\s*(?:package\\.)?${key}\\s*[.=]`));
  return line === undefined ? { what: file } : { what: file, line };
}

// --- internal ---

function mismatchOf(lock: Lock | undefined, crates: readonly Crate[], top: Manifest) {
  if (lock === undefined) return `there is no ${CARGO_LOCK}`;
  const lacking = lackingIn(lock, crates, top);
  return lacking === null ? null : `${CARGO_LOCK} does not have ${lacking}`;
}

const configSchema = v.object({
  build: v.optional(v.object({ target: v.optional(v.unknown()) }), {}),
});

/** Of its two names Cargo reads the older one first. */
function readConfig(tree: SourceTree): CargoConfig {
  const file = [".cargo/config", ".cargo/config.toml"].find((one) => tree.has(one));
  const found = file === undefined ? undefined : readCargoFile(tree, file, configSchema);
  const targets = [found?.build.target ?? []].flat();
  return { hasTarget: targets.some((one) => typeof one === "string") };
}
