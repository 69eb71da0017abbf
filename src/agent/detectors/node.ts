/** Package.json with npm, yarn 1 or yarn 2 and later. */

import { run, shell, warn } from "../../protocol/command.ts";
import { NODE_PREFIX } from "../../protocol/layout.ts";
import type { Facts } from "../action.ts";
import type { Detector } from "../detector.ts";
import { buildsApp, installsDependencies } from "../layer.ts";
import { nativePackages } from "../node/native.ts";
import {
  choosePackageManager,
  type PackageManager,
  readManifest,
} from "../node/package-manager.ts";

/**
 * An app with a package.json. Its dependencies are those of the lock file; those for development
 * are there while its script "build" runs, and not in the image.
 */
export const nodeDetector: Detector = {
  name: "node",
  installsPython: false,
  detect: ({ tree, source }) => (tree.exists(`${source}/package.json`) ? "package.json" : null),
  packages: (facts) => (hasNode(facts) ? nativePackages(facts) : []),
  commands(facts) {
    if (!hasNode(facts)) return [warn(NO_NODE)];
    const manager = choosePackageManager(facts);
    const lines = commandLines(facts, manager);
    if (lines.length === 0) return [];
    const env = { ...environment(facts), ...manager.env };
    return [
      ...(installsDependencies(facts.input) ? manager.warnings.map(warn) : []),
      ...manager.before,
      ...lines.map(({ argv, mode }) =>
        run(argv, { ...place(facts, manager), env: { ...env, NODE_ENV: mode } }),
      ),
      ...manager.after,
      // Of no use to a running app: what bundlers and compilers keep for their next run.
      shell("rm -rf node_modules/.cache", place(facts, manager)),
    ];
  },
};

// --- internal ---

const NO_NODE =
  'package.json is left alone, since there is no Node in this image; build.builder = "node-20" brings it';

function hasNode({ tree }: Facts): boolean {
  return ["/usr/local/bin/npm", "/usr/bin/npm"].some(tree.exists);
}

function place({ source }: Facts, { from }: PackageManager) {
  return { user: "nua", cwd: source, from } as const;
}

interface Line {
  argv: readonly string[];
  mode: "production" | "development";
}

/**
 * With a script "build": everything is installed, and what only the build needs removed again.
 * In a layer below the app's nothing can be removed later, so there only goes what stays.
 */
function commandLines(facts: Facts, { commands }: PackageManager): Line[] {
  const isBuilt = readManifest(facts).scripts.build !== undefined;
  const { dependencies } = facts.input;
  const isPruned = isBuilt && dependencies !== "below";
  const install: Line = isPruned
    ? { argv: commands.installAll, mode: "development" }
    : { argv: commands.installProduction, mode: "production" };
  const build: Line = { argv: commands.build, mode: "production" };
  const prune: Line = { argv: commands.prune, mode: "production" };
  return [
    ...(installsDependencies(facts.input) ? [install] : []),
    ...(isBuilt && buildsApp(facts.input) ? [build] : []),
    ...(isPruned && buildsApp(facts.input) ? [prune] : []),
  ].filter(({ argv }) => argv.length > 0);
}

function environment(facts: Facts): Record<string, string> {
  const { caches, scratch } = facts;
  return {
    YARN_CACHE_FOLDER: caches.yarn ?? `${scratch}/yarn`,
    npm_config_update_notifier: "false",
    npm_config_fund: "false",
    npm_config_audit: "false",
    YARN_GLOBAL_FOLDER: `${scratch}/yarn-global`,
    YARN_ENABLE_TELEMETRY: "0",
    ...compilerEnvironment(facts),
  };
}

/** The headers that came with Node: node-gyp would fetch them from nodejs.org. */
function compilerEnvironment(facts: Facts): Record<string, string> {
  // Set for nothing, npm 11 warns at each start that it does not know the setting itself.
  return nativePackages(facts).length > 0 ? { npm_config_nodedir: NODE_PREFIX } : {};
}
