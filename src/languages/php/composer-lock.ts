/** Reads composer.lock, and whether it fits composer.json. Source: composer/composer, Locker. */
import * as v from "valibot";
import { oncePer } from "../../lib/once-per.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import {
  type ComposerJson,
  LOCK,
  MANIFEST,
  originIn,
  readComposerJson,
  readJsonObject,
} from "./composer-json.ts";
import { parseConstraint, releaseOf } from "./constraint.ts";
import { contentHash } from "./content-hash.ts";

export interface LockedPackage {
  name: string;
  version: string;
  type: string;
  require: Readonly<Record<string, string>>;
  /** What it stands in for: names of packages. */
  provides: readonly string[];
  /** Where its files come from: "path" is a folder of the app's own. */
  dist: string | undefined;
  source: string | undefined;
}

export interface ComposerLock {
  contentHash: string | undefined;
  /** Those that an app runs with. */
  packages: readonly LockedPackage[];
  /** Those for development. */
  devPackages: readonly LockedPackage[];
}

/**
 * Null where there is none.
 * @throws NuaError (input) for what is no JSON, or has a conflict in it
 */
export const readComposerLock = oncePer((tree: SourceTree): ComposerLock | null => {
  if (!tree.has(LOCK)) return null;
  const raw = v.parse(schema, readJsonObject(tree, LOCK));
  return {
    contentHash: raw["content-hash"],
    packages: raw.packages.flatMap(toPackage),
    devPackages: raw["packages-dev"].flatMap(toPackage),
  };
});

export interface Mismatch {
  reason: string;
  from: Origin;
}

/** What Composer itself would refuse to install from; null where there is nothing. */
export function lackOf(tree: SourceTree): Mismatch | null {
  const [manifest, lock] = [readComposerJson(tree), readComposerLock(tree)];
  if (manifest === null || lock === null) return null;
  const names = namesOf([...lock.packages, ...lock.devPackages]);
  const wishes = [
    ...Object.entries(manifest.require).map(([name, range]) => ({ key: "require", name, range })),
    ...Object.entries(manifest.requireDev).map(([name, range]) => ({
      ...{ key: "require-dev", name, range },
    })),
  ].filter(({ name }) => name.includes("/"));
  for (const { key, name, range } of wishes) {
    const found = names.get(name.toLowerCase());
    // What another stands in for has a version of its own.
    if (found !== undefined && (found.version === null || isWithin(found.version, range))) continue;
    const has = found === undefined ? "does not have" : "has";
    const other = found === undefined ? "" : ` ${found.version}, and not "${range}"`;
    return {
      reason: `${LOCK} ${has} "${name}"${other}`,
      from: originIn(tree, MANIFEST, key, name),
    };
  }
  return null;
}

/** Whether it was written for another composer.json than this, as far as that can be told. */
export function isOfAnother(
  manifest: ComposerJson,
  { contentHash: locked }: ComposerLock,
): boolean {
  if (locked === undefined) return false;
  const hash = contentHash(manifest.raw);
  return hash !== null && hash !== locked;
}

// --- internal ---

const text = v.fallback(v.optional(v.string()), undefined);

/** PHP writes an empty object as an empty list. */
const texts = v.pipe(
  v.unknown(),
  v.transform((value) => (Array.isArray(value) ? {} : value)),
  v.fallback(v.record(v.string(), v.string()), {}),
);

const place = v.fallback(v.optional(v.object({ type: text })), undefined);

const packageSchema = v.fallback(
  v.nullable(
    v.object({
      name: v.string(),
      version: v.string(),
      type: v.fallback(v.optional(v.string(), "library"), "library"),
      ...{ require: v.optional(texts, {}), provide: v.optional(texts, {}) },
      ...{ replace: v.optional(texts, {}), dist: place, source: place },
    }),
  ),
  null,
);

const packages = v.fallback(v.optional(v.array(packageSchema), []), []);

const schema = v.object({ "content-hash": text, packages, "packages-dev": packages });

function toPackage(found: v.InferOutput<typeof packageSchema>): LockedPackage[] {
  if (found === null) return [];
  const { name, version, type, require, provide, replace, dist, source } = found;
  const provides = [...Object.keys(provide), ...Object.keys(replace)];
  return [{ name, version, type, require, provides, dist: dist?.type, source: source?.type }];
}

/** Names in small letters, with their versions; null: what stands in for it has its own. */
function namesOf(all: readonly LockedPackage[]): Map<string, { version: string | null }> {
  const found = new Map<string, { version: string | null }>();
  for (const { provides } of all) {
    for (const name of provides) found.set(name.toLowerCase(), { version: null });
  }
  for (const { name, version } of all) found.set(name.toLowerCase(), { version });
  return found;
}

/** What cannot be told is left to Composer. */
function isWithin(version: string, range: string): boolean {
  const release = releaseOf(version);
  const allows = parseConstraint(range);
  return release === null || allows === null || allows(release);
}
