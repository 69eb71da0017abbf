/** What is done to install and build an app: one step after the other. Pure. */
import { semver } from "../../lib/semver.ts";
import { SCRATCH, TOOLS, VENV } from "../../protocol/layout.ts";
import type { LanguageOptions } from "../language.ts";
import { buildSteps, programs, runScript } from "./build-steps.ts";
import { fetchManager } from "./fetch-manager.ts";
import type { Line } from "./managers/manager.ts";
import { memberCaches } from "./member-caches.ts";
import { isLeftOut } from "./only-for-build.ts";
import type { NodeOutput } from "./output.ts";
import { ownScripts, withoutOwnScripts } from "./own-scripts.ts";
import type { NodeProject } from "./project.ts";
import type { Step } from "./step.ts";

/**
 * Where something is built, or the app has scripts of its own that an installation runs: everything
 * is installed, and what only the build needs removed again. In a layer below the app's that is not
 * pruned there only goes what stays. Scripts of the app's own are run where all of its files are.
 */
export function workOf(
  project: NodeProject,
  output: NodeOutput,
  { place, runtime, versions, buildsMore = false, keepsManager = false }: WorkOptions,
): { install: Step[]; build: Step[]; prune: Step[]; tidy: Step[]; warnings: string[] } {
  const { chosen, commands } = project;
  const own = ownScripts(project);
  const built = buildSteps(project, output).map((step) => inMode(step, "production"));
  const isGone = isLeftOut(project, output, runtime);
  const hasWork = built.length > 0 || own.length > 0 || buildsMore;
  const isAll = hasWork && (isGone || place !== "below");
  const hasDev = project.packages.some(
    ({ manifest }) => Object.keys(manifest.devDependencies).length > 0,
  );
  const isPruned = isAll && hasDev && !isGone && output.needsDev.length === 0;
  const install = isAll
    ? commands.installAll.map((line) => inMode(line, "development"))
    : commands.installProduction.map((line) => inMode(line, "production"));
  const later = [
    ...(place === "here" ? [] : own.map((one) => inMode(ownStep(project, one), "development"))),
    ...built,
    ...output.afterBuild.map((line) =>
      inMode(programs(project, line, project.app.dir), "production"),
    ),
  ];
  const removed = isPruned ? managed(project, commands.prune) : [];
  const isLast = later.length === 0 && removed.length === 0;
  const keeps = keepsManager && !isGone;
  const prefix = place === "pruned" ? TOOLS : SCRATCH;
  const fetched = isInImage(chosen, versions) ? [] : fetchManager(chosen, keeps ? VENV : prefix);
  const isThere = place !== "below" || keeps;
  // What the manager notes serves what comes after.
  const hasMore = place === "pruned" || (place === "here" && !isLast);
  return {
    install: [
      ...fetched,
      ...managed(project, place === "here" ? install : withoutOwnScripts(own, install)),
      ...(isGone ? [] : [clean(hasMore ? [] : commands.notes)]),
    ],
    build: isLast ? [] : [...(isThere ? [] : fetched), ...later],
    prune: removed,
    tidy:
      isGone || (isLast && place !== "pruned")
        ? []
        : [clean(commands.notes), ...remove(built.length > 0 ? memberCaches(project) : [])],
    warnings: isPruned && commands.unprunable !== undefined ? [commands.unprunable] : [],
  };
}

/** Whether everything is installed at first, and what only the build needs removed again. */
export function installsAll(
  project: NodeProject,
  output: NodeOutput,
  buildsMore: boolean,
): boolean {
  return buildsMore || ownScripts(project).length > 0 || buildSteps(project, output).length > 0;
}

// --- internal ---

interface WorkOptions
  extends Pick<LanguageOptions, "place" | "runtime" | "versions" | "buildsMore"> {
  /** Whether the running app calls its package manager. */
  keepsManager?: boolean;
}

type Versions = LanguageOptions["versions"];

/** Whether the manager is the runtime that the app is built upon. */
function isInImage({ name, version }: NodeProject["chosen"], versions: Versions): boolean {
  const own = versions[name];
  return own !== undefined && semver.intersects(own, version ?? "*");
}

/** Of no use to a running app: what bundlers and compilers keep for their next run. */
function clean(notes: readonly string[]): Step {
  return { argv: ["bash", "-c", ["rm -rf node_modules/.cache", ...notes].join(" ")] };
}

function remove(folders: readonly string[]): Step[] {
  return folders.length === 0 ? [] : [{ argv: ["rm", "-rf", "--", ...folders] }];
}

function inMode<Some extends Line>(line: Some, mode: Step["mode"]): Some & Step {
  return { ...line, ...(mode === undefined ? {} : { mode }) };
}

/** Installations read from the registry that is set. */
function managed({ commands }: NodeProject, lines: readonly Step[]): Step[] {
  if (lines.length === 0) return [];
  const inner = lines.map((line) => inMode(line, line.mode ?? "production"));
  return [...commands.before, ...inner, ...commands.after];
}

function ownStep(
  project: NodeProject,
  { folder, name, file }: ReturnType<typeof ownScripts>[0],
): Step {
  return runScript(project, folder, name, file);
}
