/** Pure: pdm.lock. */
import * as v from "valibot";
import type { SourceTree } from "../../../source/source-tree.ts";
import { anyOf, decide, type Marker, type MarkerEnvironment } from "../manifests/markers.ts";
import { readToml } from "../manifests/read-file.ts";
import { normalizeName, type Requirement, readRequirement } from "../manifests/requirement.ts";
import { type Edge, type GraphNode, reach } from "./graph.ts";
import { checkVersion } from "./lock-version.ts";
import {
  indexSource,
  type LockedPackage,
  type LockedSource,
  lockedFile,
  markerOf,
} from "./locked-package.ts";

const text = v.optional(v.string());
const file = v.object({ file: text, url: text, hash: text });

const packageSchema = v.object({
  ...{ name: v.string(), version: text, marker: text },
  extras: v.optional(v.array(v.string()), []),
  groups: v.optional(v.array(v.string())),
  files: v.optional(v.array(file), []),
  dependencies: v.optional(v.array(v.string()), []),
  ...{ git: text, revision: text, ref: text, subdirectory: text },
  ...{ path: text, url: text },
});

const lockSchema = v.object({
  metadata: v.optional(
    v.object({
      lock_version: v.optional(v.string(), "4"),
      content_hash: text,
      groups: v.optional(v.array(v.string()), []),
      files: v.optional(v.record(v.string(), v.array(file)), {}),
    }),
    {},
  ),
  package: v.optional(v.array(packageSchema), []),
});

type PdmPackage = v.InferOutput<typeof packageSchema>;
type PdmLock = v.InferOutput<typeof lockSchema>;

export const PDM_LOCK = "pdm.lock";

export function readPdmLock(tree: SourceTree): PdmLock | undefined {
  const lock = readToml(tree, PDM_LOCK, lockSchema);
  checkVersion(tree, PDM_LOCK, {
    version: lock?.metadata.lock_version ?? "4",
    known: /^4(\.|$)/,
    key: /^lock_version/m,
    hint: "version 4 is: write the lock with a release of PDM that has it",
  });
  return lock;
}

/**
 * What the default group has installed: each package says in which groups it is, unless the lock
 * was made without that.
 */
export function pdmPackages(
  lock: PdmLock,
  roots: readonly Requirement[],
  environment: MarkerEnvironment,
): LockedPackage[] {
  const hasGroups = lock.package.every(({ groups }) => groups !== undefined);
  const found = hasGroups
    ? lock.package.map((one) => [one, groupMarker(one, environment)] as const)
    : reachAll(lock, roots, environment);
  const merged = new Map<string, LockedPackage>();
  for (const [one, marker] of found) {
    if (marker === false) continue;
    // A package with extras is an entry of its own, beside the one without.
    const key = `${normalizeName(one.name)} ${one.version ?? one.path ?? ""}`;
    const before = merged.get(key);
    const files = filesOf(one, lock);
    merged.set(key, {
      name: normalizeName(one.name),
      version: one.version ?? null,
      marker: anyOf([before?.marker ?? false, marker]),
      source: sourceOf(one),
      files: files.length > 0 ? files : (before?.files ?? []),
    });
  }
  return [...merged.values()];
}

// --- internal ---

function groupMarker({ groups = [], marker }: PdmPackage, environment: MarkerEnvironment): Marker {
  const isWanted = ["default", ...environment.extras].some((group) => groups.includes(group));
  return isWanted ? decide(markerOf(marker), environment) : false;
}

type PdmNode = GraphNode & { found: PdmPackage };

function reachAll(
  { package: all }: PdmLock,
  roots: readonly Requirement[],
  environment: MarkerEnvironment,
): (readonly [PdmPackage, Marker])[] {
  // One of `requests[socks]` is a node of its own, named so.
  const nodes = all.map(
    (found): PdmNode => ({
      name: keyOf(found.name, found.extras),
      edges: found.dependencies.flatMap((one) => edgesTo(readRequirement(one))),
      extras: {},
      found,
    }),
  );
  return [...reach(nodes, roots.flatMap(edgesTo), environment)].map(([node, marker]) => [
    node.found,
    marker,
  ]);
}

function edgesTo(one: Requirement | null): Edge[] {
  if (one === null) return [];
  const { name, extras, marker } = one;
  const names = new Set([name, keyOf(name, extras)]);
  return [...names].map((key) => ({
    ...{ name: key, extras: [], marker: markerOf(marker) },
    accepts: () => true,
  }));
}

function keyOf(name: string, extras: readonly string[]): string {
  const all = extras.map(normalizeName).toSorted();
  return all.length === 0 ? normalizeName(name) : `${normalizeName(name)}[${all.join(",")}]`;
}

function sourceOf({
  git,
  revision,
  ref,
  subdirectory,
  path,
  url,
  files,
}: PdmPackage): LockedSource {
  if (git !== undefined) {
    return { kind: "git", url: git, commit: revision ?? ref ?? "", folder: subdirectory ?? null };
  }
  if (path !== undefined) {
    return { kind: "path", path, isFolder: !/\.(whl|zip|tar\.\w+|tgz)$/.test(path) };
  }
  if (url !== undefined) return { kind: "url", url, hash: files[0]?.hash ?? null };
  return indexSource(undefined);
}

function filesOf({ name, version, files }: PdmPackage, { metadata }: PdmLock) {
  const all = files.length > 0 ? files : (metadata.files[`${name} ${version}`] ?? []);
  return all.map((one) => lockedFile(one.file ?? one.url ?? "", one.hash));
}
