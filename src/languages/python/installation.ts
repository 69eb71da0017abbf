/**
 * Pure: what an app has installed of other packages, and how: exactly what its lock pins, or what
 * its manifest declares, resolved by pip; and which projects of its own folder are built for it.
 */

import { posix } from "node:path";
import { oncePer } from "../../lib/once-per.ts";
import { type SourceTree, subtree } from "../../source/source-tree.ts";
import { Obstacle } from "../dependency-rule.ts";
import { type Collected, collectDeclared, usedPipfile } from "./collect-declared.ts";
import { planIndexes } from "./indexes.ts";
import type { MarkerEnvironment } from "./manifests/markers.ts";
import { PYPROJECT, type Pyproject, readPyproject } from "./manifests/pyproject.ts";
import { fileError } from "./manifests/read-file.ts";
import { type Declared, formatRequirement } from "./manifests/requirement.ts";
import { workspaceMembers } from "./manifests/workspace.ts";
import { misfits } from "./package-managers/lock-fit.ts";
import { type LockText, lockText } from "./package-managers/lock-text.ts";
import type { Lock, LockedPackage } from "./package-managers/locked-package.ts";
import { chooseLock, type LockKind, lockKindFor } from "./package-managers/locks.ts";
import { PIPFILE } from "./package-managers/pipfile.ts";
import { findRequirements } from "./requirements.ts";

export interface InstallationOptions {
  /** Such as "3.11"; undefined where it is not known yet. */
  python: string | undefined;
  /** The member of a workspace that is the app. */
  member: string | null;
  /** Whether a lock that does not fit is an error. */
  isFrozen: boolean;
}

export interface Installation {
  /** The file that decides. */
  file: string;
  /** All that were read for it. */
  files: readonly string[];
  what: Locked | Resolved | Unknown;
  warnings: readonly string[];
}

/** Exactly the packages of a lock. */
export interface Locked {
  kind: "locked";
  text: LockText;
  packages: readonly LockedPackage[];
}

/** Requirements that pip resolves. */
export interface Resolved {
  kind: "resolved";
  /** One each, without those that the app's folder has. */
  requirements: readonly string[];
  /** Those that one index alone is asked for, before all others. */
  apart: readonly { index: string; requirements: readonly string[] }[];
  /** Options of pip. */
  options: readonly string[];
  /** Versions to keep where they can be: those of a lock that does not fit any more. */
  preferred: readonly string[];
  /** Projects of the app's folder, and archives, relative to the source. */
  folders: readonly string[];
  archives: readonly string[];
}

/** What only a build backend can tell. */
export interface Unknown {
  kind: "unknown";
  because: string;
  folders: readonly string[];
}

/**
 * @throws NuaError where a manifest or a lock is broken, or with `isFrozen` where they do not fit
 */
export const planInstallation = oncePer(
  (tree: SourceTree, options: InstallationOptions): Installation => {
    const folder = options.member ?? "";
    const project = subtree(tree, folder);
    const place = placeOfLock(tree, folder);
    const declared = collectDeclared(project, { workspace: place.tree, folder: place.folder });
    const environment = environmentOf(readPyproject(project), options.python);
    const chosen = chooseLock(place.tree);
    const lock = chosen?.kind.read({
      ...{ tree: place.tree, folder: place.folder, environment },
      pyproject: readPyproject(project),
      declared: declared instanceof Obstacle ? null : declared.own,
    });
    if (chosen === null || lock === undefined) {
      const found = withoutLock(project, folder, declared);
      return { ...found, warnings: [...found.warnings, ...noLock(project, declared)] };
    }
    const warnings = chosen.others.map(
      (other) => `${other} is left alone: ${lock.file} decides which versions are installed`,
    );
    const problems =
      declared instanceof Obstacle ? [] : misfits(declared.own, lock.packages, environment);
    tellStale(lock, chosen.kind, problems, { options, warnings });
    if (problems.length > 0 && !(declared instanceof Obstacle)) {
      const names = problems.map(({ name }) => name);
      const found = withoutLock(project, folder, declared);
      if (found.what.kind !== "resolved") return found;
      const what = { ...found.what, preferred: preferredOf(lock.packages, names) };
      return { ...found, what, warnings: [...warnings, ...found.warnings] };
    }
    const text = moved(lockText(lock), place.folder === folder ? "" : folder);
    return {
      file: lock.file,
      files: [lock.file, chosen.kind.manifest].filter((name) => place.tree.has(name)),
      what: { kind: "locked", text, packages: lock.packages },
      warnings,
    };
  },
);

