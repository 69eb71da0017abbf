/** Pure: the layer of what a Deno app's manifests name: which files installing reads. */
import { type DependencyRule, Obstacle, present } from "../dependency-rule.ts";
import { CONFIGS, joined } from "./config.ts";
import { mismatchOf, wishesOf } from "./mismatch.ts";
import {
  type DenoProject,
  foldersOf,
  mapFile,
  PACKAGE_JSON,
  type PackageJson,
  readProject,
} from "./project.ts";

export const denoRule: DependencyRule = {
  plan({ tree, runtime, hasPackages }) {
    const project = readProject(tree);
    if (project === null || !hasWishes(tree, project)) return null;
    if (runtime === "none") {
      if (hasPackages) throw new Obstacle("a Debian package may bring Deno");
      return null;
    }
    // The app's own would come back over what Deno has made of it.
    if (mismatchOf(tree, project, []) !== null) {
      throw new Obstacle(`Deno writes to ${project.lockFile}`);
    }
    const { config } = project.top;
    if (config?.vendor && tree.has("vendor")) {
      throw new Obstacle("Deno writes to vendor, which the app brings");
    }
    for (const { packageJson } of foldersOf(project)) rejectFolders(packageJson);
    const linked = [...(config?.links ?? []), ...(config?.patch ?? [])];
    if (linked.length > 0) throw new Obstacle(`${config!.file} links a folder: ${linked[0]}`);
    const files = foldersOf(project).flatMap(({ folder }) =>
      [...CONFIGS, PACKAGE_JSON, ".npmrc"].map((name) => joined(folder, name)),
    );
    const maps = foldersOf(project).flatMap((one) => (one.config && mapFile(one.config)) ?? []);
    return {
      files: present([...files, ...maps, project.lockFile ?? ""].filter(Boolean), tree),
      place: "below",
      compilesApp: false,
    };
  },
};

/** Whether there is anything to install before the app's own files are there. */
export function hasWishes(tree: Parameters<typeof wishesOf>[0], project: DenoProject): boolean {
  return wishesOf(tree, project).length > 0;
}

// --- internal ---

/** Packages of the app's own folders: npm's workspaces, and those that are named by their place. */
function rejectFolders(packageJson: PackageJson | null): void {
  if (packageJson === null) return;
  const { file, workspaces, dependencies, devDependencies } = packageJson;
  if (workspaces !== undefined) throw new Obstacle(`${file} has workspaces`);
  const all = Object.entries({ ...dependencies, ...devDependencies });
  const local = all.find(([, range]) => /^(?:file:|link:|\.{1,2}\/)/.test(range));
  if (local === undefined) return;
  throw new Obstacle(`${file} names a package of the app's own folder: ${local[0]}@${local[1]}`);
}
