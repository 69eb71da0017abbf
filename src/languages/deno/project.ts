/** Pure: an app of Deno's: its settings, its workspace, what it asks for, its lock file. */
import { posix } from "node:path";
import { getNodeValue } from "jsonc-parser";
import * as v from "valibot";
import { NuaError } from "../../lib/errors.ts";
import { oncePer } from "../../lib/once-per.ts";
import { type SourceTree, treePath } from "../../source/source-tree.ts";
import { configFile, type DenoConfig, joined, originOf, parseFile, readConfig } from "./config.ts";
import { type ImportMap, importsOf } from "./graph.ts";
import { type DenoLock, LOCK, readLock } from "./lock.ts";

export const PACKAGE_JSON = "package.json";

/** Scripts at the top that are named as what starts an app is; in the order in which they count. */
export const ENTRIES: readonly string[] = ["main", "server", "app", "index"].flatMap((name) =>
  ["", "src/"].flatMap((folder) =>
    ["ts", "tsx", "js", "mjs", "mts", "jsx"].map((ending) => `${folder}${name}.${ending}`),
  ),
);

/** A folder of the app with settings of its own: the top, or a member of the workspace. */
export interface DenoFolder {
  /** Relative to the tree; empty for its top. */
  folder: string;
  config: DenoConfig | null;
  packageJson: PackageJson | null;
  imports: ImportMap;
}

export type PackageJson = v.InferOutput<typeof packageSchema> & { file: string };

export interface DenoProject {
  /** What tells that the app is of this language. */
  file: string;
  top: DenoFolder;
  members: readonly DenoFolder[];
  /** Its lock's name; null where it says that it has none. */
  lockFile: string | null;
  lock: DenoLock | null;
}

/** The file that says that an app is Deno's; null where none does. */
export const detectDeno = oncePer((tree: SourceTree): string | null => {
  const file = configFile(tree);
  if (file !== null) return file;
  if (tree.has(LOCK)) return LOCK;
  // Scripts of other languages' runtimes have a manifest.
  if (tree.has(PACKAGE_JSON)) return null;
  const entry = ENTRIES.find((name) => tree.has(name));
  return entry !== undefined && isOfDeno(tree.text(entry) ?? "") ? entry : null;
});

/**
 * Null where the app is none of Deno's.
 * @throws NuaError (input) for files that cannot be read, and members that are not there
 */
export const readProject = oncePer((tree: SourceTree): DenoProject | null => {
  const file = detectDeno(tree);
  if (file === null) return null;
  const top = readFolder(tree, "", {});
  const members = memberFolders(tree, top.config).map((one) => readFolder(tree, one, top.imports));
  const { lock } = top.config ?? {};
  const path = typeof lock === "object" ? lock.path : typeof lock === "string" ? lock : LOCK;
  const lockFile = lock === false ? null : (treePath(path ?? LOCK) ?? LOCK);
  return {
    ...{ file, top, members, lockFile },
    lock: lockFile === null ? null : readLock(tree, lockFile),
  };
});

/** All of its folders. */
export function foldersOf({ top, members }: DenoProject): readonly DenoFolder[] {
  return [top, ...members];
}

