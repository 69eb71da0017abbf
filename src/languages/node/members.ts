/** Which package of a workspace is the app. Pure. */
import { NuaError } from "../../lib/errors.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { type Manifest, readManifest } from "./app/manifest.ts";
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
  if (members.length === 0 || isStartable(readManifest(tree))) {
    return { member: null, candidates: [] };
  }
  const candidates = members.filter(({ manifest }) => isStartable(manifest));
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

function isStartable({ scripts }: Manifest): boolean {
  return scripts.start !== undefined || (scripts.build !== undefined && "preview" in scripts);
}
