/** Pure: the packages of a workspace: its members, and what those have by a path. */

import { type Glob, matchesGlob, PatternLimitError, parseGlob } from "../../lib/glob.ts";
import { type SourceTree, treePath } from "../../source/source-tree.ts";
import {
  CARGO_TOML,
  type Dependency,
  fileError,
  lineQuoting,
  type Manifest,
  readManifest,
} from "./cargo-toml.ts";

export interface Crate {
  /** Relative to the app's source; "" is its top. */
  folder: string;
  /** Its Cargo.toml. */
  file: string;
  manifest: Manifest;
}

/** What a package depends on, whatever for. */
export interface Needed {
  /** As the package itself is called. */
  name: string;
  wanted: Dependency;
  /** Whether only its tests need it. */
  isForTests: boolean;
}

/**
 * In the order in which they are found: the top, the members, what those have by a path.
 * @throws NuaError (input) for one that is not there
 */
export function readCrates(tree: SourceTree, top: Manifest): Crate[] {
  const found = new Map<string, Crate>();
  const add = (folder: string, manifest: Manifest) => {
    const crate = { folder, file: join(folder, CARGO_TOML), manifest };
    found.set(folder, crate);
    return crate;
  };
  const queue = top.package === undefined ? [] : [add("", top)];
  if (top.workspace !== undefined) {
    for (const folder of memberFolders(tree, top.workspace)) {
      if (found.has(folder)) continue;
      queue.push(add(folder, readManifest(tree, join(folder, CARGO_TOML))!));
    }
  }
  for (let crate = queue.shift(); crate !== undefined; crate = queue.shift()) {
    for (const folder of pathFolders(tree, crate, top)) {
      if (found.has(folder) || found.size >= MOST_CRATES) continue;
      const manifest = readManifest(tree, join(folder, CARGO_TOML));
      if (manifest !== undefined) queue.push(add(folder, manifest));
    }
  }
  return [...found.values()];
}

/** All that a package depends on, with what its workspace says of it. */
export function neededBy({ manifest }: Pick<Crate, "manifest">, top: Manifest): Needed[] {
  const tables = [manifest, ...Object.values(manifest.target)];
  const kinds = ["dependencies", "build-dependencies", "dev-dependencies"] as const;
  return tables.flatMap((table) =>
    kinds.flatMap((kind) =>
      Object.entries(table[kind]).map(([key, own]) => {
        const shared = own.workspace === true ? top.workspace?.dependencies[key] : undefined;
        const wanted = { ...own, ...shared };
        return { name: wanted.package ?? key, wanted, isForTests: kind === "dev-dependencies" };
      }),
    ),
  );
}

/**
 * Whether tests of a package are those of the app: what is in a folder of the workspace is a member,
 * unless that excludes it. Source: The Cargo Book, "Workspaces", the `members` and `exclude` fields.
 */
export function membersOf({ workspace }: Manifest): (folder: string) => boolean {
  const isOut = workspace === undefined ? () => true : excludedBy(workspace);
  return (folder) => folder === "" || !isOut(folder);
}

export function join(folder: string, name: string): string {
  return folder === "" ? name : name === "" ? folder : `${folder}/${name}`;
}

/** Folders that patterns of a workspace's mean, relative to its top; a pattern without a star is one. */
export function foldersLike(tree: SourceTree, pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return [treePath(pattern) ?? []].flat();
  let found = [""];
  for (const part of pattern.split("/").slice(0, MOST_PARTS)) {
    if (part === "" || part === ".") continue;
    const glob = parseGlob(part);
    if (glob === undefined) return [];
    found = found.flatMap((folder) => matching(tree, folder, glob)).slice(0, MOST_CRATES);
  }
  return found;
}

// --- internal ---

/** An app is not trusted: what is beyond is not looked at. */
const MOST_CRATES = 2000;
const MOST_PARTS = 12;
const MOST_PATTERNS = 500;
const MOST_COMPARISONS = 100_000;

function matching(tree: SourceTree, folder: string, glob: Glob): string[] {
  const effort = { left: MOST_COMPARISONS };
  try {
    return tree
      .list(folder)
      .filter(({ kind, name }) => kind === "folder" && matchesGlob(glob, name, effort))
      .map(({ name }) => join(folder, name));
  } catch (error) {
    if (error instanceof PatternLimitError) return [];
    throw error;
  }
}

type Workspace = NonNullable<Manifest["workspace"]>;

function excludedBy({ exclude }: Pick<Workspace, "exclude">): (folder: string) => boolean {
  const excluded = new Set(exclude.flatMap((one) => treePath(one) ?? []));
  return (folder) => {
    const names = folder.split("/");
    return names.some((_, at) => excluded.has(names.slice(0, at + 1).join("/")));
  };
}

function memberFolders(tree: SourceTree, workspace: Workspace): string[] {
  const text = tree.text(CARGO_TOML) ?? "";
  const isOut = excludedBy(workspace);
  const all = workspace.members.slice(0, MOST_PATTERNS).flatMap((member) => {
    const folders = foldersLike(tree, member);
    if (/[*?[]/.test(member)) {
      return folders.filter((one) => !isOut(one) && tree.has(join(one, CARGO_TOML)));
    }
    const [folder] = folders;
    const reason = folder === undefined ? "is outside of the app's folder" : "has no Cargo.toml";
    if (folder !== undefined && tree.text(join(folder, CARGO_TOML)) !== undefined) return [folder];
    throw fileError(CARGO_TOML, `the member "${member}" of the workspace ${reason}`, {
      ...{ line: lineQuoting(text, member), hint: "add it, or take it out of workspace.members" },
    });
  });
  return [...new Set(all)];
}

/** What is in a folder of the app's. Tests are not run here, but Cargo reads what they need. */
function pathFolders(tree: SourceTree, crate: Crate, top: Manifest): string[] {
  return neededBy(crate, top).flatMap(({ wanted }) => {
    if (wanted.path === undefined) return [];
    const base = wanted.workspace === true ? "" : crate.folder;
    const folder = treePath(join(base, wanted.path));
    return folder !== undefined && tree.has(join(folder, CARGO_TOML)) ? [folder] : [];
  });
}
