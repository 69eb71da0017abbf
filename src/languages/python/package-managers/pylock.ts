/** Pure: pylock.toml (PEP 751). */
import { posix } from "node:path";
import * as v from "valibot";
import type { SourceTree } from "../../../source/source-tree.ts";
import { decide, type MarkerEnvironment } from "../manifests/markers.ts";
import { readToml } from "../manifests/read-file.ts";
import { normalizeName } from "../manifests/requirement.ts";
import { checkVersion } from "./lock-version.ts";
import {
  indexSource,
  type Lock,
  type LockedPackage,
  type LockedSource,
  lockedFile,
  markerOf,
} from "./locked-package.ts";

const text = v.optional(v.string());
const hashes = v.optional(v.record(v.string(), v.string()), {});
const file = v.object({ name: text, url: text, path: text, hashes });

const lockSchema = v.object({
  "lock-version": v.string(),
  packages: v.optional(
    v.array(
      v.object({
        name: v.string(),
        version: text,
        marker: text,
        index: text,
        vcs: v.optional(
          v.object({
            ...{ type: v.string(), url: text, path: text },
            ...{ "commit-id": v.string(), subdirectory: text },
          }),
        ),
        directory: v.optional(v.object({ path: v.string(), subdirectory: text })),
        archive: v.optional(file),
        sdist: v.optional(file),
        wheels: v.optional(v.array(file), []),
      }),
    ),
    [],
  ),
});

type Entry = v.InferOutput<typeof lockSchema>["packages"][number];

export const PYLOCK = "pylock.toml";

export function readPylock(tree: SourceTree, environment: MarkerEnvironment): Lock | undefined {
  const lock = readToml(tree, PYLOCK, lockSchema);
  if (lock === undefined) return undefined;
  const version = lock["lock-version"];
  const format = { version, known: /^1(\.|$)/, key: /^lock-version/m, hint: "version 1.0 is" };
  checkVersion(tree, PYLOCK, format);
  const packages = lock.packages
    .map((one) => toPackage(one, environment))
    .filter(({ marker }) => marker !== false);
  return { file: PYLOCK, packages, stale: null };
}

// --- internal ---

function toPackage(one: Entry, environment: MarkerEnvironment): LockedPackage {
  const all = [...(one.sdist === undefined ? [] : [one.sdist]), ...one.wheels];
  return {
    name: normalizeName(one.name),
    version: one.version ?? null,
    marker: decide(markerOf(one.marker), environment),
    source: sourceOf(one),
    files: all.map(({ name, url, path, hashes: found }) =>
      lockedFile(name ?? url ?? path ?? "", hashOf(found)),
    ),
  };
}

function sourceOf({ vcs, directory, archive, index }: Entry): LockedSource {
  if (vcs !== undefined) {
    const { url, path, "commit-id": commit, subdirectory = null } = vcs;
    return { kind: "git", url: url ?? path ?? "", commit, folder: subdirectory };
  }
  if (directory !== undefined) {
    const path = posix.join(directory.path, directory.subdirectory ?? "");
    return { kind: "path", path, isFolder: true };
  }
  if (archive?.path !== undefined) return { kind: "path", path: archive.path, isFolder: false };
  if (archive?.url !== undefined) {
    return { kind: "url", url: archive.url, hash: hashOf(archive.hashes) ?? null };
  }
  return indexSource(index);
}

function hashOf(found: Readonly<Record<string, string>>): string | undefined {
  const algorithm = ["sha256", "sha512", "sha384"].find((name) => found[name] !== undefined);
  return algorithm === undefined ? undefined : `${algorithm}:${found[algorithm]}`;
}
