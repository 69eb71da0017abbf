/** package-lock.json and npm-shrinkwrap.json: do they fit their manifests? Pure. */

import * as v from "valibot";
import { semver } from "../../../lib/semver.ts";
import { type LockInput, wishesOf } from "./wishes.ts";

const ranges = v.fallback(v.optional(v.record(v.string(), v.string()), {}), {});

const entrySchema = v.object({
  version: v.fallback(v.optional(v.string()), undefined),
  link: v.fallback(v.optional(v.boolean(), false), false),
  resolved: v.fallback(v.optional(v.string()), undefined),
  dependencies: ranges,
  optionalDependencies: ranges,
  peerDependencies: ranges,
  peerDependenciesMeta: v.fallback(
    v.optional(v.record(v.string(), v.object({ optional: v.optional(v.boolean(), false) })), {}),
    {},
  ),
});

/** From version 2 on; an older one tells less, and npm asks the registry for the rest. */
const lockSchema = v.object({ packages: v.record(v.string(), entrySchema) });

/**
 * What `npm ci` refuses: a wish that no entry fulfils. Other than with other managers, a range
 * that has changed does not matter where the version still fits.
 */
export function npmDifference({ tree, text, packages }: LockInput): string | null {
  const parsed = v.safeParse(lockSchema, JSON.parse(text));
  if (!parsed.success) return null;
  const entries = new Map(Object.entries(parsed.output.packages));
  const isLegacy = /^legacy-peer-deps\s*=\s*true/m.test(tree.text(".npmrc") ?? "");
  const isOverridden = packages[0]?.manifest.raw.overrides !== undefined;
  const looks = { left: MOST_LOOKED };
  for (const { folder, manifest } of packages) {
    for (const { name, range } of wishesOf(manifest)) {
      const found = resolve(entries, { folder, name, looks });
      const where = folder === "" ? "" : ` in ${folder}`;
      if (found === undefined) return `it lacks ${name}@${range}${where}`;
      if (!isOverridden && !fits(found.version, range)) {
        return `it has ${name}@${found.version}, not ${name}@${range}${where}`;
      }
    }
  }
  return missingBelow(entries, { isLegacy, looks });
}

// --- internal ---

type Entry = v.InferOutput<typeof entrySchema>;
type Entries = ReadonlyMap<string, Entry>;

/** Characters of all paths that are looked up: a lock file is not trusted. */
const MOST_LOOKED = 100_000_000;

/** What would take too long to find is left to npm. */
const UNKNOWN: Entry = v.parse(entrySchema, {});

interface Sought {
  folder: string;
  name: string;
  looks: { left: number };
}

/** As Node finds a module: in the folder's own node_modules, else in one above. */
function resolve(entries: Entries, { folder, name, looks }: Sought): Entry | undefined {
  for (let at = folder; ; at = parentOf(at)) {
    looks.left -= at.length + name.length;
    if (looks.left < 0) return UNKNOWN;
    const found = entries.get(at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`);
    if (found !== undefined) return found;
    if (at === "") return undefined;
  }
}

/** The next folder above that may have a node_modules. */
function parentOf(folder: string): string {
  const inner = folder.lastIndexOf("/node_modules/");
  if (inner >= 0) return folder.slice(0, inner);
  if (folder.startsWith("node_modules/")) return "";
  const slash = folder.lastIndexOf("/");
  return slash < 0 ? "" : folder.slice(0, slash);
}

/** A tag, an address or another protocol is not looked into. */
function fits(version: string | undefined, range: string): boolean {
  if (version === undefined || semver.validRange(range) === null) return true;
  return semver.satisfies(version, range, { includePrerelease: true, loose: true });
}

/** Of locked packages, what is not there: other versions of npm leave some out. */
function missingBelow(
  entries: Entries,
  { isLegacy, looks }: { isLegacy: boolean; looks: Sought["looks"] },
): string | null {
  for (const [path, entry] of entries) {
    if (!path.includes("node_modules/") || entry.link) continue;
    const optional = entry.optionalDependencies;
    const peers = Object.entries(isLegacy ? {} : entry.peerDependencies).filter(
      ([name]) => entry.peerDependenciesMeta[name]?.optional !== true,
    );
    for (const [name, range] of [...Object.entries(entry.dependencies), ...peers]) {
      if (Object.hasOwn(optional, name)) continue;
      if (resolve(entries, { folder: path, name, looks }) !== undefined) continue;
      return `it lacks ${name}@${range} of ${path.replace(/^.*node_modules\//, "")}`;
    }
  }
  return null;
}
