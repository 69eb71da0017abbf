/** Pure: uv.lock, and the locks that uv writes for scripts. */
import { posix } from "node:path";
import * as v from "valibot";
import { oncePer } from "../../../lib/once-per.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import type { MarkerEnvironment } from "../manifests/markers.ts";
import { readToml } from "../manifests/read-file.ts";
import { type Declared, normalizeName } from "../manifests/requirement.ts";
import { type Edge, type GraphNode, reach } from "./graph.ts";
import { checkVersion } from "./lock-version.ts";
import {
  indexSource,
  type LockedFile,
  type LockedPackage,
  type LockedSource,
  lockedFile,
  markerOf,
} from "./locked-package.ts";

const text = v.optional(v.string());
const file = v.object({ url: text, path: text, filename: text, hash: text });
const source = v.object({
  ...{ registry: text, git: text, url: text, path: text },
  ...{ directory: text, editable: text, virtual: text, subdirectory: text },
});
const edge = v.object({
  name: v.string(),
  version: text,
  source: v.optional(source),
  marker: text,
  extra: v.optional(v.array(v.string()), []),
});
const edges = v.array(edge);
const wanted = v.looseObject({ name: v.string(), specifier: text, marker: text });

const packageSchema = v.object({
  name: v.string(),
  version: text,
  source: v.optional(source, {}),
  dependencies: v.optional(edges, []),
  "optional-dependencies": v.optional(v.record(v.string(), edges), {}),
  "dev-dependencies": v.optional(v.record(v.string(), edges), {}),
  sdist: v.optional(file),
  wheels: v.optional(v.array(file), []),
  metadata: v.optional(v.object({ "requires-dist": v.optional(v.array(wanted), []) })),
});

const lockSchema = v.object({
  version: v.optional(v.number()),
  manifest: v.optional(
    v.object({
      members: v.optional(v.array(v.string()), []),
      requirements: v.optional(v.array(wanted), []),
    }),
    {},
  ),
  package: v.optional(v.array(packageSchema), []),
});

type UvPackage = v.InferOutput<typeof packageSchema>;
type UvEdge = v.InferOutput<typeof edge>;

export interface UvLock {
  file: string;
  packages: UvPackage[];
  members: readonly string[];
  /** Of a script. */
  requirements: readonly v.InferOutput<typeof wanted>[];
}

/** @throws NuaError when it is broken, or newer than what is known */
export function readUvLock(tree: SourceTree, name = "uv.lock"): UvLock | undefined {
  const lock = readToml(tree, name, lockSchema);
  if (lock === undefined) return undefined;
  checkVersion(tree, name, {
    version: lock.version ?? "(none)",
    known: /^1$/,
    key: /^version\s*=/m,
    hint: "version 1 is: write the lock with a release of uv that has it",
  });
  const { members = [], requirements = [] } = lock.manifest;
  return { file: name, packages: lock.package, members, requirements };
}

export interface UvTarget {
  /** The project's folder, relative to the lock's; "" is that itself. */
  folder: string;
  /** Extras and groups come from the environment. */
  environment: MarkerEnvironment;
}

/** The package of a lock that is a project's, in its folder; undefined where it has none. */
export function projectOf(lock: UvLock, folder: string): UvPackage | undefined {
  return lock.packages.find(({ source: from }) => {
    const place = from.virtual ?? from.editable ?? from.directory;
    return place !== undefined && posix.normalize(place) === (folder === "" ? "." : folder);
  });
}

/** What is installed; the project itself is not among it. */
export function uvPackages(lock: UvLock, { folder, environment }: UvTarget): LockedPackage[] {
  const nodes = nodesOf(lock.packages);
  const project = projectOf(lock, folder);
  const roots =
    project === undefined
      ? rootsWithoutProject(lock)
      : [
          ...project.dependencies,
          ...environment.extras.flatMap((one) => project["optional-dependencies"][one] ?? []),
          ...environment.groups.flatMap((one) => project["dev-dependencies"][one] ?? []),
        ].map(toEdge);
  const found = reach(nodes, roots, environment);
  return [...found].flatMap(([{ found: one }, marker]) => {
    const from = sourceOf(one.source);
    if (from === null || one === project) return [];
    const { name, version = null } = one;
    return [{ name: normalizeName(name), version, marker, source: from, files: filesOf(one) }];
  });
}

