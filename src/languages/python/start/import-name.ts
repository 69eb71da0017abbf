/** Pure: by which name a module is imported, and from which folder. */
import type { SourceTree } from "../../../source/source-tree.ts";
import type { PythonModule } from "./modules.ts";
import type { ImportName } from "./servers.ts";

/**
 * A module's name depends on the folder that one starts from. It is the one from which most of what
 * the module imports of the app is found; else the folder above the packages that it is in.
 * @returns undefined for a path that cannot be imported, such as `my-app.py`
 */
export function importName(module: PythonModule, tree: SourceTree): ImportName | undefined {
  const parts = module.path.replace(/\.py$/, "").split("/");
  if (parts.at(-1) === "__init__") parts.pop();
  const folders = parts.slice(0, -1);
  const roots = Array.from({ length: folders.length + 1 }, (_, depth) => depth);
  const deepest = folders.length - relativeLevels(module);
  const scored = roots
    .filter((depth) => depth <= Math.max(0, deepest))
    .filter((depth) => parts.slice(depth).every((part) => IDENTIFIER.test(part)))
    .map((depth) => ({ depth, score: score(module, parts, depth, tree) }));
  const [best] = scored.sort((a, b) => b.score - a.score || a.depth - b.depth);
  if (best === undefined || parts.length === 0) return undefined;
  const root = folders.slice(0, best.depth).join("/");
  return { module: parts.slice(best.depth).join("."), root };
}

// --- internal ---

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** How many folders above its own it reaches with `from .. import x`; one for its own. */
function relativeLevels({ path, imports }: PythonModule): number {
  const level = Math.max(0, ...imports.map((one) => one.level));
  return path.endsWith("/__init__.py") ? level - 1 : level;
}

function score(
  { imports, path }: PythonModule,
  parts: readonly string[],
  depth: number,
  tree: SourceTree,
): number {
  const root = parts.slice(0, depth).join("/");
  const at = (name: string) => (root === "" ? name : `${root}/${name}`);
  const own = imports.filter(
    ({ name, level }) =>
      level === 0 &&
      name !== "" &&
      // `celery.py` imports the library of that name, and not itself.
      at(`${name}.py`) !== path &&
      (tree.has(at(`${name}.py`)) || isCodeFolder(at(name), tree)),
  );
  // A folder between packages is none that one starts from.
  const isInside = depth > 0 && tree.has(`${root}/__init__.py`);
  const isSourceFolder = depth > 0 && parts[depth - 1] === "src" && parts.length > depth + 1;
  // A folder that is no package and holds one is what that is imported from.
  const isAbove = hasPackageBelow(parts, depth, tree);
  return (
    own.length * 4 - (isInside ? 2 : 0) - (isAbove ? 1 : 0) + (isSourceFolder && !isInside ? 1 : 0)
  );
}

function hasPackageBelow(parts: readonly string[], depth: number, tree: SourceTree): boolean {
  const isPackage = (length: number) => tree.has(`${parts.slice(0, length).join("/")}/__init__.py`);
  return parts.length > depth + 2 && !isPackage(depth + 1) && isPackage(depth + 2);
}

function isCodeFolder(path: string, tree: SourceTree): boolean {
  return (
    tree.has(`${path}/__init__.py`) ||
    tree.list(path).some(({ name, kind }) => kind === "file" && name.endsWith(".py"))
  );
}
