/** Which package manager an app uses, in which version, and why. Pure. */
import { semver } from "../../lib/semver.ts";
import { formatOrigin, type Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { type Manifest, originOf, readManifest, recordOf } from "./app/manifest.ts";
import { findLockFiles, type LockFile } from "./lock-files.ts";
import { settledVersion } from "./managers/last-releases.ts";
import { type ChosenManager, MANAGER_NAMES, type ManagerName } from "./managers/manager.ts";
import {
  BUN_FILE,
  type NamedManager,
  namedManager,
  toolVersion,
  VERSION,
} from "./named-manager.ts";
import { bothRanges } from "./node-version.ts";

/**
 * The field packageManager decides, then devEngines.packageManager, then the lock file, then the
 * manager that `engines` names alone. A lock file of another manager, without one of the named
 * manager's, is stronger: what is installed is what a lock file says.
 * @throws NuaError (input) for a version that is none, or a lock file that cannot be read
 */
export function chooseManager(tree: SourceTree): ChosenManager {
  const manifest = readManifest(tree);
  const locks = findLockFiles(tree);
  const named = namedManager(tree, manifest);
  const own = locks.find(({ manager }) => manager === named?.name);
  const lock = own ?? (named !== null && mustBe(named.name, tree, manifest) ? undefined : locks[0]);
  const name =
    lock?.manager ??
    named?.name ??
    managerOfEngines(manifest) ??
    (tree.has(BUN_FILE) ? "bun" : "npm");
  const isNamed = named?.name === name;
  const { brought, missing } = name === "yarn" ? broughtYarn(tree) : NOTHING_BROUGHT;
  const pin =
    isNamed && named.version !== null
      ? named
      : (missing ?? toolVersion(tree, name) ?? enginePin(tree, manifest, name));
  const range = narrowed(pin?.version ?? null, unpinned(name, lock, tree), lock);
  const version = (brought && versionOfRelease(brought)) ?? settledVersion(name, range);
  return {
    ...{ name, version, brought },
    from: pin?.from ?? { what: lock?.file ?? named?.from.what ?? "package.json" },
    hash: (isNamed && named.hash) || null,
    lock: lock?.file ?? null,
    difference: otherVersion(version, lock),
    warnings: [
      ...contradiction(named, lock),
      ...otherLocks(locks, lock),
      ...(lock === undefined ? [noLock(name)] : []),
    ],
  };
}

// --- internal ---

/** Many name several there, some only to say that they are not used. */
function managerOfEngines({ raw }: Manifest): ManagerName | undefined {
  const engines = recordOf(raw.engines);
  const [only, ...others] = MANAGER_NAMES.filter(
    (name) => name !== "npm" && typeof engines[name] === "string",
  );
  return others.length === 0 && only !== undefined && semver.validRange(String(engines[only]))
    ? only
    : undefined;
}

/**
 * A range in `engines`, or a version in `volta`; what is none there is a note to people. npm itself
 * only reads it when its settings say so.
 */
function enginePin(tree: SourceTree, { raw, file }: Manifest, name: ManagerName) {
  const isRead = name !== "npm" || /^engine-strict\s*=\s*true/m.test(tree.text(".npmrc") ?? "");
  for (const key of isRead ? ["volta", "engines"] : ["volta"]) {
    const asked = recordOf(raw[key])[name];
    const range = typeof asked === "string" ? semver.validRange(asked) : null;
    if (range === null || range === "*" || file === null) continue;
    return { version: range, from: originOf(tree, file, key, name) };
  }
  return undefined;
}

/** yarnPath of .yarnrc.yml (yarnpkg.com/configuration/yarnrc), or yarn-path of .yarnrc */
function broughtYarn(tree: SourceTree): Brought {
  const ofBerry = /^yarnPath:\s*["']?([^"'\s]+)/m.exec(tree.text(".yarnrc.yml") ?? "")?.[1];
  const ofClassic = /^yarn-path\s+"?([^"\s]+)/m.exec(tree.text(".yarnrc") ?? "")?.[1];
  const path = ofBerry ?? ofClassic;
  if (path === undefined) return NOTHING_BROUGHT;
  if (tree.has(path)) return { brought: path, missing: null };
  const version = versionOfRelease(path);
  if (version === null) return NOTHING_BROUGHT;
  const what = ofBerry === undefined ? ".yarnrc" : ".yarnrc.yml";
  return { brought: null, missing: { version, from: { what } } };
}