/** In which dependencies the project's manifest is another than the one that was locked. */
export function uvMisfits(project: UvPackage, declared: readonly Declared[]): string[] {
  const listed = project.metadata?.["requires-dist"];
  if (listed === undefined) return [];
  const locked = listed.filter(({ marker }) => !/\bextra\s*==/.test(marker ?? ""));
  const before = new Map(locked.map((one) => [normalizeName(one.name), one.specifier ?? ""]));
  const now = new Map(declared.map(({ requirement: one }) => [one.name, one.range]));
  const changed = [...now].filter(([name, range]) => !isSameRange(before.get(name), range));
  const gone = [...before.keys()].filter((name) => !now.has(name));
  return [...changed.map(([name]) => name), ...gone];
}

// --- internal ---

function isSameRange(before: string | undefined, now: string): boolean {
  const clauses = (range: string) => range.replace(/\s+/g, "").split(",").toSorted().join();
  return before !== undefined && (clauses(before) === clauses(now) || before === "" || now === "");
}

type UvNode = GraphNode & { found: UvPackage };

/** A workspace without a project at its top has all of its members; a script has its own list. */
function rootsWithoutProject(lock: UvLock): Edge[] {
  const members = lock.members.map((name) => ({ name, extra: [] }));
  const listed = lock.requirements.map(({ name, marker, extras }) => ({
    name,
    marker,
    extra: v.is(v.array(v.string()), extras) ? extras : [],
  }));
  return [...members, ...listed].map(toEdge);
}

/** Their markers are many. */
const nodesOf = oncePer((packages: UvPackage[]) => packages.map(toNode));

function toNode(one: UvPackage): UvNode {
  const { name, dependencies } = one;
  const optional = Object.entries(one["optional-dependencies"]);
  return {
    name: normalizeName(name),
    edges: dependencies.map(toEdge),
    extras: Object.fromEntries(optional.map(([extra, list]) => [extra, list.map(toEdge)])),
    found: one,
  };
}

function toEdge(one: Pick<UvEdge, "name" | "extra"> & Partial<UvEdge>): Edge {
  const { name, version, marker, extra } = one;
  return {
    name: normalizeName(name),
    extras: extra,
    marker: markerOf(marker),
    accepts(node) {
      const { found } = node as UvNode;
      if (version !== undefined && found.version !== version) return false;
      return one.source === undefined || isSame(one.source, found.source);
    },
  };
}

function isSame(a: object, b: object): boolean {
  const normal = (one: object) => JSON.stringify(Object.entries(one).toSorted());
  return normal(a) === normal(b);
}

/** Null for what is not installed: a project that is no package. */
function sourceOf(from: UvPackage["source"]): LockedSource | null {
  if (from.virtual !== undefined) return null;
  if (from.git !== undefined) return gitSource(from.git);
  if (from.url !== undefined) return { kind: "url", url: from.url, hash: null };
  const folder = from.editable ?? from.directory;
  const path = folder ?? from.path;
  if (path !== undefined) return { kind: "path", path, isFolder: folder !== undefined };
  return indexSource(from.registry);
}

/** `https://host/repository?rev=main&subdirectory=a#COMMIT` */
function gitSource(address: string): LockedSource {
  const [, url = address, query = "", commit = ""] =
    /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(address) ?? [];
  const folder = new URLSearchParams(query).get("subdirectory");
  return { kind: "git", url, commit, folder };
}

function filesOf({ sdist, wheels }: UvPackage): LockedFile[] {
  const all = [...(sdist === undefined ? [] : [sdist]), ...wheels];
  return all.map(({ url, path, filename, hash }) =>
    lockedFile(filename ?? url ?? path ?? "", hash),
  );
}
