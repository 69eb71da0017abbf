/** Pure: an app of Go's as a whole: its module, or its workspace with the members. */
import { NuaError } from "../../lib/errors.ts";
import { oncePer } from "../../lib/once-per.ts";
import { goesAbove, type SourceTree, treePath } from "../../source/source-tree.ts";
import { type GoModFile, parseGoMod, type Replaced } from "./go-mod.ts";
import { type Checksums, parseGoSum, withoutChecksum } from "./go-sum.ts";
import { join } from "./sources.ts";

export interface GoModule {
  /** Relative to the app's source; "" is its top. */
  folder: string;
  mod: GoModFile;
}

export interface GoProject {
  /** What says so: go.work, else go.mod. */
  file: string;
  isWorkspace: boolean;
  modules: GoModule[];
  /** The file that decides, and which Go is meant. */
  main: GoModFile;
  replaces: { from: Replaced; file: string; folder: string }[];
  /** Whether the folder vendor has all modules. */
  isVendored: boolean;
  /** What does not fit: go.sum, or the folder vendor; null where all does. */
  mismatch: { file: string; reason: string } | null;
}

export const MANIFESTS = ["go.work", "go.mod"] as const;

/**
 * Null where there is neither.
 * @throws NuaError (input) for a file that Go could not read, or a member that is not there
 */
export const readProject = oncePer((tree: SourceTree): GoProject | null => {
  const file = MANIFESTS.find((name) => tree.has(name));
  if (file === undefined) return null;
  const main = parseGoMod(tree.text(file) ?? "", file);
  const isWorkspace = file === "go.work";
  const modules = isWorkspace ? membersOf(tree, main) : [{ folder: "", mod: main }];
  const all = [...(isWorkspace ? [{ folder: "", mod: main }] : []), ...modules];
  const replaces = all.flatMap(({ folder, mod }) =>
    mod.replaces.map((from) => ({ from, file: mod.file, folder })),
  );
  const vendored = tree.text("vendor/modules.txt");
  // Go does not use one of a workspace for a module, and the other way round. Source: cmd/go,
  // modload/init.go: the first line says which it is.
  const isOfWorkspace = /^## (?:.*;\s*)?workspace\b/.test(vendored ?? "");
  const isVendored = vendored !== undefined && isOfWorkspace === isWorkspace;
  const project = { file, isWorkspace, modules, main, replaces, isVendored };
  return { ...project, mismatch: mismatchOf(tree, project) };
});

/** All that modules of the app require of others. */
export function requiredModules({ modules }: GoProject): Map<string, string> {
  const own = new Set(modules.map(({ mod }) => mod.module));
  const all = modules.flatMap(({ mod }) => mod.requires.map((one) => [one.path, one.version]));
  return new Map(all.filter(([path]) => !own.has(path!)) as [string, string][]);
}

/** Folders of the app that stand for modules of others. */
export function replacedFolders({ replaces }: GoProject): string[] {
  return replaces.flatMap(({ from, folder }) => {
    const path = from.toVersion === "" ? treePath(join(folder, from.to)) : undefined;
    return path === undefined ? [] : [path];
  });
}

/** Whether one of them is above the folder that the app is built in. */
export function hasFolderBeside(project: GoProject): boolean {
  const required = requiredModules(project);
  return project.replaces.some(
    ({ from, folder }) =>
      from.toVersion === "" &&
      required.has(from.path) &&
      treePath(join(folder, from.to)) === undefined,
  );
}

/**
 * @param source folder of the app's source in the image; `top` the one that all of the app is below
 * @throws NuaError (input) for a module that is replaced by a folder which is none of the app's
 */
export function rejectReplaced(
  tree: SourceTree,
  project: GoProject,
  { source, top }: { source: string; top: string },
): void {
  const required = requiredModules(project);
  const depth = source.slice(top.length).split("/").filter(Boolean).length;
  for (const { from, file, folder } of project.replaces) {
    if (from.toVersion !== "" || !required.has(from.path)) continue;
    const place = { file, position: { line: from.line, column: 1 } };
    const said = `Read "${file}": ${from.path} is replaced by the folder "${from.to}"`;
    const path = treePath(join(folder, from.to));
    const outside = path === undefined && goesAbove(join(folder, from.to), depth);
    if (outside) {
      const hint = "replace it by a version of it, or build the folder that both are in";
      throw new NuaError("input", `${said}, which is outside of the app's`, { ...place, hint });
    }
    if (path === undefined || tree.has(join(path, "go.mod"))) continue;
    const hint = "correct the path, or add the folder";
    throw new NuaError("input", `${said}, which has no go.mod`, { ...place, hint });
  }
}

// --- internal ---

function membersOf(tree: SourceTree, work: GoModFile): GoModule[] {
  return work.uses.map(({ folder, line }) => {
    const path = treePath(folder);
    const file = path === undefined ? "" : join(path, "go.mod");
    const text = path === undefined ? undefined : tree.text(file);
    if (text !== undefined) return { folder: path!, mod: parseGoMod(text, file) };
    const reason = path === undefined ? "is outside of the app's folder" : "has no go.mod";
    throw new NuaError("input", `Read "go.work": the member "${folder}" ${reason}`, {
      file: "go.work",
      position: { line, column: 1 },
      hint: "add it, or take it out of go.work (go work edit -dropuse)",
    });
  });
}

type Read = Omit<GoProject, "mismatch">;

function mismatchOf(tree: SourceTree, project: Read): GoProject["mismatch"] {
  if (project.isVendored) return vendorMismatch(tree, project);
  const sums = checksumsOf(tree, project);
  const replaces = project.replaces.map(({ from }) => from);
  const own = project.modules.map(({ mod }) => mod.module);
  for (const { folder, mod } of project.modules) {
    const file = join(folder, "go.sum");
    const requires = mod.requires.filter(({ path }) => !own.includes(path));
    const lacking = withoutChecksum({ requires }, replaces, sums);
    if (lacking === null) continue;
    const isThere = tree.has(file);
    return { file, reason: isThere ? `${file} does not have ${lacking}` : `there is no ${file}` };
  }
  return null;
}

function checksumsOf(tree: SourceTree, { modules }: Read): Checksums {
  const files = ["go.work.sum", ...modules.map(({ folder }) => join(folder, "go.sum"))];
  return new Set(files.flatMap((file) => [...parseGoSum(tree.text(file) ?? "", file)]));
}

/** `# golang.org/x/text v0.3.0`; what is replaced says by what. */
function vendorMismatch(tree: SourceTree, { modules }: Read): GoProject["mismatch"] {
  const file = "vendor/modules.txt";
  const text = tree.text(file);
  // One that is too large to be read here, Go compares itself.
  if (text === undefined) return null;
  const there = new Set(
    text.split("\n").flatMap((line) => {
      const [, path, version = ""] = /^# (\S+)(?: (v\S+))?(?: =>.*)?$/.exec(line.trim()) ?? [];
      return path === undefined ? [] : [path, `${path} ${version}`];
    }),
  );
  const own = modules.map(({ mod }) => mod.module);
  const required = modules.flatMap(({ mod }) => mod.requires);
  const lacking = required.find(
    ({ path, version }) => !own.includes(path) && !there.has(`${path} ${version}`),
  );
  if (lacking === undefined) return null;
  return { file, reason: `${file} does not have ${lacking.path} ${lacking.version}` };
}
