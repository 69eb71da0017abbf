/** A source tree in memory, for tests of what is decided from one. */
import { indexTree, type Node } from "../../src/source/index-tree.ts";
import type { SourceTree } from "../../src/source/source-tree.ts";

/** @param files texts by path; a path that ends with "/" is an empty folder */
export function memoryTree(files: Readonly<Record<string, string>>): SourceTree {
  const nodes = Object.entries(files).map(([path, text]): [string, Node] =>
    path.endsWith("/") ? [path.slice(0, -1), { kind: "folder" }] : [path, { kind: "file", text }],
  );
  return indexTree(new Map(nodes));
}
