/** Which package manager an app uses, and its commands. Pure. */
import * as v from "valibot";
import type { SourceTree } from "../../source/source-tree.ts";

export interface PackageManager {
  /** The file that decided. */
  from: string;
  commands: {
    /** Everything, for a build. */
    installAll: readonly string[];
    /** What the running app needs, when nothing is built. */
    installProduction: readonly string[];
    build: readonly string[];
    /** From everything to what the running app needs; empty when that is not possible. */
    prune: readonly string[];
  };
  env: Readonly<Record<string, string | null>>;
  /** Shell lines before and after each run of the manager. */
  before: readonly string[];
  after: readonly string[];
  warnings: readonly string[];
}

const manifestSchema = v.object({
  packageManager: v.optional(v.string(), ""),
  scripts: v.optional(v.record(v.string(), v.string()), {}),
});

/** What counts of a package.json; a broken one is npm's to complain about. */
export function readManifest(tree: SourceTree): v.InferOutput<typeof manifestSchema> {
  try {
    return v.parse(manifestSchema, JSON.parse(tree.text("package.json") ?? "{}"));
  } catch {
    return { packageManager: "", scripts: {} };
  }
}

/** The field packageManager decides, then the lock file; yarn's first, as it always was. */
export function choosePackageManager(tree: SourceTree): PackageManager {
  const wanted = readManifest(tree).packageManager;
  const npmLock = NPM_LOCKS.find((name) => tree.has(name));
  const yarnLock = tree.text("yarn.lock");
  if (yarnLock !== undefined && !(wanted.startsWith("npm@") && npmLock)) {
    const berry = berryCommand(tree, wanted, yarnLock);
    return berry === null ? classicYarn() : berryYarn(tree, berry);
  }
  return npmLock === undefined ? npmWithoutLock() : npm("ci", npmLock);
}

// --- internal ---

const NPM_LOCKS = ["npm-shrinkwrap.json", "package-lock.json"];

const PLAIN = { env: {}, before: [], after: [], warnings: [] } as const;

/** npm leaves dependencies for development out, or removes them, when NODE_ENV is production. */
function npm(install: "ci" | "install", from: string): PackageManager {
  return {
    ...PLAIN,
    from,
    commands: {
      installAll: ["npm", install],
      installProduction: ["npm", install],
      build: ["npm", "run", "build"],
      prune: ["npm", "prune"],
    },
  };
}

function npmWithoutLock(): PackageManager {
  const warning =
    "there is no lock file: two builds may not install the same; npm install writes package-lock.json";
  return { ...npm("install", "package.json"), warnings: [warning] };
}

function classicYarn(): PackageManager {
  const install = ["yarn", "install", "--frozen-lockfile", "--non-interactive"];
  return {
    ...PLAIN,
    ...REDIRECTED_LOCK,
    from: "yarn.lock",
    commands: {
      installAll: [...install, "--production=false"],
      installProduction: [...install, "--production=true"],
      build: ["yarn", "run", "build"],
      // The scripts of what stays have run already.
      prune: [...install, "--production=true", "--ignore-scripts", "--prefer-offline"],
    },
  };
}

/**
 * yarn 1 fetches from the addresses in its lock file, whatever registry is set: where one is, they
 * are changed for the time of its run. The address comes from the environment: it may hold a
 * password, and commands are shown.
 */
const REDIRECTED_LOCK = {
  before: [
    'test -z "$npm_config_registry" || { cp -p yarn.lock "$TMPDIR/yarn.lock" && ' +
      `sed -i -E "s#https://registry\\.(yarnpkg\\.com|npmjs\\.org)/#\${npm_config_registry%/}/#" yarn.lock; }`,
  ],
  after: ['test -z "$npm_config_registry" || cp -p "$TMPDIR/yarn.lock" yarn.lock'],
};

function berryYarn(tree: SourceTree, yarn: readonly string[]): PackageManager {
  const settings = tree.text(".yarnrc.yml") ?? "";
  const isPlugAndPlay = !/^nodeLinker:\s*["']?(node-modules|pnpm)/m.test(settings);
  return {
    ...PLAIN,
    from: "yarn.lock",
    commands: {
      installAll: [...yarn, "install", "--immutable"],
      installProduction: [...yarn, "install", "--immutable"],
      build: [...yarn, "run", "build"],
      prune: [],
    },
    // With Plug'n'Play the app runs from the cache, which then belongs in the project.
    env: isPlugAndPlay ? { YARN_ENABLE_GLOBAL_CACHE: "0", YARN_CACHE_FOLDER: null } : {},
  };
}

/** The words that start yarn 2 or later; null for yarn 1. */
function berryCommand(tree: SourceTree, wanted: string, lock: string): string[] | null {
  const settings = tree.text(".yarnrc.yml");
  if (/^yarnPath:/m.test(settings ?? "")) return ["yarn"];
  const version = /^yarn@(\d+[^+]*)/.exec(wanted)?.[1];
  if (version?.startsWith("1.") || (version === undefined && settings === undefined)) {
    return lock.includes("\n__metadata:") ? npxYarn("4") : null;
  }
  return npxYarn(version ?? "4");
}

/** corepack would fetch it from yarn's own site; the npm registry has it too. */
function npxYarn(version: string): string[] {
  return ["npx", "--yes", `--package=@yarnpkg/cli-dist@${version}`, "yarn"];
}
