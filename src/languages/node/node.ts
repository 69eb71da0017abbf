/** Node.js: apps with a package.json. */
import { type PlannedCommand, plannedPackages, plannedRun } from "../../protocol/planned-action.ts";
import type { Language, LanguageOptions } from "../language.ts";
import { NODE_PREFIX } from "./agent/prefix.ts";
import { manifestFile } from "./app/manifest.ts";
import { nodeRule } from "./dependencies.ts";
import { describe } from "./describe.ts";
import { nativePackages } from "./native-packages.ts";
import { isOfApp } from "./of-app.ts";
import { outputOf, plainCommandOf } from "./output.ts";
import { contextOf, type NodeProject, readProject } from "./project.ts";
import { nodeRuntime } from "./runtime.ts";
import { type Step, workOf } from "./work.ts";

/**
 * Dependencies are those of the lock file; those for development are there while the script
 * "build" and scripts of the app's own run, and not in the image.
 */
export const node: Language = {
  name: "node",
  installsPython: false,
  buildsFrontEnds: true,
  dependencies: nodeRule,
  runtime: nodeRuntime,
  detect: (tree) => manifestFile(tree),
  isOfApp,
  describe,
  plainCommand(tree, line) {
    const project = readProject(tree, null);
    return plainCommandOf(project.app, contextOf(project, {}), line);
  },
  plan(tree, options) {
    const project = readProject(tree, options.member);
    const output = outputOf(project.app, contextOf(project, options.versions));
    const { install, build } = workOf(project, options);
    const packages = nativePackages(tree);
    const command = commandMaker(project, options, packages.length > 0);
    return {
      packages: plannedPackages(packages, "build", { from: [project.chosen.from], needs: NEEDS }),
      install: [
        ...project.chosen.warnings.map((text) => ({ kind: "warn" as const, text, needs: NEEDS })),
        ...install.map(command),
      ],
      build: build.map(command),
      start: output.start,
      site: output.site,
      env: output.env,
      warnings: output.warnings,
      lookedFor: output.lookedFor,
    };
  },
};

// --- internal ---

const NEEDS = {
  program: "npm",
  otherwise:
    'package.json is left alone, since there is no Node in this image; build.builder = "node-20" brings it',
};

const ENVIRONMENT = {
  npm_config_update_notifier: "false",
  npm_config_fund: "false",
  npm_config_audit: "false",
};

/**
 * The headers that came with Node: node-gyp would fetch them from nodejs.org. Set for nothing, npm
 * 11 warns at each start that it does not know the setting itself.
 */
const COMPILER_ENVIRONMENT = { npm_config_nodedir: NODE_PREFIX };

function commandMaker(
  { chosen, commands }: NodeProject,
  { source }: LanguageOptions,
  compiles: boolean,
): (step: Step) => PlannedCommand {
  return ({ argv, dir, env, mode, from }) =>
    plannedRun(argv, {
      user: "nua",
      cwd: dir === undefined || dir === "" ? source : `${source}/${dir}`,
      from: from ?? chosen.from,
      needs: NEEDS,
      env:
        argv[0] === "bash"
          ? (env ?? {})
          : {
              ...ENVIRONMENT,
              ...(compiles ? COMPILER_ENVIRONMENT : {}),
              ...commands.env,
              ...(mode === undefined ? {} : { NODE_ENV: mode }),
              ...env,
            },
    });
}
