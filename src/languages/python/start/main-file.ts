/** Pure: the Python file that is run where no framework is told, and how. */
import { shellQuote } from "../../../lib/shell-words.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { findScript } from "../manifests/script-metadata.ts";
import { importName } from "./import-name.ts";
import { importsAny, onlyDefines, type PythonModule, readModule } from "./modules.ts";
import { withRoot } from "./servers.ts";

/** Looked for at the top and then in `src` and `app`, in this order. */
export const MAIN_FILES = [
  ...["main.py", "app.py", "start.py", "run.py", "server.py", "bot.py", "index.py", "hello.py"],
  "__main__.py",
];

/** The file that is run, where it has one of the usual names. */
export function usualFile(tree: SourceTree): string | undefined {
  const paths = FOLDERS.flatMap((folder) => MAIN_FILES.map((name) => folder + name));
  return paths.find((path) => tree.text(path) !== undefined);
}

/** A script that says itself what it needs, the only file of Python at the top, or the only one that is there to be run. */
export function onlyFile(tree: SourceTree): string | undefined {
  const described = findScript(tree);
  if (described !== null) return described;
  const files = tree
    .list("")
    .filter(({ name, kind }) => kind === "file" && name.endsWith(".py") && !NOT_RUN.test(name))
    .map(({ name }) => name);
  const only = files.length === 1 ? files : runnableFiles(files, tree);
  return only.length === 1 ? only[0] : undefined;
}

/** What a package is run by: its `__main__.py`, or another file that is there to be run. */
export function runnablePackage(tree: SourceTree): string | undefined {
  const folders = [...packageFolders(tree, ""), ...packageFolders(tree, "src")];
  for (const name of ["__main__.py", "main.py", "app.py", "cli.py"]) {
    const found = folders
      .map((folder) => `${folder}/${name}`)
      .filter((path) =>
        name === "__main__.py"
          ? tree.text(path) !== undefined
          : readModule(tree, path)?.mainBlock !== undefined,
      );
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

/** `python FILE`; by the name of its module where what it imports is found only so. */
export function fileLine(module: PythonModule, tree: SourceTree): string {
  const { path, imports } = module;
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const name = folder === "" ? undefined : importName(module, tree);
  const isPackaged = path.endsWith("/__main__.py") || imports.some(({ level }) => level > 0);
  if (name === undefined || (!isPackaged && !importsFrom(module, name.root, folder, tree))) {
    return `python ${shellQuote(path)}`;
  }
  return withRoot(name, `python -m ${name.module.replace(/\.__main__$/, "")}`);
}

// --- internal ---

/** Where the usual names are looked for. */
const FOLDERS = ["", "src/", "app/"];

/** What packaging, tests and tools are made of. */
const NOT_RUN =
  /^(setup|conftest|noxfile|fabfile|tasks|dodo|settings|config|gunicorn.*|.*_test|test_.*)\.py$|^_/;

/**
 * Those that do something when they are run, less the old name of one that is kept beside its new
 * one; none where another is there to be run as well, or has it as a part.
 */
function runnableFiles(files: readonly string[], tree: SourceTree): string[] {
  const modules = files.flatMap((file) => readModule(tree, file) ?? []);
  const isRun = ({ mainBlock }: PythonModule) => mainBlock !== undefined;
  const namesOf = (all: readonly PythonModule[]) =>
    all.map(({ path }) => path.replace(/\.py$/, ""));
  const run = namesOf(modules.filter(isRun));
  const isOldName = (one: PythonModule) =>
    isRun(one) && importsAny(one, run) && !/^(?:async\s+)?(?:def|class)\s/m.test(one.code);
  const own = modules.filter((one) => !isOldName(one));
  const found = own.filter(isRun);
  const others = own.filter((one) => !isRun(one));
  const isPart = own.some((one) => importsAny(one, namesOf(found)) && !found.includes(one));
  return isPart || others.some((one) => !onlyDefines(one) && one.code.trim() !== "")
    ? []
    : found.map(({ path }) => path);
}

const OTHER_FOLDERS = ["tests", "test", "docs", "examples", "scripts"];

function packageFolders(tree: SourceTree, folder: string): string[] {
  return tree
    .list(folder)
    .filter(({ name, kind }) => kind === "folder" && /^[A-Za-z_]\w*$/.test(name))
    .filter(({ name }) => !OTHER_FOLDERS.includes(name))
    .map(({ name }) => join(folder, name));
}

/** Whether it imports something that is found from a folder and not beside it. */
function importsFrom(
  { imports }: PythonModule,
  root: string,
  folder: string,
  tree: SourceTree,
): boolean {
  const isBelow = (parent: string, name: string) =>
    tree.has(join(parent, `${name}.py`)) || tree.list(join(parent, name)).length > 0;
  return imports.some(
    ({ name, level }) =>
      level === 0 && name !== "" && isBelow(root, name) && !isBelow(folder, name),
  );
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
