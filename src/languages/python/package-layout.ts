/**
 * Pure: whether a Python project is installed itself: whether it is meant to be, and whether its
 * build backend would find in its folder what to install.
 */
import type { SourceTree } from "../../source/source-tree.ts";
import { PYPROJECT, type Pyproject } from "./manifests/pyproject.ts";
import { lineOf } from "./manifests/read-file.ts";
import { normalizeName } from "./manifests/requirement.ts";
import { isSetupCfg, SETUP_CFG, SETUP_PY } from "./manifests/setup-files.ts";
import { findRequirements, namedPackages } from "./requirements.ts";

export type PackageState =
  | { isPackage: true }
  /** `warning`: told where the project looks as if it were meant to be one. */
  | { isPackage: false; because: string; warning?: string };

export function packageState(tree: SourceTree, pyproject: Pyproject | undefined): PackageState {
  const off = pyproject === undefined ? null : switchedOff(tree, pyproject);
  if (off !== null) return { isPackage: false, because: off };
  const early = importedBySetup(tree);
  if (early !== null) {
    const because = `${SETUP_PY} imports ${early}`;
    const warning = `the project itself is not installed, and runs from its folder: ${because}`;
    return { isPackage: false, because, warning };
  }
  const hasSetup = tree.has(SETUP_PY) || isSetupCfg(tree.text(SETUP_CFG));
  if (pyproject === undefined) {
    return hasSetup ? { isPackage: true } : { isPackage: false, because: "there is no project" };
  }
  const { project, tool } = pyproject;
  if (hasSetup) return { isPackage: true };
  if (project === undefined && tool.poetry === undefined) {
    return { isPackage: false, because: `${PYPROJECT} has no [project]` };
  }
  const system = pyproject["build-system"];
  if (system === undefined && tool.setuptools === undefined && tool.uv?.package !== true) {
    return withoutBuildSystem(tree, pyproject);
  }
  const missing = missingFor(system?.["build-backend"] ?? "setuptools", tree, pyproject);
  if (missing === null) return { isPackage: true };
  const because = `its build backend would find nothing to install: ${missing}`;
  return {
    isPackage: false,
    because,
    warning: `the project itself is not installed, and runs from its folder: ${missing}`,
  };
}

// --- internal ---

/**
 * A package of the project, and what that imports of the requirements: then setup.py fails wherever
 * these are not installed yet, as they are not where pip asks it what it needs.
 */
function importedBySetup(tree: SourceTree): string | null {
  const file = findRequirements(tree);
  const text = tree.text(SETUP_PY);
  if (file === null || text === undefined) return null;
  const named = new Set(namedPackages(tree, file).map(({ name }) => name));
  for (const module of importedModules(text)) {
    const [top = ""] = module.split(".");
    const paths = [top, module].map((one) => one.replaceAll(".", "/"));
    const texts = paths.flatMap((path) => [`${path}/__init__.py`, `${path}.py`]);
    const needed = texts
      .flatMap((path) => importedModules(tree.text(path) ?? ""))
      .map((one) => one.split(".")[0]!)
      .find((one) => named.has(normalizeName(one)));
    if (needed !== undefined) return `${top}, which imports ${needed}`;
  }
  return null;
}

/** At the top level: what is done whenever the file is imported. */
function importedModules(text: string): string[] {
  const lines = text
    .slice(0, LONGEST)
    .matchAll(/^(?:from[ \t]+(\w[\w.]*)[ \t]+import|import[ \t]+(\w[\w.]*))/gm);
  return [...lines].map(([, from, plain]) => from ?? plain ?? "");
}

const LONGEST = 256 * 1024;

function switchedOff(tree: SourceTree, { tool }: Pyproject): string | null {
  const text = tree.text(PYPROJECT) ?? "";
  const told = (what: string, pattern: RegExp) =>
    `${what} (${PYPROJECT}:${lineOf(text, pattern) ?? 1})`;
  if (tool.uv?.package === false) return told("tool.uv.package is false", /^[ \t]*package\s*=/m);
  if (tool.poetry?.["package-mode"] === false) {
    return told("tool.poetry.package-mode is false", /^[ \t]*package-mode\s*=/m);
  }
  if (tool.pdm?.distribution === false) {
    return told("tool.pdm.distribution is false", /^[ \t]*distribution\s*=/m);
  }
  return null;
}

