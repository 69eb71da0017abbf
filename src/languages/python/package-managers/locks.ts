/** Pure: the lock files of Python's managers: which one holds, and what it pins. */
import type { SourceTree } from "../../../source/source-tree.ts";
import type { MarkerEnvironment } from "../manifests/markers.ts";
import { PYPROJECT, type Pyproject, readPyproject } from "../manifests/pyproject.ts";
import { readRawToml } from "../manifests/read-file.ts";
import type { Declared, Requirement } from "../manifests/requirement.ts";
import { contentHash } from "./lock-fit.ts";
import type { Lock } from "./locked-package.ts";
import { PDM_LOCK, pdmPackages, readPdmLock } from "./pdm-lock.ts";
import { PIPFILE } from "./pipfile.ts";
import { PIPFILE_LOCK, pipfilePackages, readPipfileLock } from "./pipfile-lock.ts";
import { POETRY_LOCK, poetryPackages, readPoetryLock } from "./poetry-lock.ts";
import { PYLOCK, readPylock } from "./pylock.ts";
import { projectOf, readUvLock, uvMisfits, uvPackages } from "./uv-lock.ts";

export interface LockInput {
  /** The folder that the lock is in. */
  tree: SourceTree;
  /** The project's folder, relative to it; "" is that itself. */
  folder: string;
  pyproject: Pyproject | undefined;
  environment: MarkerEnvironment;
  /** What the manifest declares; null where only a build backend can tell. */
  declared: readonly Declared[] | null;
}

export interface LockKind {
  file: string;
  /** The manifest that it is made from. */
  manifest: string;
  /** What makes it anew. */
  command: string;
  /** Whether a manifest is written for this manager. */
  isMeant(pyproject: Pyproject): boolean;
  /** @throws NuaError when it is broken, or newer than what is known */
  read(input: LockInput): Lock | undefined;
}

/** In the order in which they hold where the manifest does not tell. */
export const LOCK_KINDS: readonly LockKind[] = [
  {
    ...{ file: "uv.lock", manifest: PYPROJECT, command: "uv lock" },
    isMeant: ({ tool, ...others }) => tool.uv !== undefined || isBackend(others, "uv_build"),
    read: readUv,
  },
  {
    ...{ file: POETRY_LOCK, manifest: PYPROJECT, command: "poetry lock" },
    isMeant: ({ tool, ...others }) => tool.poetry !== undefined || isBackend(others, "poetry"),
    read: readPoetry,
  },
  {
    ...{ file: PDM_LOCK, manifest: PYPROJECT, command: "pdm lock" },
    isMeant: ({ tool, ...others }) => tool.pdm !== undefined || isBackend(others, "pdm"),
    read: readPdm,
  },
  {
    ...{ file: PYLOCK, manifest: PYPROJECT, command: "uv export --format pylock.toml" },
    isMeant: () => false,
    read: ({ tree, environment }) => readPylock(tree, environment),
  },
  {
    ...{ file: PIPFILE_LOCK, manifest: PIPFILE, command: "pipenv lock" },
    isMeant: () => false,
    read: readPipenv,
  },
];

export interface ChosenLock {
  kind: LockKind;
  /** Others that are there, and left alone. */
  others: readonly string[];
}

/**
 * The lock that holds in a folder: that of the manager that the manifest is written for, else the
 * first. One whose manifest is not there is none.
 */
export function chooseLock(tree: SourceTree): ChosenLock | null {
  const pyproject = readPyproject(tree);
  const there = LOCK_KINDS.filter(({ file }) => tree.has(file));
  const usable = there.filter(
    ({ file, manifest }) => tree.has(manifest) || file === PYLOCK || file === PIPFILE_LOCK,
  );
  const meant = pyproject === undefined ? undefined : usable.find((one) => one.isMeant(pyproject));
  const kind = meant ?? usable[0];
  if (kind === undefined) return null;
  return { kind, others: there.filter((one) => one !== kind).map(({ file }) => file) };
}

/** The lock that a project without one would have: that of the manager that it is written for. */
export function lockKindFor(tree: SourceTree): LockKind {
  const pyproject = readPyproject(tree);
  const found =
    pyproject === undefined
      ? LOCK_KINDS.find(({ manifest }) => tree.has(manifest))
      : LOCK_KINDS.find((one) => one.isMeant(pyproject));
  return found ?? LOCK_KINDS[0]!;
}

// --- internal ---

function isBackend(pyproject: Pick<Pyproject, "build-system">, name: string): boolean {
  return pyproject["build-system"]?.["build-backend"]?.startsWith(name) === true;
}

function readUv({ tree, folder, environment, declared }: LockInput): Lock | undefined {
  const lock = readUvLock(tree);
  if (lock === undefined) return undefined;
  const project = projectOf(lock, folder);
  const differing = project === undefined || declared === null ? [] : uvMisfits(project, declared);
  return {
    file: lock.file,
    packages: uvPackages(lock, { folder, environment }),
    stale: differing.length === 0 ? null : differing.join(", "),
  };
}

