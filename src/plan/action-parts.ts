/** Pure: plans the actions of a build: copy, install, build, start script, …. */
import type { Language, LanguageOptions, LanguagePlan } from "../languages/language.ts";
import { detectLanguages } from "../languages/languages.ts";
import { pipInstall } from "../languages/python/pip.ts";
import { installsApp, planItems } from "../languages/python/requested-items.ts";
import type { DependencyPlace } from "../protocol/agent-input.ts";
import { BUILD, METADATA, PYTHON } from "../protocol/layout.ts";
import {
  type Origin,
  type PlannedAction,
  type PlannedCommand,
  plannedRun,
  plannedShell,
  TEST_TIMEOUT,
} from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { metaParts, unknownMetaPackages } from "./meta-packages.ts";
import type { ConfiguredCommand, RequestedWork } from "./requested-work.ts";

export interface ActionsInput {
  work: RequestedWork;
  /** The app's source; undefined where it is not at hand. */
  tree: SourceTree | undefined;
  /** The language whose runtime the image starts from. */
  runtime: string;
  /** Where dependencies are installed. */
  place: DependencyPlace;
  /** Whether Debian packages that stay have a layer of their own. */
  hasPackagesLayer: boolean;
  /** The build script of the app's folder, where one is found; relative to it. */
  foundBuildScript: string | null;
  /** Line of a key of the nua-config, counted from 1, where it is known. */
  lineOf(path: readonly (string | number)[]): number | undefined;
}

export type ActionParts = Record<
  | "runPackages"
  | "buildPackages"
  | "metaPackages"
  | "makeFolders"
  | "source"
  | "beforeBuild"
  | "pipInstall"
  | "toldOfPip"
  | "dependencies"
  | "build"
  | "startScript"
  | "metadata"
  | "test",
  PlannedAction
>;

