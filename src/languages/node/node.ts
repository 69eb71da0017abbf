/** Node.js: apps with a package.json. */
import { SCRATCH } from "../../protocol/layout.ts";
import {
  type PlannedCommand,
  plannedPackages,
  plannedRun,
  plannedShell,
} from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { Language, LanguageOptions } from "../language.ts";
import { NODE_PREFIX } from "./agent/prefix.ts";
import { nodeRule } from "./dependencies.ts";
import { nativePackages } from "./native-packages.ts";
import { choosePackageManager, type PackageManager, readManifest } from "./package-manager.ts";
import { nodeRuntime } from "./runtime.ts";

/**
 * Dependencies are those of the lock file; those for development are there while the script
 * "build" runs, and not in the image.
 */
export const node: Language = {
  name: "node",
  installsPython: false,
  dependencies: nodeRule,
  runtime: nodeRuntime,
  detect: (tree) => (tree.has(MANIFEST) ? MANIFEST : null),
  plan(tree, options) {
    const packages = nativePackages(tree);
    const manager = choosePackageManager(tree);
    const { install, build } = commandLines(tree, manager, options);
    const env = { ...(packages.length > 0 ? COMPILER_ENVIRONMENT : {}), ...manager.env };
    const place = placeOf(manager, options);
    const work = (lines: Line[]): PlannedCommand[] => {
      if (lines.length === 0) return [];
      return [
        ...manager.before.map((line) => plannedShell(line, place)),
        ...lines.map(({ argv, mode }) =>
          plannedRun(argv, { ...place, env: { ...ENVIRONMENT, ...env, NODE_ENV: mode } }),
        ),
        ...manager.after.map((line) => plannedShell(line, place)),
        // Of no use to a running app: what bundlers and compilers keep for their next run.
        plannedShell("rm -rf node_modules/.cache", place),
      ];
    };
    return {
      packages: plannedPackages(packages, "build", {
        from: [{ what: manager.from }],
        needs: NEEDS,
      }),
      install: [
        ...manager.warnings.map((text) => ({ kind: "warn" as const, text, needs: NEEDS })),
        ...work(install),
      ],
      build: work(build),
    };
  },
};

// --- internal ---

const MANIFEST = "package.json";

const NEEDS = {
  program: "npm",
  otherwise: `${MANIFEST} is left alone, since there is no Node in this image; build.builder = "node-20" brings it`,
};

const ENVIRONMENT = {
  YARN_CACHE_FOLDER: `${SCRATCH}/yarn`,
  YARN_GLOBAL_FOLDER: `${SCRATCH}/yarn-global`,
  npm_config_update_notifier: "false",
  npm_config_fund: "false",
  npm_config_audit: "false",
  YARN_ENABLE_TELEMETRY: "0",
};

/**
 * The headers that came with Node: node-gyp would fetch them from nodejs.org. Set for nothing, npm
 * 11 warns at each start that it does not know the setting itself.
 */
const COMPILER_ENVIRONMENT = { npm_config_nodedir: NODE_PREFIX };

function placeOf({ from }: PackageManager, { source }: LanguageOptions) {
  return { user: "nua", cwd: source, from: { what: from }, needs: NEEDS } as const;
}

interface Line {
  argv: readonly string[];
  mode: "production" | "development";
}

/**
 * With a script "build": everything is installed, and what only the build needs removed again.
 * In a layer below the app's nothing can be removed later, so there only goes what stays.
 */
function commandLines(
  tree: SourceTree,
  { commands }: PackageManager,
  { place }: LanguageOptions,
): { install: Line[]; build: Line[] } {
  const isBuilt = readManifest(tree).scripts.build !== undefined;
  const isPruned = isBuilt && place !== "below";
  const install: Line = isPruned
    ? { argv: commands.installAll, mode: "development" }
    : { argv: commands.installProduction, mode: "production" };
  const build: Line = { argv: commands.build, mode: "production" };
  const prune: Line = { argv: commands.prune, mode: "production" };
  const all = [...(isBuilt ? [build] : []), ...(isPruned ? [prune] : [])];
  return { install: [install], build: all.filter(({ argv }) => argv.length > 0) };
}