function readPoetry({ tree, pyproject, environment, declared }: LockInput): Lock | undefined {
  const lock = readPoetryLock(tree);
  if (lock === undefined) return undefined;
  const hash = lock.metadata["content-hash"];
  const isSame = hash === undefined || poetryHashes(tree).includes(hash);
  return {
    file: POETRY_LOCK,
    packages: poetryPackages(lock, requirementsOf(declared), environment),
    stale: isSame || pyproject === undefined ? null : HASH_DIFFERS,
  };
}

function readPdm({ tree, environment, declared }: LockInput): Lock | undefined {
  const lock = readPdmLock(tree);
  if (lock === undefined) return undefined;
  const [, hash] = lock.metadata.content_hash?.split(":") ?? [];
  return {
    file: PDM_LOCK,
    packages: pdmPackages(lock, requirementsOf(declared), environment),
    stale: hash === undefined || pdmHashes(tree).includes(hash) ? null : HASH_DIFFERS,
  };
}

function readPipenv({ tree, environment }: LockInput): Lock | undefined {
  const lock = readPipfileLock(tree);
  if (lock === undefined) return undefined;
  const hash = lock._meta.hash.sha256;
  const isSame = hash === undefined || !tree.has(PIPFILE) || pipfileHash(tree) === hash;
  return {
    file: PIPFILE_LOCK,
    packages: pipfilePackages(lock, environment),
    stale: isSame ? null : HASH_DIFFERS,
  };
}

const HASH_DIFFERS = "its digest of the manifest is another";

function requirementsOf(declared: readonly Declared[] | null): Requirement[] {
  return (declared ?? []).map(({ requirement }) => requirement);
}

/** Of what Poetry compares: releases differ in what they take of `[project]` and of groups. */
function poetryHashes(tree: SourceTree): string[] {
  const { project = {}, "dependency-groups": groups, tool } = readRawToml(tree, PYPROJECT);
  const poetry = tableOf(tableOf(tool).poetry);
  const ownProject = pick(tableOf(project), POETRY_PROJECT_KEYS);
  const legacy = Object.fromEntries(POETRY_KEYS.map((key) => [key, poetry[key] ?? null]));
  const group = poetry.group === undefined ? {} : { group: poetry.group };
  const plain = { ...legacy, ...group };
  const used = pick(poetry, [...POETRY_KEYS, "group"]);
  const withGroups = groups === undefined ? {} : { "dependency-groups": groups };
  const hasProject = Object.keys(ownProject).length > 0;
  const parts = hasProject ? { project: ownProject } : {};
  return [
    plain,
    { ...parts, tool: { poetry: used } },
    { ...parts, ...withGroups, tool: { poetry: used } },
  ].map((value) => contentHash(value));
}

const POETRY_KEYS = ["dependencies", "source", "extras", "dev-dependencies"];
const POETRY_PROJECT_KEYS = ["requires-python", "dependencies", "optional-dependencies"];

function pdmHashes(tree: SourceTree): string[] {
  const { project, "dependency-groups": groups, tool } = readRawToml(tree, PYPROJECT);
  const pdm = tableOf(tableOf(tool).pdm);
  const own = tableOf(project);
  const common = {
    sources: pdm.source ?? [],
    dependencies: own.dependencies ?? [],
    "dev-dependencies": { ...tableOf(groups), ...tableOf(pdm["dev-dependencies"]) },
    "optional-dependencies": own["optional-dependencies"] ?? {},
    "requires-python": own["requires-python"] ?? "",
  };
  const resolution = tableOf(pdm.resolution);
  return [
    { ...common, resolution },
    { ...common, overrides: tableOf(pdm.overrides) },
    { ...common, overrides: tableOf(resolution.overrides) },
  ].map((value) => contentHash(value));
}

function pipfileHash(tree: SourceTree): string {
  const raw = readRawToml(tree, PIPFILE);
  const {
    source,
    requires,
    packages,
    pipfile: _pipfile,
    scripts: _scripts,
    pipenv: _,
    ...others
  } = raw;
  const { "dev-packages": develop, ...categories } = others;
  const meta = { sources: source ?? PIPFILE_SOURCES, requires: requires ?? {} };
  const value = { ...categories, _meta: meta, default: packages ?? {}, develop: develop ?? {} };
  return contentHash(value, "compact");
}

/** What Pipenv has where a Pipfile names none. */
const PIPFILE_SOURCES = [{ url: "https://pypi.org/simple", verify_ssl: true, name: "pypi" }];

function pick(table: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    keys.filter((key) => table[key] !== undefined).map((key) => [key, table[key]]),
  );
}

function tableOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
