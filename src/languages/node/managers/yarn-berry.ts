/** yarn 2 and later: its commands. Pure. */
import { semver } from "../../../lib/semver.ts";
import { SCRATCH } from "../../../protocol/layout.ts";
import { INSTALL_SCRIPTS } from "../app/manifest.ts";
import { withChangedManifests } from "./edit-manifests.ts";
import type { Line, ManagerCommands, ManagerInput } from "./manager.ts";

export function berryYarnCommands(input: ManagerInput): ManagerCommands {
  const { lock, difference, brought } = input;
  const isFrozen = lock !== null && difference === null;
  const install: Line = { argv: ["yarn", "install", isFrozen ? "--immutable" : "--no-immutable"] };
  const pnp = isPlugAndPlay(input);
  const prune = [...pruneLines(input), ...(pnp ? [PRUNE_CACHE] : [])];
  const hasDev = input.packages.some(
    ({ manifest }) => Object.keys(manifest.devDependencies).length > 0,
  );
  return {
    ...{ run: ["yarn", "run"], exec: ["yarn", "run"], pnp },
    preparesApp: false,
    env: {
      YARN_GLOBAL_FOLDER: `${SCRATCH}/yarn-global`,
      YARN_ENABLE_TELEMETRY: "0",
      // A release of its own that the app names and does not bring is fetched.
      ...(brought === null ? { YARN_IGNORE_PATH: "1" } : {}),
      // With Plug'n'Play the app runs from the cache, which then belongs in the project.
      ...(pnp ? { YARN_ENABLE_GLOBAL_CACHE: "0" } : { YARN_CACHE_FOLDER: `${SCRATCH}/yarn` }),
    },
    ...{ before: [], after: [] },
    notes: [".yarn/install-state.gz"],
    installAll: [install],
    // It is checked with all of it: what leaves something out checks nothing.
    installProduction: hasDev ? [install, ...prune] : [install],
    prune: hasDev ? prune : [],
  };
}

// --- internal ---

function isPlugAndPlay({ text }: ManagerInput): boolean {
  return !/^nodeLinker:\s*["']?(node-modules|pnpm)/m.test(text(".yarnrc.yml") ?? "");
}

/** What is in the cache and the app does not load. */
const PRUNE_CACHE: Line = {
  argv: [
    "bash",
    "-c",
    // yarn 2 calls it .pnp.js.
    "test -e .pnp.cjs || test -e .pnp.js || exit 0; " +
      'for file in .yarn/cache/*.zip; do test ! -e "$file" || ' +
      'grep -qsF "$(basename "$file")" .pnp.cjs .pnp.js .pnp.data.json || rm -f "$file"; done',
  ],
};

/** yarn 4 has a command for it; before, that is a plugin which not every app has. */
function pruneLines({ version, brought, packages }: ManagerInput): Line[] {
  const all = ["yarn", "workspaces", "focus", "--all", "--production"];
  const manifests = packages.map(({ manifest }) => manifest.file ?? "package.json");
  if (isAtLeast4(version, brought)) {
    // It would run the app's own scripts, whose files are not there yet.
    const isScripted = packages.some(({ manifest }) =>
      INSTALL_SCRIPTS.some((one) => manifest.scripts[one]),
    );
    const line = { argv: all };
    return isScripted ? withChangedManifests("without-scripts", manifests, [line]) : [line];
  }
  const install = { argv: ["yarn", "install", "--no-immutable"], env: NO_SCRIPTS };
  return withChangedManifests("without-dev", [...manifests, "yarn.lock"], [install]);
}

/** Those of what stays have run already. */
const NO_SCRIPTS = { YARN_ENABLE_SCRIPTS: "0" };

function isAtLeast4(version: string | null, brought: string | null): boolean {
  if (brought !== null) return !/yarn-[23]\./.test(brought);
  return version === null || !semver.intersects(version, "<4");
}