/** Whether a script is written for Deno. */
export function isOfDeno(text: string): boolean {
  const start = text.slice(0, 64 * 1024);
  if (/\bDeno\.[a-z]/.test(start) || /^#!.{0,60}\bdeno\b/.test(start)) return true;
  return importsOf(start).some(({ specifier }) => /^(?:npm|jsr|https?):/.test(specifier));
}

// --- internal ---

const record = v.fallback(v.optional(v.record(v.string(), v.unknown()), {}), {});
const texts = v.pipe(
  record,
  v.transform((all) =>
    Object.fromEntries(
      Object.entries(all).filter((one): one is [string, string] => typeof one[1] === "string"),
    ),
  ),
);

const packageSchema = v.object({
  name: v.fallback(v.optional(v.string()), undefined),
  ...{ scripts: texts, dependencies: texts, devDependencies: texts, engines: texts },
  workspaces: v.optional(v.unknown()),
});

function readFolder(tree: SourceTree, folder: string, shared: ImportMap): DenoFolder {
  const config = readConfig(tree, folder);
  const imports = { ...shared, ...importsIn(tree, config) };
  return { folder, config, imports, packageJson: readPackage(tree, joined(folder, PACKAGE_JSON)) };
}

function readPackage(tree: SourceTree, file: string): PackageJson | null {
  if (!tree.has(file)) return null;
  const root = parseFile(tree, file);
  const parsed = v.safeParse(packageSchema, root === undefined ? {} : getNodeValue(root));
  if (!parsed.success) throw new NuaError("input", `Read "${file}": expected an object`, { file });
  return { ...parsed.output, file };
}

const mapSchema = v.object({ imports: v.optional(v.record(v.string(), v.string()), {}) });

/** Of the file itself, or of the import map that it names; relative to the tree. */
function importsIn(tree: SourceTree, config: DenoConfig | null): ImportMap {
  if (config === null) return {};
  const file = mapFile(config);
  const all =
    file === null || Object.keys(config.imports).length > 0
      ? { imports: config.imports, folder: config.folder }
      : { imports: readMap(tree, file, config), folder: posix.dirname(file).replace(/^\.$/, "") };
  return Object.fromEntries(
    Object.entries(all.imports).map(([key, value]) => [
      key,
      /^\.{0,2}\//.test(value) ? joined(all.folder, value.replace(/^\.\//, "")) : value,
    ]),
  );
}

/** Where its import map is; null where it names none of the app's own. */
export function mapFile({ importMap, folder }: DenoConfig): string | null {
  if (importMap === undefined || /^[a-z]+:/.test(importMap)) return null;
  return treePath(joined(folder, importMap)) ?? null;
}

function readMap(tree: SourceTree, file: string, config: DenoConfig): ImportMap {
  if (!tree.has(file)) {
    const problem = `Read "${config.file}": importMap names "${config.importMap}", which is not there`;
    throw new NuaError("input", problem, {
      file: config.file,
      ...placeOf(tree, config, "importMap"),
    });
  }
  const root = parseFile(tree, file);
  const parsed = v.safeParse(mapSchema, root === undefined ? {} : getNodeValue(root));
  if (parsed.success) return parsed.output.imports;
  throw new NuaError("input", `Read "${file}": it is no import map`, {
    ...{ file, position: { line: 1, column: 1 } },
  });
}

const MOST_MEMBERS = 500;

const ALL_INSIDE = /(?:^|\/)\*{1,2}$/;

/** `./api`, and all folders of `packages/*` that have settings of their own. */
function memberFolders(tree: SourceTree, config: DenoConfig | null): string[] {
  if (config === null) return [];
  const { workspace } = config;
  const all = Array.isArray(workspace) ? workspace : workspace.members;
  const patterns = all.slice(0, MOST_MEMBERS);
  const found = patterns.flatMap((pattern, index) => {
    const path = treePath(pattern.replace(ALL_INSIDE, ""));
    const key = Array.isArray(workspace) ? ["workspace", index] : ["workspace", "members", index];
    if (path === undefined || /[*{}!]/.test(path)) {
      throw badMember(tree, config, { pattern, key, why: "is no folder of the app" });
    }
    if (ALL_INSIDE.test(pattern)) {
      const inside = tree.list(path).filter(({ kind }) => kind === "folder");
      return inside.map(({ name }) => joined(path, name)).filter((one) => isMember(tree, one));
    }
    if (isMember(tree, path)) return [path];
    throw badMember(tree, config, { pattern, key, why: "has no deno.json and no package.json" });
  });
  return [...new Set(found)].slice(0, MOST_MEMBERS);
}

function isMember(tree: SourceTree, folder: string): boolean {
  return configFile(tree, folder) !== null || tree.has(joined(folder, PACKAGE_JSON));
}

interface BadMember {
  pattern: string;
  key: (string | number)[];
  why: string;
}

function badMember(tree: SourceTree, config: DenoConfig, { pattern, key, why }: BadMember) {
  const problem = `Read "${config.file}": the member "${pattern.slice(0, 200)}" of the workspace ${why}`;
  return new NuaError("input", problem, { file: config.file, ...placeOf(tree, config, ...key) });
}

function placeOf(tree: SourceTree, { file }: DenoConfig, ...keys: (string | number)[]) {
  const { line = 1 } = originOf(tree, file, ...keys);
  return { position: { line, column: 1 } };
}
