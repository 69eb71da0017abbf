/** Pure: what browsers get of an app: how it is made. Source: hexdocs.pm/phoenix, "Deploying with Releases". */
import type { SourceTree } from "../../source/source-tree.ts";
import type { MixFile } from "./mix-file.ts";
import { type MixProject, packageNames } from "./project.ts";

export interface AssetTask {
  /** The folder of the app that has it. */
  folder: string;
  task: string;
  file: string;
}

/** For each app: its own task for that, else what makes names of files after their contents. */
export function assetTasks(tree: SourceTree, project: MixProject): AssetTask[] {
  const { top, members } = project;
  const all = members.length === 0 ? [top] : [top, ...members];
  return all.flatMap((one) => {
    const task = taskOf(tree, one, project);
    return task === null ? [] : [{ folder: one.folder, task, file: one.file }];
  });
}

/** Folders with a package.json whose build is a part of the app's. */
export function assetFolders(tree: SourceTree, { top, members }: MixProject): string[] {
  return [top, ...members]
    .map(({ folder }) => (folder === "" ? "assets" : `${folder}/assets`))
    .filter((folder) => tree.has(`${folder}/package.json`));
}

// --- internal ---

/** As Phoenix's generator calls it; before 1.6, people called it otherwise. */
const TASKS = ["assets.deploy", "assets.build", "deploy.assets", "build.assets"];

function taskOf(
  tree: SourceTree,
  { aliases, folder }: MixFile,
  project: MixProject,
): string | null {
  const own = TASKS.find((name) => aliases.has(name));
  if (own !== undefined) return own;
  if (!packageNames(project).has("phoenix")) return null;
  const at = (path: string) => (folder === "" ? path : `${folder}/${path}`);
  // What is served without a name of that kind is not kept by browsers.
  return tree.has(at("priv/static")) || tree.has(at("assets")) ? "phx.digest" : null;
}
