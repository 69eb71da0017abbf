/** Pure: an app of Elixir's as a whole: its mix.exs, the apps of its umbrella, and its lock. */
import { oncePer } from "../../lib/once-per.ts";
import { goesAbove, type SourceTree, treePath } from "../../source/source-tree.ts";
import type { MixDependency } from "./dependency-tuples.ts";
import type { Said } from "./keywords.ts";
import { MIX, type MixFile, mixError, readMixFile } from "./mix-file.ts";
import { lackingIn, MIX_LOCK, type MixLock, readMixLock } from "./mix-lock.ts";

export interface MixProject {
  /** The mix.exs at the top. */
  top: MixFile;
  /** Those of an umbrella's apps. */
  members: MixFile[];
  /** Those of folders that something of these depends on. */
  beside: MixFile[];
  /** Undefined where there is none. */
  lock: MixLock | undefined;
  /** What the lock has not, or that there is none; null where it fits. */
  mismatch: string | null;
}

/**
 * Null where there is none.
 * @throws NuaError (input) for a file that Mix could not read, or a member that is not there
 */
export const readProject = oncePer((tree: SourceTree): MixProject | null => {
  const top = readMixFile(tree, "");
  if (top === undefined) return null;
  const members = top.appsPath === null ? [] : readMembers(tree, top.appsPath);
  rejectMissing([top, ...members], members);
  const beside = readBeside(tree, [top, ...members]);
  const lock = readMixLock(tree);
  const project = { top, members, beside, lock };
  return { ...project, mismatch: mismatchOf(lock, wantedBy(project)) };
});

/** All that are built together. */
export function filesOf({
  top,
  members,
  beside,
}: Omit<MixProject, "lock" | "mismatch">): MixFile[] {
  return [top, ...members, ...beside];
}

/** Names of packages that it is made from. */
export function packageNames(project: MixProject): Set<string> {
  return new Set([...(project.lock?.keys() ?? []), ...wantedBy(project).map(({ name }) => name)]);
}

/**
 * Whether something comes from Hex, or might. Mix wants it for what it does not fetch as well, such as
 * what only developers need.
 */
export function usesHex(project: MixProject): boolean {
  const isLocked = [...(project.lock?.values() ?? [])].some(({ from }) => from === "hex");
  const all = filesOf(project).flatMap(({ dependencies }) => dependencies);
  return isLocked || all.some((one) => !isLocal(one) && !one.isGit);
}

/** Whether there is anything that is fetched. */
export function hasDependencies(project: MixProject): boolean {
  const isAny = wantedBy(project).some((one) => !isLocal(one));
  return isAny || (project.lock?.size ?? 0) > 0 || usesHex(project);
}

/** Whether it is in the app's own folder. */
export function isLocal({ path, isOfUmbrella }: MixDependency): boolean {
  return path !== null || isOfUmbrella;
}

/**
 * @param source folder of the app's source in the image; `top` the one that all of the app is below
 * @throws NuaError (input) for a dependency in a folder that is none of the app's, or not there
 */
export function rejectOutside(
  tree: SourceTree,
  project: MixProject,
  { source, top: above }: { source: string; top: string },
): void {
  const depth = source.slice(above.length).split("/").filter(Boolean).length;
  for (const { file, folder, dependencies } of filesOf(project)) {
    for (const { name, path, line } of dependencies) {
      if (path === null) continue;
      const said = `${name} is in the folder "${path}"`;
      const at = path.startsWith("/") ? undefined : treePath(joinPaths(folder, path));
      if (at === undefined) {
        if (!goesAbove(path.startsWith("/") ? path : joinPaths(folder, path), depth)) continue;
        const hint = "name a version of it, or build the folder that both are in";
        throw mixError(file, `${said}, which is outside of the app's`, { line, hint });
      }
      if (tree.has(at)) continue;
      const hint = "correct the path, or add the folder";
      throw mixError(file, `${said}, which is not there`, { line, hint });
    }
  }
}

// --- internal ---

/** An app is not trusted: what is beyond is not looked at. */
const MOST_FILES = 1000;

function wantedBy(project: Omit<MixProject, "lock" | "mismatch">): MixDependency[] {
  return filesOf(project).flatMap(({ dependencies }) =>
    dependencies.filter((one) => one.isForProduction && !one.isOptional),
  );
}

function readMembers(tree: SourceTree, { value, line }: Said): MixFile[] {
  const folder = treePath(value);
  if (folder === undefined || !tree.has(folder)) {
    const reason = folder === undefined ? "is outside of the app's" : "is not there";
    const hint = "correct apps_path, or add the folder";
    throw mixError(MIX, `the folder "${value}" of the umbrella ${reason}`, { line, hint });
  }
  return tree
    .list(folder)
    .filter(({ kind }) => kind === "folder")
    .slice(0, MOST_FILES)
    .flatMap(({ name }) => readMixFile(tree, joinPaths(folder, name)) ?? []);
}

/** @throws NuaError (input) for an app of the umbrella that has no folder there */
function rejectMissing(files: readonly MixFile[], members: readonly MixFile[]): void {
  const names = new Set(
    members.flatMap(({ app, folder }) => [app?.value, folder.split("/").at(-1)]),
  );
  for (const { file, dependencies } of files) {
    const missing = dependencies.find((one) => one.isOfUmbrella && !names.has(one.name));
    if (missing === undefined) continue;
    const { name, line } = missing;
    throw mixError(file, `${name} is an app of the umbrella, and no folder of that has it`, {
      ...{ line, hint: "add its folder, or take it out of the dependencies" },
    });
  }
}

/** What is in a folder of the app's, and what that has in one. */
function readBeside(tree: SourceTree, files: readonly MixFile[]): MixFile[] {
  const known = new Set(files.map(({ folder }) => folder));
  const found: MixFile[] = [];
  const queue = [...files];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const { path } of file.dependencies) {
      const folder = path === null ? undefined : treePath(joinPaths(file.folder, path));
      if (folder === undefined || known.has(folder) || found.length >= MOST_FILES) continue;
      known.add(folder);
      const one = readMixFile(tree, folder);
      if (one === undefined) continue;
      found.push(one);
      queue.push(one);
    }
  }
  return found;
}

function mismatchOf(lock: MixLock | undefined, wanted: readonly MixDependency[]): string | null {
  const fetched = wanted.filter((one) => !isLocal(one));
  if (lock === undefined) return fetched.length === 0 ? null : `there is no ${MIX_LOCK}`;
  const lacking = fetched.map((one) => lackingIn(lock, one)).find((one) => one !== null);
  return lacking === undefined ? null : `${MIX_LOCK} does not have ${lacking}`;
}

function joinPaths(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}
