/** Pure: the members of a workspace, and the projects that an app brings beside its own. */
import { matchesGlob, posix } from "node:path";
import { type SourceTree, subtree } from "../../../source/source-tree.ts";
import { readPyproject } from "./pyproject.ts";
import { normalizeName } from "./requirement.ts";

/** The folders of a workspace's members, relative to the tree; its top is one where it is a project. */
export function workspaceMembers(tree: SourceTree): string[] {
  const workspace = readPyproject(tree)?.tool.uv?.workspace;
  if (workspace === undefined) return [];
  const { members, exclude } = workspace;
  const found = members.slice(0, MOST_PATTERNS).flatMap((pattern) => foldersLike(tree, pattern));
  return [...new Set(found)].filter(
    (folder) =>
      subtree(tree, folder).has("pyproject.toml") &&
      !exclude
        .slice(0, MOST_PATTERNS)
        .some((pattern) => matchesGlob(folder, posix.normalize(pattern))),
  );
}

/** The folder of the member with a name. */
export function findMember(tree: SourceTree, name: string): string | undefined {
  return ["", ...workspaceMembers(tree)].find((folder) => {
    const found = readPyproject(subtree(tree, folder))?.project?.name;
    return found !== undefined && normalizeName(found) === name;
  });
}

// --- internal ---

/** Folders that a pattern with stars stands for, a name at a time. */
function foldersLike(tree: SourceTree, pattern: string): string[] {
  let found = [""];
  for (const part of posix.normalize(pattern).split("/").slice(0, MOST_PARTS)) {
    if (part === "." || part === "") continue;
    found = found.flatMap((folder) =>
      tree
        .list(folder)
        .filter(({ name, kind }) => kind === "folder" && matchesGlob(name, part))
        .map(({ name }) => (folder === "" ? name : `${folder}/${name}`)),
    );
  }
  return found;
}

/** An app is not trusted: each pattern is compared with all folders. */
const MOST_PATTERNS = 1000;
const MOST_PARTS = 10;