export function createParts(input: ActionsInput): ActionParts {
  const { work } = input;
  const { documentRoot, rendered } = work;
  const detected = detect(input);
  const { title, told, commands } = planPip(input);
  const isHere = input.place === "here";
  return {
    runPackages: packages(input, "image"),
    buildPackages: packages(input, "build"),
    metaPackages: pythonConnectors(input),
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
    toldOfPip: { name: "pip-install", title, commands: told },
    dependencies: {
      name: "dependencies",
      title: installTitle(detected),
      commands: detected.flatMap(({ plan }) => [...plan.packages, ...plan.install]),
    },
    build: planBuild(input, detected, isHere),
    startScript: {
      name: "start-scripts",
      title: "Write the start script",
      commands: [
        {
          kind: "start-script",
          start: work.start.map(({ line }) => line),
          script: work.startScript,
          beforeRun: work.beforeRun.map(({ line }) => line),
          cwd: sourceFolder(work),
          rendered,
        },
      ],
    },
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

/** Those that are asked for by name, and those that meta-packages stand for. */
function packages(input: ActionsInput, purpose: "image" | "build"): PlannedAction {
  const { metaPackages, packages: named, namedIn } = input.work;
  const kind = purpose === "image" ? "run" : "build";
  const implied = metaParts(metaPackages, kind);
  const names = [...new Set([...namesOf(named[kind]), ...implied])];
  const keys = [...namedIn[kind], ...(implied.length > 0 ? namedIn.meta : [])];
  const from = keys.map((key) => originOf(input, key));
  const unknown = purpose === "image" ? unknownMetaPackages(metaPackages) : [];
  const title = purpose === "image" ? "Install packages" : "Install packages for the build";
  return {
    name: `${kind}-packages`,
    title: names.length === 0 ? title : `${title}: ${names.join(", ")}`,
    commands: [
      ...unknown.map((text) => ({ kind: "warn" as const, text })),
      ...(names.length === 0
        ? []
        : [{ kind: "install-packages" as const, packages: names, purpose, from }]),
    ],
  };
}

/** A person may have written several to a string. */
function namesOf(items: readonly string[]): string[] {
  return items.flatMap((item) => item.split(/\s+/)).filter((name) => name !== "");
}

function pythonConnectors(input: ActionsInput): PlannedAction {
  const { metaPackages, namedIn } = input.work;
  const names = metaParts(metaPackages, "pip");
  const from = originOf(input, namedIn.meta[0] ?? "build.meta-packages");
  return {
    name: "meta-packages",
    title: `Install Python connectors: ${names.join(", ")}`,
    commands: names.length === 0 ? [] : [pipInstall(names, { cwd: BUILD, from })],
  };
}

/** What builds a repository may ask git for its version. */
function planSource({ work: { source }, tree }: ActionsInput): PlannedAction {
  const git: PlannedCommand = { kind: "install-packages", packages: ["git"], purpose: "build" };
  return {
    name: "source",
    title: "Unpack the source",
    commands:
      source.kind === "archive"
        ? [...(tree?.has(".git") ? [git] : []), { kind: "unpack-source", dir: source.dir }]
        : [],
  };
}

interface Detected {
  file: string;
  language: Language;
  plan: LanguagePlan;
}

/** What the app's files say how to install; nothing where the configuration says it. */
function detect(input: ActionsInput): Detected[] {
  const { work, tree, runtime, place } = input;
  const isCustom = work.build.length > 0 || buildScript(input) !== null;
  if (tree === undefined || isCustom) return [];
  const version = String(work.rendered.version ?? "");
  const options: LanguageOptions = { source: sourceFolder(work), runtime, version, place };
  const isInstalled = installsApp(itemsOf(work), { tree, dir: sourceDir(work) });
  return detectLanguages(tree)
    .filter(({ installsPython }) => !(isInstalled && installsPython))
    .map((language) => ({
      file: language.detect(tree) ?? "",
      language,
      plan: language.plan(tree, options),
    }));
}

function installTitle(detected: readonly Detected[]): string {
  return `Install from ${detected.map(({ file }) => file).join(", ")}`;
}

/** The first of these ways that applies is the build. */
function planBuild(
  input: ActionsInput,
  detected: readonly Detected[],
  isHere: boolean,
): PlannedAction {
  const { work } = input;
  const name = "build";
  if (work.build.length > 0) {
    return { name, title: "Run the build commands", commands: userCommands(input, work.build) };
  }
  const script = buildScript(input);
  if (script !== null) {
    const isNamed = work.buildScript !== null;
    const from = isNamed ? originOf(input, "build.build-script") : { what: script };
    // A name that begins with a hyphen would be an option.
    const run = plannedRun([PYTHON, script.replace(/^-/, "./-")], {
      user: buildUser(work),
      cwd: BUILD,
      from,
    });
    return { name, title: `Run ${script}`, commands: [run] };
  }
  const commands = detected.flatMap(({ plan }) => [
    ...(isHere ? [...plan.packages, ...plan.install] : []),
    ...plan.build,
  ]);
  return { name, title: installTitle(detected), commands };
}

/** A script that is named has to be there: python then says that it is not. */
function buildScript({ work, foundBuildScript }: ActionsInput): string | null {
  return work.buildScript ?? foundBuildScript;
}

function buildUser({ buildAsRoot }: RequestedWork): "root" | "nua" {
  return buildAsRoot ? "root" : "nua";
}

/** For pip in a command of the user's. Of its negative options, "no" is the value that says so. */
const NO_BYTECODE = { PIP_NO_COMPILE: "no" };

function userCommands(
  input: ActionsInput,
  commands: readonly ConfiguredCommand[],
): PlannedCommand[] {
  const { work } = input;
  const place = { user: buildUser(work), cwd: sourceFolder(work), env: NO_BYTECODE };
  return commands.map(({ line, from }) =>
    plannedShell(line, { ...place, from: originOf(input, from) }),
  );
}

function testCommands(input: ActionsInput): PlannedCommand[] {
  const { work } = input;
  const options = { cwd: sourceFolder(work), timeout: TEST_TIMEOUT };
  if (work.test.length === 0) {
    const from = { what: "default test" };
    return [plannedShell(`test -f ${METADATA}/nua-config.json`, { ...options, from })];
  }
  return work.test.map(({ line, from }) =>
    plannedShell(line, { ...options, from: originOf(input, from) }),
  );
}

/** What pip-install installs comes beside the app, unless it is the app. */
function planPip(input: ActionsInput): Omit<PlannedAction, "name"> & { told: PlannedCommand[] } {
  const { work, tree } = input;
  const items = itemsOf(work);
  if (items.length === 0) return { title: "", commands: [], told: [] };
  const from = originOf(input, work.pipInstall[0]!.from);
  const source = tree === undefined ? undefined : { tree, dir: sourceDir(work) };
  return {
    title: `Install with pip: ${items.join(", ")}`,
    ...planItems(items, from, source),
  };
}

function itemsOf({ pipInstall: items }: RequestedWork): string[] {
  return items.map(({ item }) => item);
}

/** Relative to /nua/build; "." is all of it. */
function sourceDir({ source }: RequestedWork): string {
  return source.dir.replace(/^\.?\/*|\/+$/g, "") || ".";
}

/** Folder of the app's source in the image. */
function sourceFolder(work: RequestedWork): string {
  const dir = sourceDir(work);
  return dir === "." ? BUILD : `${BUILD}/${dir}`;
}

/** A key of the nua-config, such as `build.build[1]`, with its line. */
function originOf({ lineOf }: ActionsInput, key: string): Origin {
  const path = [...key.matchAll(/[^.[\]]+/g)].map(([part]) =>
    /^\d+$/.test(part) ? Number(part) : part,
  );
  const line = lineOf(path);
  return line === undefined ? { what: key } : { what: key, line };
}
