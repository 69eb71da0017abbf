/** The package manager that package.json names. Pure. */

import { NuaError } from "../../lib/errors.ts";
import { semver } from "../../lib/semver.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { namedVersion, versionInFile } from "../version-files.ts";
import { type Manifest, originOf, recordOf } from "./app/manifest.ts";
import { type ChosenManager, MANAGER_NAMES, type ManagerName } from "./managers/manager.ts";

/** A manager that package.json names. */
export interface NamedManager {
  name: ManagerName;
  version: string | null;
  hash: ChosenManager["hash"];
  from: Origin;
}

/** The version of bun (github.com/oven-sh/setup-bun, bun-version-file). */
export const BUN_FILE = ".bun-version";

/** What a version may look like in a command: of semver, without spaces or anything for a shell. */
export const VERSION = /^\d+(?:\.\d+){0,2}(?:-[\w.-]+)?$/;

/**
 * The field packageManager decides, then devEngines.packageManager, then a script that refuses
 * others; null where none of them is there.
 * @throws NuaError (input) for a version that is none
 */
export function namedManager(tree: SourceTree, manifest: Manifest): NamedManager | null {
  return fieldPackageManager(tree, manifest) ?? devEngine(tree, manifest) ?? onlyAllowed(manifest);
}

/**
 * The version that files of version managers name for a package manager, bun's own file first.
 * @throws NuaError (input) for a version that is none
 */
export function toolVersion(
  tree: SourceTree,
  name: ManagerName,
): { version: string; from: Origin } | undefined {
  const own = name === "bun" ? versionInFile(tree, BUN_FILE) : null;
  const found = own ?? namedVersion(tree, [name, `npm:${name}`]);
  if (found === null || NEWEST.test(found.version)) return undefined;
  const version = found.version.replace(/^(?:bun-|v(?=\d))/, "");
  const range = semver.validRange(version);
  if (VERSION.test(version) || (range !== null && range !== "*"))
    return { version, from: found.from };
  throw wrong(found.from, `"${version.slice(0, 100)}" is no version of ${name}`, "1.2.3");
}

// --- internal ---

/** No version in particular. */
const NEWEST = /^(?:latest|canary|stable|system|lts)?$/;

/** `NAME@VERSION`, `NAME@VERSION+ALGORITHM.HEX` (nodejs.org/api/packages.html#packagemanager) */
function fieldPackageManager(tree: SourceTree, manifest: Manifest): NamedManager | null {
  const { packageManager: text, file } = manifest;
  if (text === undefined || file === null) return null;
  const from = originOf(tree, file, "packageManager");
  const [, name = "", version, algorithm, hex] =
    /^(\w+)(?:@([^+]*)(?:\+(sha(?:1|224|256|384|512))\.([\da-f]+))?)?$/.exec(text.trim()) ?? [];
  if (!isManager(name)) {
    throw wrong(from, `packageManager "${text}" is none that nua-build knows`);
  }
  if (
    version !== undefined &&
    (algorithm === undefined ? !isVersion(version) : !VERSION.test(version))
  ) {
    throw wrong(from, `packageManager "${text}" names no version`);
  }
  const hash = algorithm === undefined || hex === undefined ? null : { algorithm, hex };
  return { name, version: exact(version), hash, from };
}

/** `{name, version}`, or a list of these (docs.npmjs.com, package.json, devEngines) */
function devEngine(tree: SourceTree, { raw, file }: Manifest): NamedManager | null {
  const asked = recordOf(raw.devEngines).packageManager;
  const all = (Array.isArray(asked) ? asked : [asked]).map(recordOf);
  const found = all.find(({ name }) => isManager(name));
  if (found === undefined || file === null) return null;
  const from = originOf(tree, file, "devEngines", "packageManager");
  const { name, version } = found;
  const range = typeof version === "string" ? semver.validRange(version) : "*";
  if (range === null) throw wrong(from, `devEngines.packageManager has the version "${version}"`);
  return { name: name as ManagerName, version: range === "*" ? null : range, hash: null, from };
}

/** A script that refuses other managers (npmjs.com/package/only-allow). */
function onlyAllowed({ scripts }: Manifest): NamedManager | null {
  const name = /\bonly-allow (\w+)/.exec(scripts.preinstall ?? "")?.[1];
  if (!isManager(name)) return null;
  return { name, version: null, hash: null, from: { what: "package.json" } };
}

function isVersion(text: string): boolean {
  return VERSION.test(text) || semver.validRange(text) !== null;
}

function exact(version: string | undefined): string | null {
  if (version === undefined || version === "" || version === "*") return null;
  return VERSION.test(version) ? version : semver.validRange(version);
}

function isManager(name: unknown): name is ManagerName {
  return MANAGER_NAMES.some((one) => one === name);
}

function wrong(
  { what, line }: Origin,
  problem: string,
  example = MANAGER_NAMES.map((name) => `${name}@VERSION`).join('", "'),
): NuaError {
  return new NuaError("input", `Read "${what}": ${problem}`, {
    file: what,
    ...(line === undefined ? {} : { position: { line, column: 1 } }),
    hint: `write it as "${example}"`,
  });
}