/** uv and PDM take such a project for none; with pip it is setuptools', if that finds a package. */
function withoutBuildSystem(tree: SourceTree, pyproject: Pyproject): PackageState {
  const because = `${PYPROJECT} has no [build-system]`;
  if (pyproject.tool.uv !== undefined || tree.has("uv.lock")) return { isPackage: false, because };
  if (pyproject.tool.poetry !== undefined) {
    const missing = missingFor("poetry", tree, pyproject);
    return missing === null ? { isPackage: true } : { isPackage: false, because: missing };
  }
  const missing = missingForSetuptools(tree, pyproject);
  const isNamed = packageNames(pyproject).some((name) => isModule(tree, name));
  if (missing === null && isNamed) return { isPackage: true };
  return { isPackage: false, because };
}

/** What a backend would look for in vain; null where it finds something, or is not known. */
function missingFor(backend: string, tree: SourceTree, pyproject: Pyproject): string | null {
  if (pyproject["build-system"]?.["backend-path"]?.length) return null;
  if (backend.startsWith("setuptools")) return missingForSetuptools(tree, pyproject);
  const { tool } = pyproject;
  const isNamed = packageNames(pyproject).some((name) => isModule(tree, name));
  if (isNamed) return null;
  const names = packageNames(pyproject).join(" or ");
  const missing = `there is no ${names === "" ? "package" : names} in it`;
  if (backend.startsWith("poetry")) return tool.poetry?.packages === undefined ? missing : null;
  if (backend.startsWith("hatchling")) return tool.hatch?.build === undefined ? missing : null;
  if (backend.startsWith("flit")) return tool.flit?.module === undefined ? missing : null;
  return null;
}

/** Folders and modules that setuptools leaves out: "Automatic discovery", flat layout. */
const NOT_PACKAGES =
  /^(ci|bin|debian|docs?|documentation|manpages|news|newsfragments|changelog|tests?|unit_tests?|examples?|scripts|tools|utils?|python|build|benchmarks?|exercises?|htmlcov|tasks|fabfile|site_scons|nua|_.*)$/;
const NOT_MODULES =
  /^(setup|conftest|tests?|examples?|build|toxfile|noxfile|pavement|dodo|tasks|fabfile|benchmarks?|exercises?|[Ss]construct|conanfile|manage)\.py$/;

function missingForSetuptools(tree: SourceTree, { tool }: Pyproject): string | null {
  const settings = tool.setuptools ?? {};
  if (["packages", "py-modules", "package-dir"].some((key) => settings[key] !== undefined))
    return null;
  const entries = tree.list("");
  if (entries.some(({ name, kind }) => name === "src" && kind === "folder")) return null;
  const packages = entries.filter(
    ({ name, kind }) =>
      kind === "folder" && /^[A-Za-z_]\w*$/.test(name) && !NOT_PACKAGES.test(name),
  );
  if (packages.length > 1) return `setuptools finds several packages (${list(packages)})`;
  if (packages.length === 1) return null;
  const modules = entries.filter(
    ({ name, kind }) =>
      kind === "file" && /^[A-Za-z_]\w*\.py$/.test(name) && !NOT_MODULES.test(name),
  );
  return modules.length > 1 ? `setuptools finds several modules (${list(modules)})` : null;
}

function list(entries: readonly { name: string }[]): string {
  return entries.map(({ name }) => name).join(", ");
}

/** As backends derive the package from the project's name. */
function packageNames({ project, tool }: Pyproject): string[] {
  const name = project?.name ?? tool.poetry?.name;
  if (name === undefined) return [];
  return [...new Set([name.replace(/[-.]+/g, "_"), name.toLowerCase().replace(/[-_.]+/g, "_")])];
}

function isModule(tree: SourceTree, name: string): boolean {
  return [name, `src/${name}`, `python/${name}`].some(
    (path) => tree.has(`${path}.py`) || tree.list(path).length > 0,
  );
}
