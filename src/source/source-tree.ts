/** The interface of a source tree: an app's files, from a folder, an archive or a git revision. */
import type { MachineCode } from "../lib/machine-code.ts";
import { oncePer } from "../lib/once-per.ts";

/**
 * Paths are relative to the tree's top, with "/" between names; "" and "." are the top itself.
 * A path that leads out of the tree, by its names or through links, leads to nothing.
 */
export interface SourceTree {
  /** What is taken of a folder, in the order of names; nothing where there is no such folder. */
  list(folder: string): readonly Entry[];
  /**
   * The text of a file, without a byte order mark; undefined where there is none, where it is a
   * folder, or where it is larger than what people and package managers write: {@link TREE_LIMITS}.
   * Files that `.dockerignore` leaves out are found by their names all the same, since whatever a
   * plan names is taken; {@link list} does not show them. So is the app's own Dockerfile, which no
   * build takes.
   */
  text(path: string): string | undefined;
  /** Whether there is a file, a folder or a link of that name: see {@link text}. */
  has(path: string): boolean;
  /** What a program or a library of machine code is; undefined for every other file. */
  code(path: string): MachineCode | undefined;
}

export interface Entry {
  name: string;
  kind: "file" | "folder" | "link";
  /** Of a file: whether it is a program. */
  executable?: true;
}

/** An app is not trusted: no tree takes more memory than this, or goes deeper. */
export const TREE_LIMITS = {
  /** Bytes of one text. */
  text: 16 * 1024 * 1024,
  /** Bytes of all texts together; what is beyond has no text. */
  texts: 64 * 1024 * 1024,
  /** Entries of one folder that are listed. */
  entries: 100_000,
  /** Names of a path. */
  depth: 128,
} as const;

/** A folder of a tree, as a tree of its own. */
export function subtree(tree: SourceTree, folder: string): SourceTree {
  const base = treePath(folder);
  return base === "" ? tree : treeAt(tree, base ?? null);
}

/** A path of a tree in one form, "" being the top; undefined where it is none. */
export function treePath(path: string): string | undefined {
  if (path.startsWith("/") || path.includes("\0")) return undefined;
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.length > TREE_LIMITS.depth ? undefined : names.join("/");
}

/** Whether a path goes up further than that many folders. */
export function goesAbove(path: string, depth: number): boolean {
  if (path.startsWith("/")) return true;
  const names: string[] = [];
  let up = 0;
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) up += 1;
  }
  return up > depth;
}

/** In the order in which every tree lists its entries. */
export function compareNames(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Of UTF-8, and of UTF-16 that says so: some editors of Windows write it. */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = buffer.length < 2 ? 0 : buffer.readUInt16BE(0);
  if (mark === 0xfffe) return buffer.toString("utf16le", 2, buffer.length & ~1);
  if (mark === 0xfeff)
    return Buffer.from(buffer.subarray(2, buffer.length & ~1))
      .swap16()
      .toString("utf16le");
  return buffer.toString("utf8").replace(/^\uFEFF/, "");
}

// --- internal ---

/** @param base null for a path that leads nowhere */
const treeAt = oncePer((tree: SourceTree, base: string | null): SourceTree => {
  const at = (path: string) => {
    const below = treePath(path);
    return base === null || below === undefined ? ".." : joinNames(base, below);
  };
  return {
    list: (path) => tree.list(at(path)),
    text: (path) => tree.text(at(path)),
    has: (path) => tree.has(at(path)),
    code: (path) => tree.code(at(path)),
  };
});

function joinNames(folder: string, path: string): string {
  return path === "" ? folder : `${folder}/${path}`;
}
