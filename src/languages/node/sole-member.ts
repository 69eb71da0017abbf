/** The member of a workspace that is the app, where nobody has chosen one and there is but one. Pure. */
import type { SourceTree } from "../../source/source-tree.ts";
import { type AppPackage, appPackage } from "./app/app-package.ts";
import { readManifest } from "./app/manifest.ts";
import { findFramework } from "./frameworks/frameworks.ts";
import { isForDevelopment } from "./programs.ts";
import { stepsOfScript } from "./start-script.ts";
import type { Member } from "./workspaces.ts";

/**
 * @param members of the workspace at the top
 * @returns null where the top itself is started or served, or where none or several are
 */
export function soleMember(tree: SourceTree, members: readonly Member[]): Member | null {
  const top = appPackage(tree, null);
  if (top.manifest.scripts.start !== undefined || top.manifest.main !== undefined) return null;
  if (isApp(top)) return null;
  const all = [...members, ...projectsOfNx(tree, members)];
  if (all.length > MOST_MEMBERS) return null;
  const apps = all.filter(({ folder }) => isApp(appPackage(tree, folder)));
  return apps.length === 1 ? apps[0]! : null;
}

// --- internal ---

/** With more of them, one alone is not what they are for. */
const MOST_MEMBERS = 200;

/** Whether it is started or served: by a framework, or by a script. */
function isApp(app: AppPackage): boolean {
  const framework = findFramework(app);
  if (framework?.server !== undefined || framework?.site !== undefined) return true;
  const last = stepsOfScript(app, "start").at(-1);
  return last !== undefined && !isForDevelopment(last.line);
}

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
