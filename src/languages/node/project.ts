/** An app of Node's as a whole: its package, its workspace, its package manager. Pure. */
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { type AppPackage, appPackage } from "./app/app-package.ts";
import { readManifest } from "./app/manifest.ts";
import type { NodeContext } from "./context.ts";
import { checkLock } from "./locks/check-lock.ts";
import type { LocalPackage } from "./locks/wishes.ts";
import type { ChosenManager, ManagerCommands } from "./managers/manager.ts";
import { managerCommands } from "./managers/managers.ts";
import { chooseMember } from "./members.ts";
import { chooseManager } from "./package-manager.ts";
import { type Member, readMembers } from "./workspaces.ts";

export interface NodeProject {
  /** All of the source: where dependencies are installed. */
  tree: SourceTree;
  app: AppPackage;
  /** All that are installed: the one at the top, then the members. */
  packages: readonly LocalPackage[];
  members: readonly Member[];
  /** The member that is the app; null: the package at the top. */
  member: Member | null;
  /** Members that could be the app, where nothing says which. */
  candidates: readonly Member[];
  chosen: ChosenManager;
  commands: ManagerCommands;
}

export interface Wanted {
  /** The folder or the name of a member of the workspace; null: none is chosen. */
  member: string | null;
  /** Whether a lock file that does not fit is an error. */
  frozen: boolean;
}

/** @throws NuaError (input) for manifests and lock files that cannot be read, or a wrong wish */
export const readProject = oncePer((tree: SourceTree, wanted: Wanted): NodeProject => {
  const members = readMembers(tree);
  const { member, candidates } = chooseMember(tree, members, wanted.member);
  const packages = [{ folder: "", manifest: readManifest(tree) }, ...members];
  const chosen = withDifference(tree, { packages, frozen: wanted.frozen });
  const commands = managerCommands({
    ...chosen,
    text: (path) => tree.text(path),
    packages,
  });
  const app = appPackage(tree, member?.folder ?? null);
  return { tree, app, packages, members, member, candidates, chosen, commands };
});

/** What the rules for starting and building need to know of it. */
export function contextOf(
  { chosen, commands, member }: NodeProject,
  versions: NodeContext["versions"],
): NodeContext {
  const { name, version } = chosen;
  const { run, exec, pnp } = commands;
  return { manager: { name, version, run, exec, pnp }, member: member?.folder ?? null, versions };
}

// --- internal ---

function withDifference(
  tree: SourceTree,
  { packages, frozen }: { packages: readonly LocalPackage[]; frozen: boolean },
): ChosenManager {
  const chosen = chooseManager(tree);
  const { lock, name } = chosen;
  if (lock === null) return chosen;
  const difference = chosen.difference ?? checkLock(tree, lock, { packages, frozen });
  if (difference === null) return chosen;
  const warning =
    `${lock} does not fit package.json: ${difference}. ` +
    `The rest of it holds; ${name} install mends it`;
  return { ...chosen, difference, warnings: [...chosen.warnings, warning] };
}
