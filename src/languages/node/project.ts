/** An app of Node's as a whole: its package, its workspace, its package manager. Pure. */
import type { SourceTree } from "../../source/source-tree.ts";
import { type AppPackage, appPackage } from "./app/app-package.ts";
import type { NodeContext } from "./context.ts";
import type { ChosenManager, ManagerCommands } from "./managers/manager.ts";
import { managerCommands } from "./managers/managers.ts";
import { chooseManager } from "./package-manager.ts";
import { type Member, readMembers } from "./workspaces.ts";

export interface NodeProject {
  /** All of the source: where dependencies are installed. */
  tree: SourceTree;
  app: AppPackage;
  members: readonly Member[];
  /** The member that is the app; null: the source itself. */
  member: Member | null;
  chosen: ChosenManager;
  commands: ManagerCommands;
}

/** @param wanted the folder or the name of a member of the workspace; null: none is chosen */
export function readProject(tree: SourceTree, wanted: string | null): NodeProject {
  const chosen = chooseManager(tree);
  const members = readMembers(tree);
  const member = members.find((one) => one.folder === wanted) ?? null;
  const commands = managerCommands({
    ...chosen,
    text: (path) => tree.text(path),
    hasMembers: members.length > 0,
  });
  const app = appPackage(tree, member?.folder ?? null);
  return { tree, app, members, member, chosen, commands };
}

/** What the rules for starting and building need to know of it. */
export function contextOf(
  { chosen, commands, member }: NodeProject,
  versions: NodeContext["versions"],
): NodeContext {
  const { name, version } = chosen;
  const { run, exec, pnp } = commands;
  return { manager: { name, version, run, exec, pnp }, member: member?.folder ?? null, versions };
}