/** As yarn names what it saves. */
function versionOfRelease(path: string): string | null {
  return /yarn-(\d+\.\d+\.\d+(?:-[\w.]+)?)\.c?js$/.exec(path)?.[1] ?? null;
}

interface Brought {
  brought: string | null;
  /** What it is called, where it was left out of the source. */
  missing: { version: string; from: Origin } | null;
}

const NOTHING_BROUGHT: Brought = { brought: null, missing: null };

/** Where nothing names a version: what the lock file was written by. */
function unpinned(name: ManagerName, lock: LockFile | undefined, tree: SourceTree): string | null {
  if (name === "pnpm") return pnpmOf(lock, tree);
  if (name === "npm") return null;
  if (name === "bun") return lock?.versions ?? "1";
  const isBerry = lock === undefined || lock.versions === null ? tree.has(".yarnrc.yml") : false;
  const versions = lock?.versions ?? (isBerry ? "4" : "1");
  return versions === "1" ? null : versions;
}

/** Of a range, what the lock file was written by; else what reads it. */
function narrowed(
  pin: string | null,
  unpinned: string | null,
  lock: LockFile | undefined,
): string | null {
  if (pin === null || VERSION.test(pin) || unpinned === null) return pin ?? unpinned;
  const byLock = lock?.versions ?? null;
  return bothRanges(unpinned, pin) ?? (byLock === null ? null : bothRanges(byLock, pin)) ?? pin;
}

/**
 * Several write version 9.0 of the lock file. Settings beside the list of packages are read by 10
 * and later; 9 is the last that runs the install scripts of all dependencies.
 */
function pnpmOf(lock: LockFile | undefined, tree: SourceTree): string {
  const versions = lock?.versions ?? "10";
  if (!versions.endsWith("12")) return versions.split(" ")[0]!;
  const settings = tree.text("pnpm-workspace.yaml") ?? "";
  return /^(?!packages\b|catalogs?\b)[a-zA-Z]+:/m.test(settings) ? "10" : "9";
}

/** Only some managers know these protocols. */
function mustBe(name: ManagerName, tree: SourceTree, manifest: Manifest): boolean {
  if (name === "npm") return false;
  const { dependencies, devDependencies } = manifest;
  const wishes = Object.values({ ...dependencies, ...devDependencies });
  return (
    tree.has("pnpm-workspace.yaml") || wishes.some((wish) => /^(workspace|catalog):/.test(wish))
  );
}

/** A manager of another version than the lock file was written by may refuse it. */
function otherVersion(version: string | null, lock: LockFile | undefined): string | null {
  if (version === null || lock?.versions == null) return null;
  const isSame = lock.versions === "1" || semver.intersects(version, lock.versions);
  return isSame ? null : `it was written by ${lock.manager} ${lock.versions}, not ${version}`;
}

function contradiction(named: NamedManager | null, lock: LockFile | undefined): string[] {
  if (named === null || lock === undefined || lock.manager === named.name) return [];
  return [
    `${formatOrigin(named.from)} names ${named.name}, but the only lock file is ${lock.file}: ` +
      `${lock.manager} installs what it says`,
  ];
}

function otherLocks(locks: readonly LockFile[], lock: LockFile | undefined): string[] {
  const others = locks.filter((one) => one.manager !== lock?.manager).map(({ file }) => file);
  if (others.length === 0) return [];
  if (lock === undefined) {
    return [`${others.join(", ")} is of another package manager, and is not read`];
  }
  return [`there are several lock files: ${lock.file} is used, ${others.join(", ")} is not`];
}

function noLock(name: ManagerName): string {
  return (
    "there is no lock file: two builds may not install the same; " +
    `${name} install writes ${WRITES[name]}`
  );
}

const WRITES: Readonly<Record<ManagerName, string>> = {
  npm: "package-lock.json",
  pnpm: "pnpm-lock.yaml",
  yarn: "yarn.lock",
  bun: "bun.lock",
};
