/** Pure: the layer of NuGet packages, which the build alone needs: which files restoring them reads. */
import type { SourceTree } from "../../source/source-tree.ts";
import { type DependencyRule, Obstacle, present } from "../dependency-rule.ts";
import { reachedFrom, readApp } from "./app.ts";
import { chooseProject } from "./choose-project.ts";
import { frameworkOf } from "./frameworks.ts";
import { GLOBAL_JSON } from "./global-json.ts";
import { folderOf, nearest, pathFrom } from "./msbuild.ts";
import { localSources, NUGET_CONFIG } from "./nuget-config.ts";
import type { Project } from "./project.ts";

/** What is read by restoring, in a project's folder or above it. */
const ABOVE = [
  ...["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"],
  ...["Directory.Build.rsp", "Directory.Solution.props", "Packages.props"],
  ...["paket.dependencies", "paket.lock", ".paket/Paket.Restore.targets"],
];

export const dotnetRule: DependencyRule = {
  plan({ tree, runtime, member, hasPackages }) {
    const app = readApp(tree);
    if (app === null) return null;
    if (runtime === "none") {
      if (hasPackages) throw new Obstacle("a Debian package may bring .NET");
      return null;
    }
    const { project } = chooseProject(tree, app, { member, id: "", started: [] });
    if (project === null || frameworkOf(project) === null) return null;
    // What is started, which is not known here, may choose another one.
    const projects = member === null ? app.projects : reachedFrom(app, project);
    if (projects.some(({ references }) => references.some(({ path }) => path === undefined))) {
      throw new Obstacle("a project is in a folder beside the app's");
    }
    const reads = restoreReads(tree, projects);
    return { files: present(reads, tree), place: "build", compilesApp: true };
  },
};

/** Files that a restore reads, beside what it fetches. */
export function restoreReads(tree: SourceTree, projects: readonly Project[]): string[] {
  const above = projects.flatMap(({ folder }) =>
    ABOVE.flatMap((name) => allAbove(tree, folder, name)),
  );
  const configs = configsOf(tree, projects);
  const folders = configs.flatMap((file) => localSources(tree, file));
  const locks = projects.flatMap((one) => lockOf(tree, one) ?? []);
  const own = projects.flatMap(({ files }) => files);
  return [...own, ...locks, ...above, ...configs, ...folders, GLOBAL_JSON];
}

/** All that NuGet reads for these projects, of the app's. */
export function configsOf(tree: SourceTree, projects: readonly Project[]): string[] {
  const all = projects.flatMap(({ folder }) => allAbove(tree, folder, NUGET_CONFIG));
  return [...new Set(all)];
}

/** The lock file of a project; null where it has none. */
export function lockOf(tree: SourceTree, { folder, properties }: Project): string | null {
  const named = properties.get("NuGetLockFilePath");
  const path = pathFrom(folder, named === "" ? "packages.lock.json" : named);
  return path !== undefined && tree.text(path) !== undefined ? path : null;
}

// --- internal ---

/** That one of NuGet counts with all above it, of the others the nearest. */
function allAbove(tree: SourceTree, folder: string, name: string): string[] {
  const found = nearest(tree, folder, name);
  if (found === undefined) return [];
  const own = folderOf(found);
  if (own === "") return [found];
  return [found, ...allAbove(tree, folderOf(own), name)];
}
