/** Pure: which folder of a workspace is the app. */
import type { SourceTree } from "../../source/source-tree.ts";
import { type DenoFolder, type DenoProject, foldersOf } from "./project.ts";
import { findSite } from "./site.ts";
import { hasStart } from "./start.ts";

/** A member, by its folder, its name, or that without its scope; null where there is none. */
export function findMember({ members }: DenoProject, wanted: string): string | null {
  const path = wanted.replace(/^(?:\.\/)+|\/+$/g, "");
  const found =
    members.find(({ folder }) => folder === path) ??
    members.find(({ config, packageJson }) =>
      [config?.name, packageJson?.name].some(
        (name) => name !== undefined && (name === wanted || name.endsWith(`/${wanted}`)),
      ),
    );
  return found?.folder ?? null;
}

export interface ChosenFolder {
  own: DenoFolder;
  /** Those that it could be as well, where nothing says which. */
  candidates: readonly DenoFolder[];
}

/** The one that is named; the top, where that is started; else a member, the one like the app first. */
export function chooseFolder(
  tree: SourceTree,
  project: DenoProject,
  { member, id = "" }: { member: string | null; id?: string },
): ChosenFolder {
  const { top, members } = project;
  const named = foldersOf(project).find(({ folder }) => folder === member);
  if (named !== undefined) return { own: named, candidates: [] };
  const runs = (one: DenoFolder) => hasStart(tree, one) || findSite(tree, one) !== null;
  if (members.length === 0 || runs(top)) return { own: top, candidates: [] };
  const able = members.filter(runs);
  const called = able.find(({ folder, config }) => {
    const names = [folder.split("/").at(-1), config?.name?.split("/").at(-1)];
    return id !== "" && names.includes(id);
  });
  return { own: called ?? able[0] ?? top, candidates: called || able.length < 2 ? [] : able };
}
