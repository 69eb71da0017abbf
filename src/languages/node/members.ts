/** Which package of a workspace is the app. Pure. */
import { NuaError } from "../../lib/errors.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { appPackage } from "./app/app-package.ts";
import { readManifest } from "./app/manifest.ts";
import { isStartable } from "./startable.ts";
import { type Member, readMembers } from "./workspaces.ts";

export interface ChosenMember {
  /** Null: the package at the top. */
  member: Member | null;
  /** Those that it could be as well, where nothing says which. */
  candidates: readonly Member[];
}

/** The folder of a member, by its folder or by the name in its manifest; null where there is none. */
export function findMember(tree: SourceTree, name: string): string | null {
  return memberCalled(readMembers(tree), name)?.folder ?? null;
}

/**
 * The one that is wanted; else the package at the top, where it can be started; else the only
 * member that can.
 * @throws NuaError (input) for a wanted one that there is not
 */
export function chooseMember(
  tree: SourceTree,
  members: readonly Member[],
  wanted: string | null,
): ChosenMember {
  if (wanted !== null && wanted !== "" && wanted !== ".") {
    const member = memberCalled(members, wanted);
    if (member !== undefined) return { member, candidates: [] };
    const known = members.map(({ folder }) => folder).slice(0, 20);
    throw new NuaError("input", `Find "${wanted}": the workspace has no such member`, {
      hint: known.length === 0 ? "there is no workspace here" : `use one of ${known.join(", ")}`,
    });
  }
  const all = [...members, ...projectsOfNx(tree, members)];
  if (all.length === 0 || all.length > MOST_MEMBERS || isStartable(appPackage(tree, null))) {
    return { member: null, candidates: [] };
  }
  const candidates = all.filter(({ folder }) => isStartable(appPackage(tree, folder)));
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return { member: only, candidates: [] };
  return { member: null, candidates };
}

// --- internal ---

function memberCalled(members: readonly Member[], name: string): Member | undefined {
  const folder = name.replace(/^(?:\.\/)+|\/+$/g, "");
  return (
    members.find((one) => one.folder === folder) ??
    members.find(({ manifest }) => manifest.name === name)
  );
}

/** With more of them, one alone is not what they are for. */
const MOST_MEMBERS = 200;

/** Projects without a package.json: Nx finds them by their project.json. */
function projectsOfNx(tree: SourceTree, members: readonly Member[]): Member[] {
  if (!tree.has("nx.json")) return [];
  const known = new Set(members.map(({ folder }) => folder));
  return tree
    .list("apps")
    .filter(({ kind, name }) => kind === "folder" && tree.has(`apps/${name}/project.json`))
    .map(({ name }) => `apps/${name}`)
    .filter((folder) => !known.has(folder))
    .map((folder) => ({ folder, manifest: readManifest(tree, folder) }));
}
