/** Pure: Pipfile.lock. */
import * as v from "valibot";
import type { SourceTree } from "../../../source/source-tree.ts";
import { decide, type MarkerEnvironment } from "../manifests/markers.ts";
import { readJson } from "../manifests/read-file.ts";
import { normalizeName } from "../manifests/requirement.ts";
import { checkVersion } from "./lock-version.ts";
import { indexSource, type LockedPackage, type LockedSource, markerOf } from "./locked-package.ts";

const text = v.optional(v.string());

const packageSchema = v.object({
  ...{ version: text, markers: text, index: text },
  hashes: v.optional(v.array(v.string()), []),
  ...{ git: text, ref: text, subdirectory: text, file: text, path: text },
});

const lockSchema = v.object({
  _meta: v.optional(
    v.object({
      hash: v.optional(v.object({ sha256: text }), {}),
      "pipfile-spec": v.optional(v.number(), 6),
      sources: v.optional(v.array(v.object({ name: text, url: v.string() })), []),
    }),
    {},
  ),
  default: v.optional(v.record(v.string(), packageSchema), {}),
});

type PipfileLock = v.InferOutput<typeof lockSchema>;
type Entry = v.InferOutput<typeof packageSchema>;

export const PIPFILE_LOCK = "Pipfile.lock";

export function readPipfileLock(tree: SourceTree): PipfileLock | undefined {
  const lock = readJson(tree, PIPFILE_LOCK, lockSchema);
  const version = lock?._meta["pipfile-spec"] ?? 6;
  const format = { version, known: /^6$/, key: /"pipfile-spec"/, hint: "version 6 is" };
  checkVersion(tree, PIPFILE_LOCK, format);
  return lock;
}

export function pipfilePackages(
  lock: PipfileLock,
  environment: MarkerEnvironment,
): LockedPackage[] {
  return Object.entries(lock.default)
    .map(([name, one]) => ({
      name: normalizeName(name),
      version: versionOf(one.version ?? "*"),
      marker: decide(markerOf(one.markers), environment),
      source: sourceOf(one, lock),
      files: one.hashes.map((hash) => ({ name: "", hash })),
    }))
    .filter(({ marker }) => marker !== false);
}

// --- internal ---

/** Null for any; what is not pinned is no version, and told as such. */
function versionOf(text: string): string | null {
  return text === "*" ? null : text.replace(/^==\s*/, "");
}

function sourceOf(one: Entry, { _meta: { sources } }: PipfileLock): LockedSource {
  const { git, ref = "", subdirectory = null, file, path } = one;
  if (git !== undefined) return { kind: "git", url: git, commit: ref, folder: subdirectory };
  if (path !== undefined) {
    return { kind: "path", path, isFolder: !/\.(whl|zip|tar\.\w+|tgz)$/.test(path) };
  }
  if (file !== undefined) return { kind: "url", url: file, hash: one.hashes[0] ?? null };
  const named = sources.find(({ name }) => name !== undefined && name === one.index);
  return indexSource((named ?? sources[0])?.url);
}
