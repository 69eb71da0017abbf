/**
 * Pure: what a project declares to need, whichever manager it is written for: requirements of an
 * index, repositories and addresses, and projects of the app's own folder.
 */
import { posix } from "node:path";
import { hideCredentials } from "../../../lib/secrets.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { Obstacle } from "../../dependency-rule.ts";
import { gitUrl } from "../manifests/git-url.ts";
import {
  isProject,
  PYPROJECT,
  type Pyproject,
  readPyproject,
  type UvSource,
} from "../manifests/pyproject.ts";
import { fileError, lineOf } from "../manifests/read-file.ts";
import { type Declared, readRequirement } from "../manifests/requirement.ts";
import {
  isSetupCfg,
  SETUP_CFG,
  SETUP_PY,
  setupCfgRequirements,
  setupPyRequirements,
} from "../manifests/setup-files.ts";
import { dynamicRequirements } from "../manifests/setuptools-dynamic.ts";
import { findMember } from "../manifests/workspace.ts";
import { poetryDeclared } from "./poetry-manifest.ts";

export interface DeclaredBy {
  /** The files that say so. */
  files: readonly string[];
  all: readonly Declared[];
}

export interface DeclaredOptions {
  /** Extras of the project that are asked for. */
  extras?: readonly string[];
  /** Where projects of a workspace are looked for; the project itself by default. */
  workspace?: { tree: SourceTree; folder: string };
}

/**
 * @throws Obstacle where only its build backend can tell
 * @throws NuaError where a manifest is broken
 */
export function readDeclared(tree: SourceTree, options: DeclaredOptions = {}): DeclaredBy {
  const pyproject = readPyproject(tree);
  if (pyproject !== undefined && isDeclaring(pyproject)) {
    return { files: [PYPROJECT], all: fromPyproject(tree, pyproject, options) };
  }
  const script = tree.text(SETUP_PY);
  const listed = script === undefined ? null : setupPyRequirements(script);
  const own = (texts: readonly string[], file: string) => ({
    files: [file],
    all: texts.map((one) => declare(one, file, tree)),
  });
  if (listed !== null) return own(listed, SETUP_PY);
  if (isSetupCfg(tree.text(SETUP_CFG))) return own(setupCfgRequirements(tree), SETUP_CFG);
  return { files: script === undefined ? [PYPROJECT] : [SETUP_PY], all: [] };
}

/** One requirement as it is written in a file. */
export function declare(text: string, file: string, tree: SourceTree): Declared {
  const requirement = readRequirement(text);
  if (requirement === null) {
    const line = lineOf(tree.text(file) ?? "", literally(text));
    const problem = `"${hideCredentials(text)}" is no requirement`;
    throw fileError(file, problem, { ...(line === undefined ? {} : { line }), hint: PEP_508 });
  }
  const { url } = requirement;
  if (url !== null && hideCredentials(url) !== url) {
    throw new Obstacle(`${file} names "${hideCredentials(text)}"`);
  }
  const path = url === null ? null : pathOf(url);
  return { requirement, path, index: null };
}

// --- internal ---

const PEP_508 = 'write it as "name>=1.0" or "name @ address"';

function isDeclaring(pyproject: Pyproject): boolean {
  return isProject(pyproject) && (pyproject.project ?? pyproject.tool.poetry) !== undefined;
}

function fromPyproject(
  tree: SourceTree,
  pyproject: Pyproject,
  { extras = [], workspace }: DeclaredOptions,
): Declared[] {
  const { project, tool } = pyproject;
  if (project === undefined || isInPoetryOnly(pyproject)) {
    return poetryDeclared(tool.poetry!, { isBeside: false });
  }
  const listed = project.dynamic.includes("dependencies")
    ? dynamicRequirements(tree, pyproject)
    : (project.dependencies ?? []);
  const optional = extras.flatMap((one) => project["optional-dependencies"][one] ?? []);
  const all = [...listed, ...optional].map((one) => declare(one, PYPROJECT, tree));
  const sources = tool.uv?.sources ?? {};
  const beside = tool.poetry === undefined ? [] : poetryDeclared(tool.poetry, { isBeside: true });
  return all.map((one) => {
    const { name } = one.requirement;
    const enriched = beside.find(({ requirement }) => requirement.name === name);
    if (enriched !== undefined && isElsewhere(enriched)) {
      return { ...enriched, requirement: { ...one.requirement, url: enriched.requirement.url } };
    }
    const source = Object.entries(sources).find(([key]) => sameName(key, name))?.[1];
    const first = Array.isArray(source) ? source.find(isForLinux) : source;
    return first === undefined
      ? one
      : fromSource(one, first, pyproject, workspace ?? { tree, folder: "" });
  });
}

/** Poetry 2 reads `[project]` first; what is dynamic there is in its own table. */
function isInPoetryOnly({ project, tool }: Pyproject): boolean {
  const isDynamic = project?.dynamic.includes("dependencies") ?? false;
  return isDynamic && Object.keys(tool.poetry?.dependencies ?? {}).length > 0;
}

function isElsewhere({ path, index, requirement }: Declared): boolean {
  return path !== null || index !== null || requirement.url !== null;
}

function fromSource(
  one: Declared,
  source: UvSource,
  { tool }: Pyproject,
  workspace: { tree: SourceTree; folder: string },
): Declared {
  const { name } = one.requirement;
  if (source.workspace === true) {
    const member = findMember(workspace.tree, name);
    if (member === undefined)
      throw fileError(PYPROJECT, `no member of the workspace is named "${name}"`);
    return { ...one, path: posix.relative(workspace.folder, member) || "." };
  }
  if (source.path !== undefined) return { ...one, path: source.path };
  const url = source.url ?? gitUrl(source);
  if (url !== undefined) return { ...one, requirement: { ...one.requirement, url, range: "" } };
  const index = tool.uv?.index.find((entry) => entry.name === source.index);
  return index === undefined ? one : { ...one, index: index.url };
}

function isForLinux({ marker }: UvSource): boolean {
  return marker === undefined || !/win32|darwin|Windows|Darwin/.test(marker);
}

function sameName(key: string, name: string): boolean {
  return key.replace(/[-_.]+/g, "-").toLowerCase() === name;
}

/** Of `file:` addresses, with the variables that PDM and hatch have for the project's folder. */
function pathOf(url: string): string | null {
  const path = /^file:(?:\/\/)?(.*)$/.exec(url)?.[1] ?? /^\{root:uri\}(.*)$/.exec(url)?.[1];
  if (path === undefined) return null;
  const below = path.replace(/^\/?\$\{PROJECT_ROOT\}/, "").replace(/^\{root(:uri)?\}/, "");
  return below === path && path.startsWith("/")
    ? path
    : `.${below.startsWith("/") ? "" : "/"}${below}`;
}

function literally(text: string): RegExp {
  return new RegExp(RegExp.escape(text));
}
