/** Pure: what becomes a part of the program itself (go:embed), and the front ends that make it. */
import { oncePer } from "../../lib/once-per.ts";
import { type SourceTree, treePath } from "../../source/source-tree.ts";
import type { GoProject } from "./project.ts";
import { goFolders, join } from "./sources.ts";

/**
 * Patterns with the folder that they are in, relative to the app's source: `web/dist/*`. Those that
 * no shell should read are left out, and those of the app's whole folder.
 * @param programs the folder that programs go to
 */
export function embeddedPaths(tree: SourceTree, project: GoProject, programs: string): string[] {
  return patterns(tree, project).filter((one) => {
    const [top = ""] = one.split("/");
    return /^[\w@.+/*-]+$/.test(one) && !top.includes("*") && top !== programs;
  });
}

/**
 * Folders with a package.json that make what is embedded: they are built before, and nothing of
 * them is read when the app runs.
 */
export const embeddedFrontEnds = oncePer((tree: SourceTree, ...modules: string[]): string[] => {
  const found = goFolders(tree, ...modules).flatMap(({ folder, embeds }) =>
    embeds.flatMap((pattern) => frontEndOf(tree, folder, pattern) ?? []),
  );
  return [...new Set(found)];
});

// --- internal ---

function patterns(tree: SourceTree, { modules }: GoProject): string[] {
  const folders = goFolders(tree, ...modules.map(({ folder }) => folder));
  const all = folders.flatMap(({ folder, embeds }) => embeds.map((one) => join(folder, one)));
  // As Go has it: no part of a pattern is empty, or leads elsewhere.
  return [...new Set(all)].filter((one) => one.split("/").every((name) => !/^\.{0,2}$/.test(name)));
}

/** Above what is embedded; or beside it, where it is not there yet: bundlers may write there. */
function frontEndOf(tree: SourceTree, folder: string, pattern: string): string | undefined {
  const fixed = pattern.split("/").filter((name) => !name.includes("*"));
  const target = treePath(join(folder, fixed.join("/")));
  if (target === undefined || target === folder) return undefined;
  const above = ancestors(target).find(
    (one) => one !== "" && isWithin(one, folder) && tree.has(join(one, "package.json")),
  );
  if (above !== undefined || tree.list(target).some(({ name }) => !name.startsWith("."))) {
    return above;
  }
  return tree
    .list(folder)
    .filter(({ kind }) => kind === "folder")
    .map(({ name }) => join(folder, name))
    .find((one) => tree.has(join(one, "package.json")));
}

/** Itself, and all above, the nearest first. */
function ancestors(path: string): string[] {
  const names = path.split("/");
  return names.map((_, index) => names.slice(0, names.length - index).join("/"));
}

function isWithin(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}