// --- internal ---

/** Groups that are there for developers, whatever else is installed by default. */
const DEVELOPMENT = /^(dev|develop|development|tests?|testing|lint|linting|docs?|typing|types)$/;

function environmentOf(
  pyproject: Pyproject | undefined,
  python: string | undefined,
): MarkerEnvironment {
  const groups = pyproject?.tool.uv?.["default-groups"];
  const all =
    groups === "all" ? Object.keys(pyproject?.["dependency-groups"] ?? {}) : (groups ?? []);
  return { python, extras: [], groups: all.filter((group) => !DEVELOPMENT.test(group)) };
}

/** A workspace has one lock, at its top. */
function placeOfLock(tree: SourceTree, folder: string): { tree: SourceTree; folder: string } {
  const own = subtree(tree, folder);
  const isShared = folder !== "" && chooseLock(own) === null && isWorkspaceOf(tree, folder);
  return isShared ? { tree, folder } : { tree: own, folder: "" };
}

function isWorkspaceOf(tree: SourceTree, folder: string): boolean {
  return workspaceMembers(tree).includes(folder);
}

function withoutLock(
  project: SourceTree,
  folder: string,
  declared: Collected | Obstacle,
): Installation {
  const pyproject = readPyproject(project);
  const pipfile = usedPipfile(project, pyproject);
  const file = pipfile === undefined ? PYPROJECT : PIPFILE;
  if (declared instanceof Obstacle) {
    const what = { kind: "unknown", because: declared.message, folders: [] } as const;
    return { file, files: [file], what, warnings: [] };
  }
  const { options, warnings } = planIndexes(pyproject, pipfile);
  const apart = Map.groupBy(declared.requirements, ({ index }) => index);
  const textOf = ({ requirement }: Declared) => formatRequirement(requirement);
  const inSource = (path: string) => posix.normalize(posix.join(folder, path));
  return {
    file: declared.files[0] ?? file,
    files: declared.files,
    warnings,
    what: {
      kind: "resolved",
      requirements: declared.requirements.map(textOf),
      apart: [...apart].flatMap(([index, all]) =>
        index === null ? [] : [{ index, requirements: all.map(textOf) }],
      ),
      options,
      preferred: [],
      folders: declared.folders.map(inSource),
      archives: declared.archives.map(inSource),
    },
  };
}

/** Where versions are free, and no file has the chosen ones. */
function noLock(project: SourceTree, declared: Collected | Obstacle): string[] {
  if (declared instanceof Obstacle || findRequirements(project) !== null) return [];
  const isFree = ({ requirement, path }: Declared) =>
    path === null && requirement.url === null && !/^===?[^*,]+$/.test(requirement.range);
  if (!declared.requirements.some(isFree)) return [];
  const { command, file } = lockKindFor(project);
  return [`there is no lock file: two builds may not install the same; ${command} writes ${file}`];
}

/** That a lock does not fit: told, or an error where it has to. */
function tellStale(
  lock: Lock,
  kind: LockKind,
  problems: readonly { problem: string }[],
  { options, warnings }: { options: InstallationOptions; warnings: string[] },
): void {
  if (problems.length === 0 && lock.stale === null) return;
  const reasons = problems.map(({ problem }) => problem).join("; ") || lock.stale;
  const what = `${lock.file} does not fit ${kind.manifest}: ${reasons}`;
  const hint = `run "${kind.command}", and commit ${lock.file}`;
  if (options.isFrozen) throw fileError(lock.file, what.slice(lock.file.length + 1), { hint });
  const done =
    problems.length > 0
      ? "dependencies are resolved anew, and keep its versions where they can"
      : "its versions are installed, since they are allowed";
  warnings.push(`${what}; ${done}; ${hint}`);
}

function preferredOf(packages: readonly LockedPackage[], without: readonly string[]): string[] {
  const byName = Map.groupBy(packages, ({ name }) => name);
  return [...byName].flatMap(([name, [one, ...others]]) => {
    const isPlain = one?.source.kind === "index" && one.version !== null && others.length === 0;
    return isPlain && !without.includes(name) ? [`${name}==${one.version}`] : [];
  });
}

/** Paths of a lock below the folder of the app, relative to the source. */
function moved(text: LockText, folder: string): LockText {
  const inSource = (path: string) => posix.normalize(posix.join(folder, path));
  return { ...text, folders: text.folders.map(inSource), archives: text.archives.map(inSource) };
}
