/** A source tree in memory, for tests of what is decided from one. */
import { indexTree, type Node } from "../../src/source/index-tree.ts";
import { codeOfBytes } from "../../src/source/member-code.ts";
import type { SourceTree } from "../../src/source/source-tree.ts";

/** Texts, and programs as bytes, by path; a path that ends with "/" is an empty folder. */
export type MemoryFiles = Readonly<Record<string, string | Uint8Array>>;

export function memoryTree(files: MemoryFiles): SourceTree {
  const nodes = Object.entries(files).map(([path, content]): [string, Node] => {
    if (path.endsWith("/")) return [path.slice(0, -1), { kind: "folder" }];
    if (typeof content === "string") return [path, { kind: "file", text: content }];
    return [path, { kind: "file", code: codeOfBytes(content), executable: true }];
  });
  return indexTree(new Map(nodes));
}
