/** Pure: poetry.lock, of Poetry 1 and 2. */
import { satisfies } from "@renovatebot/pep440";
import * as v from "valibot";
import type { SourceTree } from "../../../source/source-tree.ts";
import { readConstraint } from "../manifests/constraints.ts";
import { anyOf, decide, type Marker, type MarkerEnvironment } from "../manifests/markers.ts";
import { readToml } from "../manifests/read-file.ts";
import { normalizeName, type Requirement, readRequirement } from "../manifests/requirement.ts";
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
const details = v.object({
  version: text,
  markers: text,
  extras: v.optional(v.array(v.string()), []),
});
const wanted = v.union([v.string(), details, v.array(v.union([v.string(), details]))]);
const file = v.object({ file: v.string(), hash: text });

const packageSchema = v.object({
  name: v.string(),
  version: v.string(),
  optional: v.optional(v.boolean(), false),
  category: text,
  groups: v.optional(v.array(v.string())),
  markers: v.optional(v.union([v.string(), v.record(v.string(), v.string())])),
  files: v.optional(v.array(file)),
  dependencies: v.optional(v.record(v.string(), wanted), {}),
  extras: v.optional(v.record(v.string(), v.array(v.string())), {}),
  source: v.optional(
    v.object({
      ...{ type: v.string(), url: v.string() },
      ...{ reference: text, resolved_reference: text, subdirectory: text },
    }),
  ),
});

const lockSchema = v.object({
  package: v.optional(v.array(packageSchema), []),
  metadata: v.optional(
    v.object({
      "lock-version": v.optional(v.string(), "1.0"),
      "content-hash": text,
      files: v.optional(v.record(v.string(), v.array(file)), {}),
    }),
    {},
  ),
});

type PoetryPackage = v.InferOutput<typeof packageSchema>;
type PoetryLock = v.InferOutput<typeof lockSchema>;

export const POETRY_LOCK = "poetry.lock";

export function readPoetryLock(tree: SourceTree): PoetryLock | undefined {
  const lock = readToml(tree, POETRY_LOCK, lockSchema);
  checkVersion(tree, POETRY_LOCK, {
    version: lock?.metadata["lock-version"] ?? "1.0",
    known: /^[12](\.|$)/,
    key: /^lock-version/m,
    hint: "versions 1 and 2 are: write the lock with a release of Poetry that has them",
  });
  return lock;
}

/**
 * What the main group has installed. Since Poetry 2 the lock says of each package in which groups
 * it is and under which markers; before, that follows from the dependencies.
 * @param roots what the manifest declares
 */
export function poetryPackages(
  lock: PoetryLock,
  roots: readonly Requirement[],
  environment: MarkerEnvironment,
): LockedPackage[] {
  const hasGroups = lock.package.every(({ groups }) => groups !== undefined);
  const found: readonly (readonly [PoetryPackage, Marker])[] = hasGroups
    ? lock.package.map((one) => [one, groupMarker(one, environment)] as const)
    : reachAll(lock, roots, environment);
  return found
    .filter(([, marker]) => marker !== false)
    .map(([one, marker]) => ({
      name: normalizeName(one.name),
      version: one.version,
      marker,
      source: sourceOf(one),
      files: filesOf(one, lock),
    }));
}

// --- internal ---

const MAIN = "main";

function groupMarker({ groups = [], markers }: PoetryPackage, environment: MarkerEnvironment) {
  const wantedGroups = [MAIN, ...environment.groups].filter((group) => groups.includes(group));
  const texts = wantedGroups.map((group) =>
    typeof markers === "string" ? markers : markers?.[group],
  );
  return anyOf(texts.map((one) => decide(markerOf(one), environment)));
}

type PoetryNode = GraphNode & { found: PoetryPackage };

function reachAll(
  { package: all }: PoetryLock,
  roots: readonly Requirement[],
  environment: MarkerEnvironment,
): [PoetryPackage, Marker][] {
  const nodes = all.map(toNode);
  const edges = roots.map(({ name, extras, range, marker }) =>
    edgeTo(name, { extras, ranges: [range], marker: markerOf(marker) }),
  );
  return [...reach(nodes, edges, environment)].map(([node, marker]) => [node.found, marker]);
}

function toNode(found: PoetryPackage): PoetryNode {
  const edges = Object.entries(found.dependencies).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => wantedEdge(name, one)),
  );
  const extras = Object.entries(found.extras).map(([extra, texts]) => {
    const names = texts.map((one) => readRequirement(one)?.name ?? normalizeName(one));
    // Those that an extra asks for are listed among all, with a marker that only tells so.
    return [
      normalizeName(extra),
      edges
        .filter(({ name }) => names.includes(name))
        .map((edge) => ({ ...edge, marker: withoutExtra(edge.marker, extra) })),
    ] as const;
  });
  return { name: normalizeName(found.name), edges, extras: Object.fromEntries(extras), found };
}

function wantedEdge(name: string, value: string | v.InferOutput<typeof details>): Edge {
  const {
    version = "*",
    markers,
    extras,
  } = typeof value === "string" ? { version: value, markers: undefined, extras: [] } : value;
  return edgeTo(normalizeName(name), {
    extras: extras.map(normalizeName),
    ranges: readConstraint(version) ?? [""],
    marker: markerOf(markers),
  });
}

function edgeTo(
  name: string,
  { extras, ranges, marker }: { extras: readonly string[]; ranges: string[]; marker: Marker },
): Edge {
  return {
    ...{ name, extras, marker },
    accepts(node) {
      const { version } = (node as PoetryNode).found;
      return ranges.some(
        (range) => range === "" || satisfies(version, range, { prereleases: true }),
      );
    },
  };
}

function withoutExtra(marker: Marker, extra: string): Marker {
  return decide(marker, { python: undefined, extras: [extra, normalizeName(extra)], groups: [] });
}

function sourceOf({ source }: PoetryPackage): LockedSource {
  if (source === undefined) return indexSource(undefined);
  const { type, url, subdirectory = null, reference = "", resolved_reference } = source;
  if (type === "git") {
    return { kind: "git", url, commit: resolved_reference ?? reference, folder: subdirectory };
  }
  if (type === "url") return { kind: "url", url, hash: null };
  if (type === "directory") return { kind: "path", path: url, isFolder: true };
  if (type === "file") return { kind: "path", path: url, isFolder: false };
  return indexSource(url);
}

function filesOf({ name, files }: PoetryPackage, lock: PoetryLock): LockedFile[] {
  const all = files ?? lock.metadata.files[name] ?? [];
  return all.map((one) => lockedFile(one.file, one.hash));
}
