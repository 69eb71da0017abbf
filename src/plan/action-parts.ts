/** Pure: plans the actions of a build: copy, install, build, start script, …. */
import { join } from "node:path/posix";
import { planItems, planItemsBefore } from "../languages/python/requested-items.ts";
import {
  type PlannedAction,
  type PlannedCommand,
  plannedPackages,
} from "../protocol/planned-action.ts";
import type { ActionsInput } from "./actions-input.ts";
import {
  installTitle,
  planBuild,
  planPrune,
  planTidy,
  testCommands,
  userCommands,
} from "./build-action.ts";
import { planConnectors, planPackages } from "./package-actions.ts";
import { startScripts } from "./package-scripts.ts";
import { builtParts } from "./parts.ts";
import { itemsOf, originOf, sourceDir, sourceFolder } from "./places.ts";

export type ActionParts = Record<
  | "runPackages"
  | "buildPackages"
  | "metaPackages"
  | "makeFolders"
  | "source"
  | "beforeBuild"
  | "pipInstall"
  | "pipBefore"
  | "pipAfter"
  | "dependencies"
  | "build"
  | "prune"
  | "tidy"
  | "site"
  | "startScript"
  | "metadata"
  | "test",
  PlannedAction
>;

export function createParts(input: ActionsInput): ActionParts {
  const { work } = input;
  const { documentRoot, rendered } = work;
  const apart = builtParts(input.parts).filter(({ place }) => place !== "here");
  const { title, told, commands, before, after } = planPip(input);
  return {
    runPackages: planPackages(input, "image"),
    buildPackages: planPackages(input, "build"),
    metaPackages: planConnectors(input),
    makeFolders: {
      name: "make-folders",
      title: "Make folders",
      commands: [{ kind: "make-folders", documentRoot }],
    },
    source: planSource(input),
    beforeBuild: {
      name: "before-build",
      title: "Run before-build",
      commands: userCommands(input, work.beforeBuild),
    },
    pipInstall: { name: "pip-install", title, commands: [...told, ...commands] },
    pipBefore: { name: "pip-install", title, commands: before },
    pipAfter: { name: "pip-install-app", title, commands: [...told, ...after] },
    dependencies: {
      name: "dependencies",
      title: installTitle(apart),
      commands: apart.flatMap(({ plan }) => [...plan.packages, ...plan.install]),
    },
    build: planBuild(input),
    prune: planPrune(input),
    tidy: planTidy(input),
    site: {
      name: "site",
      title: `Serve the folder ${input.start.site?.folder || "of the app"} as a web site`,
      commands: input.start.site?.commands ?? [],
    },
    startScript: planStartScript(input),
    metadata: {
      name: "metadata",
      title: "Write the metadata",
      commands: [{ kind: "metadata", rendered }],
    },
    // Last, on the image as it will be: what only the build needed is gone.
    test: { name: "test", title: "Test the image", commands: testCommands(input) },
  };
}

// --- internal ---

function planStartScript(input: ActionsInput): PlannedAction {
  const { work, start } = input;
  const folder = sourceFolder(work);
  const { detected } = start;
  return {
    name: "start-scripts",
    title: "Write the start script",
    commands: [
      {
        kind: "start-script",
        start: start.configured,
        script: work.startScript,
        scripts: startScripts(input.isPrepared).map(({ place }) => place),
        detected: detected && { line: detected.line, cwd: below(folder, detected.dir ?? ".") },
        beforeRun: work.beforeRun.map(({ line }) => line),
        cwd: folder,
        rendered: work.rendered,
        lookedFor: start.from === null ? start.lookedFor : [],
        isTold: start.isMissingTold,
      },
    ],
  };
}

function below(folder: string, dir: string): string {
  return join(folder, dir).replace(/\/$/, "");
}

/** What builds a repository may ask git for its version. */
function planSource({ work: { source }, tree }: ActionsInput): PlannedAction {
  const git = plannedPackages(tree?.has(".git") ? ["git"] : [], "build");
  return {
    name: "source",
    title: "Unpack the source",
    commands: source.kind === "archive" ? [...git, { kind: "unpack-source", dir: source.dir }] : [],
  };
}

interface PipPlan {
  title: string;
  /** All of it, where the app is. */
  commands: PlannedCommand[];
  /** In a layer of dependencies, and what is left then. */
  before: PlannedCommand[];
  after: PlannedCommand[];
  told: PlannedCommand[];
}

/** What pip-install installs comes beside the app, unless it is the app. */
function planPip(input: ActionsInput): PipPlan {
  const { work, tree, place } = input;
  const items = itemsOf(work);
  if (items.length === 0) return { title: "", commands: [], before: [], after: [], told: [] };
  const from = originOf(input, work.pipInstall[0]!.from);
  const source = tree === undefined ? undefined : { tree, dir: sourceDir(work) };
  const title = `Install with pip: ${items.join(", ")}`;
  const all = planItems(items, from, source);
  if (place === "here" || source === undefined) return { title, ...all, before: [], after: [] };
  const { commands: before, isAppLeft } = planItemsBefore(work.pipInstall, from, source);
  return { title, ...all, before, after: isAppLeft ? all.commands : [] };
}
