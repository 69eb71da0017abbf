/** A source tree over a list of entries, such as the members of an archive. */
import type { MachineCode } from "../lib/machine-code.ts";
import { compareNames, type Entry, type SourceTree, TREE_LIMITS, treePath } from "./source-tree.ts";

/** What a tree has at a path. */
export type Node =
  | {
      kind: "file" /** Undefined where it was too large to be kept. */;
      text?: string | undefined;
      executable?: boolean;
      /** Where it is a program, or a library. */
      code?: MachineCode | undefined;
    }
  | { kind: "folder" }
  /** Of the way that it leads. */
  | { kind: "link"; target: string };

export interface IndexTree extends SourceTree {
  /** Where a path leads, links resolved; undefined where that is nothing. */
  resolve(path: string): string | undefined;
}

/** @param nodes by normal paths; folders need not be among them */
export function indexTree(nodes: ReadonlyMap<string, Node>): IndexTree {
  const folders = new Map<string, Map<string, Node>>([["", new Map()]]);
  for (const [path, node] of nodes) place(folders, path, node);
  const find = (path: string) => follow(folders, path);
  return {
    list(path) {
      const found = find(path);
      const names = found?.node.kind === "folder" ? folders.get(found.path) : undefined;
      const entries = [...(names ?? [])].map(([name, node]) => toEntry(name, node));
      return entries.sort(compareNames).slice(0, TREE_LIMITS.entries);
    },
    text(path) {
      const node = find(path)?.node;
      return node?.kind === "file" ? node.text : undefined;
    },
    has: (path) => find(path) !== undefined,
    code(path) {
      const node = find(path)?.node;
      return node?.kind === "file" ? node.code : undefined;
    },
    resolve: (path) => find(path)?.path,
  };
}

// --- internal ---

const FOLDER: Node = { kind: "folder" };

/** Where links lead over more links than that, nothing follows them (Linux, path_resolution(7)). */
const LINKS = 40;

function place(folders: Map<string, Map<string, Node>>, path: string, node: Node): void {
  if (path === "") return;
  const cut = path.lastIndexOf("/");
  const parent = path.slice(0, Math.max(0, cut));
  if (!folders.has(parent)) place(folders, parent, FOLDER);
  folders.get(parent)?.set(path.slice(cut + 1), node);
  if (node.kind === "folder" && !folders.has(path)) folders.set(path, new Map());
}

function toEntry(name: string, node: Node): Entry {
  const isProgram = node.kind === "file" && node.executable === true;
  return { name, kind: node.kind, ...(isProgram ? { executable: true } : {}) };
}

/** Step by step, since links may lead over links; none leads out of the tree. */
function follow(
  folders: ReadonlyMap<string, ReadonlyMap<string, Node>>,
  path: string,
): { path: string; node: Node } | undefined {
  if (treePath(path) === undefined) return undefined;
  const ahead = path.split("/").reverse();
  const at: string[] = [];
  let node: Node = FOLDER;
  for (let followed = 0; ahead.length > 0; ) {
    const name = ahead.pop()!;
    if (name === "" || name === ".") continue;
    if (node.kind !== "folder") return undefined;
    if (name === "..") {
      if (at.pop() === undefined) return undefined;
      continue;
    }
    const next: Node | undefined = folders.get(at.join("/"))?.get(name);
    if (next === undefined) return undefined;
    if (next.kind === "link") {
      followed += 1;
      if (followed > LINKS || next.target.startsWith("/")) return undefined;
      ahead.push(...next.target.split("/").reverse());
      continue;
    }
    at.push(name);
    node = next;
  }
  return { path: at.join("/"), node };
}
