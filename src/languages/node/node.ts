/** Node.js: apps with a package.json. */
import { type PlannedCommand, plannedPackages, plannedRun } from "../../protocol/planned-action.ts";
import type { Language, LanguageDecision, LanguageOptions } from "../language.ts";
import editManifests from "./agent/edit_manifests.cjs" with { type: "text" };
import { NODE_PREFIX } from "./agent/prefix.ts";
import { buildsFolder } from "./app/builds.ts";
import { MANIFESTS, manifestFile } from "./app/manifest.ts";
import { bunRuntime } from "./bun-runtime.ts";
import { callsProgram } from "./called-program.ts";
import { nodeRule } from "./dependencies.ts";
import { describe } from "./describe.ts";
import type { ManagerName } from "./managers/manager.ts";
import { NPM_ENVIRONMENT } from "./managers/npm.ts";
import { findMember } from "./members.ts";
import { nativePackages } from "./native-packages.ts";
import { isOfApp } from "./of-app.ts";
import { onlyForBuild } from "./only-for-build.ts";
import { type NodeOutput, outputOf, plainCommandOf } from "./output.ts";
import { contextOf, type NodeProject, readProject } from "./project.ts";
import { nodeRuntimes, requestedNode } from "./requested-node.ts";
import { nodeRuntime } from "./runtime.ts";
import { withoutDownloads } from "./skipped-downloads.ts";
import type { Step } from "./step.ts";
import { workOf } from "./work.ts";

/**
 * Dependencies are those of the lock file; those for development are there while the script
 * "build" and scripts of the app's own run, and not in the image.
 */
export const node: Language = {
  name: "node",
  scripts: { "edit_manifests.cjs": editManifests },
  installsPython: false,
  buildsFrontEnds: true,
  dependencies: nodeRule,
  runtime: nodeRuntime,
  otherRuntimes: [bunRuntime],
  manifests: MANIFESTS,
  detect: (tree) => manifestFile(tree),
  builds: buildsFolder,
  isOfApp,
  runtimes: nodeRuntimes,
  findMember,
  describe,
  plainCommand(tree, line) {
    const project = readProject(tree, { member: null, frozen: false });
    return plainCommandOf(project.app, contextOf(project, {}), line);
  },
  plan(tree, options) {
    const { member, versions } = options;
    const project = readProject(tree, { member, frozen: options.frozen ?? false });
    const output = outputOf(project.app, contextOf(project, versions));
    const started = startedLines(project, output, options);
    const { name } = project.chosen;
    // npm comes with Node, and bun is its own manager.
    const isThere = name === "npm" || name === output.runtime;
    const keepsManager = !isThere && callsProgram(project.app, name, started);
    const work = workOf(project, output, { ...options, keepsManager });
    const native = nativePackages(tree, project.app);
    const nativeEnv = placed(native.env, options);
    const env = { ...(native.compiles ? compilerEnvironment(name) : {}), ...nativeEnv };
    const command = commandMaker(project, output, { ...options, env });
    return {
      packages: plannedPackages(native.build, "build", {
        from: [project.chosen.from],
        needs: NEEDS,
      }),
      runPackages: native.run,
      install: work.install.map(command),
      build: work.build.map(command),
      prune: work.prune.map(command),
      tidy: work.tidy.map(command),
      onlyForBuild: onlyForBuild(project, output),
      isSelfContained: output.selfContained && !project.commands.pnp,
      start: output.start,
      site: output.site,
      env: { ...output.env, ...(output.start === null ? {} : nativeEnv) },
      warnings: [
        ...requestedNode(tree).warnings,
        ...project.chosen.warnings,
        ...native.warnings,
        ...output.warnings,
        ...work.warnings,
        ...severalApps(project),
      ],
      decisions: [
        ...decisionsOf(project),
        ...(keepsManager ? [{ what: STAYS, from: project.chosen.from }] : []),
      ],
      lookedFor: [...output.lookedFor, ...project.candidates.map(({ folder }) => folder)],
    };
  },
};

// --- internal ---

const STAYS = "the package manager stays in the image: what is started calls it";

/** What the configuration starts comes before what is found. */
function startedLines(
  project: NodeProject,
  { start }: NodeOutput,
  { started = [], versions }: LanguageOptions,
): string[] {
  const context = contextOf(project, versions);
  if (started.length > 0) {
    return started.map((line) => plainCommandOf(project.app, context, line)?.line ?? line);
  }
  return start === null ? [] : [start.line];
}

const NEEDS = {
  program: "npm",
  otherwise:
    'package.json is left alone, since there is no Node in this image; build.builder = "node-20" brings it',
};

/**
 * The headers that came with Node: node-gyp would fetch them from nodejs.org. Set for nothing, npm
 * 11 warns at each start that it does not know the setting itself. pnpm 11 hands on no variable that
 * begins with npm_; node-gyp 10 and later read the other spelling as well.
 */
function compilerEnvironment(manager: ManagerName): Record<string, string> {
  const nodedir = { npm_config_nodedir: NODE_PREFIX };
  return manager === "pnpm" ? { ...nodedir, NPM_CONFIG_NODEDIR: NODE_PREFIX } : nodedir;
}

/** Variables of the table, for the app's folder in the image. */
function placed(env: Readonly<Record<string, string>>, { source }: LanguageOptions) {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.replace("SOURCE", source)]),
  );
}

/** Those of a person's machine: where there is no repository of git, some fail. */
const NO_HOOKS = { HUSKY: "0" };

interface Place {
  source: string;
  /** Beside each of its commands. */
  env: Readonly<Record<string, string>>;
}

function commandMaker(
  project: NodeProject,
  output: NodeOutput,
  { source, env: nativeEnv }: Place,
): (step: Step) => PlannedCommand {
  const { chosen, commands } = project;
  const skipped = withoutDownloads(project);
  return ({ argv, dir, env, mode, from, isNodes }) =>
    plannedRun(argv, {
      user: "nua",
      cwd: dir === undefined || dir === "" ? source : `${source}/${dir}`,
      from: from ?? chosen.from,
      needs: NEEDS,
      env:
        mode === undefined && !isNodes
          ? (env ?? {})
          : {
              ...NPM_ENVIRONMENT,
              ...NO_HOOKS,
              ...skipped,
              ...nativeEnv,
              ...commands.env,
              ...(dir === undefined ? {} : output.buildEnv),
              ...(mode === undefined ? {} : { NODE_ENV: mode }),
              ...env,
            },
    });
}

/** Which manager installs, and which package of a workspace is the app. */
function decisionsOf({ chosen, member }: NodeProject): LanguageDecision[] {
  const { name, version, brought, from } = chosen;
  const what = [name, ...(version === null ? [] : [version])].join(" ");
  const manager = brought === null ? what : `${name}, as ${brought}`;
  return [
    { what: `installed by ${manager}`, from },
    ...(member === null
      ? []
      : [
          {
            what: `the app is the member ${member.folder} of the workspace`,
            from: { what: member.manifest.file ?? member.folder },
          },
        ]),
  ];
}

function severalApps({ candidates }: NodeProject): string[] {
  if (candidates.length === 0) return [];
  const folders = candidates.map(({ folder }) => folder).join(", ");
  return [`several members of the workspace can be started: ${folders}; build.app names the one`];
}
