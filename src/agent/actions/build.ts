/** Before-build, pip-install, build commands or scripts, detected projects. */
import type { ConfiguredCommand } from "../../protocol/agent-input.ts";
import { type Command, run, shell, type User, warn } from "../../protocol/command.ts";
import { BUILD, PYTHON } from "../../protocol/layout.ts";
import type { Action, Facts } from "../action.ts";
import { installTemporary } from "../apt.ts";
import type { Detector } from "../detector.ts";
import { detectAll } from "../detectors.ts";
import { buildsApp, installsDependencies } from "../layer.ts";
import { pipInstall } from "../pip.ts";
import { expandItems, installsApp } from "../pip-items.ts";

/** Where a build script is looked for when none is named. */
const BUILD_SCRIPTS = ["nua/build.py", "build.py"];

export const beforeBuild: Action = {
  name: "before-build",
  describe: ({ input }) => (input.beforeBuild.length > 0 ? "Run before-build" : null),
  commands: (facts) => userCommands(facts, facts.input.beforeBuild),
};

export const pipInstallItems: Action = {
  name: "pip-install",
  describe(facts) {
    const { input } = facts;
    if (input.pipInstall.length > 0 && installsDependencies(input)) {
      return `Install with pip: ${input.pipInstall.map(({ item }) => item).join(", ")}`;
    }
    return leavesRequirements(facts) ? `Leave ${REQUIREMENTS} alone` : null;
  },
  commands(facts) {
    const { words, unmatched } = expandItems(facts);
    const from = facts.input.pipInstall[0]?.from ?? "build.pip-install";
    const told = leavesRequirements(facts)
      ? [warn(`${from} installs the app itself: ${NOT_INSTALLED}`)]
      : [];
    if (!installsDependencies(facts.input)) return told;
    return [
      ...unmatched.map((item) => warn(`nothing in the app matches "${item}" of ${from}`)),
      ...told,
      ...(words.length > 0 ? [pipInstall(facts, words, { cwd: BUILD, from })] : []),
    ];
  },
};

/** What the app's files say how to install: all of it, or the part that belongs to this layer. */
const DETECTED: Omit<Action, "name"> = {
  describe: (facts) => prefixed("Install from", detectedFiles(facts)),
  commands: (facts) =>
    detectorsOf(facts).flatMap((detector) => [
      ...(installsDependencies(facts.input)
        ? installTemporary(detector.packages(facts), facts.tree)
        : []),
      ...detector.commands(facts),
    ]),
};

/** The first of these ways that applies is the build. */
const WAYS: readonly Omit<Action, "name">[] = [
  {
    describe: ({ input }) => (input.build.length > 0 ? "Run the build commands" : null),
    commands: (facts) => userCommands(facts, facts.input.build),
  },
  {
    describe: (facts) => prefixed("Run", findBuildScript(facts)),
    commands(facts) {
      const script = findBuildScript(facts) ?? "";
      const from = facts.input.buildScript === null ? script : "build.build-script";
      return [run([PYTHON, script], { user: buildUser(facts), cwd: BUILD, from })];
    },
  },
  DETECTED,
];

export const build: Action = {
  name: "build",
  describe: (facts) => findWay(facts)?.describe(facts) ?? null,
  commands: (facts) => findWay(facts)?.commands(facts) ?? [],
};

/** What the app depends on, in a layer of its own: the app's folder has the manifests only. */
export const dependencies: Action = { name: "dependencies", ...DETECTED };

// --- internal ---

function findWay(facts: Facts): Omit<Action, "name"> | undefined {
  return WAYS.find((way) => way.describe(facts) !== null);
}

function buildUser({ input }: Facts): User {
  return input.buildAsRoot ? "root" : "nua";
}

function userCommands(facts: Facts, commands: readonly ConfiguredCommand[]): Command[] {
  return commands.map(({ line, from }) =>
    shell(line, { user: buildUser(facts), cwd: facts.source, from, env: NO_BYTECODE }),
  );
}

/** For pip in a command of the user's. Of its negative options, "no" is the value that says so. */
const NO_BYTECODE = { PIP_NO_COMPILE: "no" };

/** A script that is named has to be there: python then says that it is not. */
function findBuildScript({ input, tree }: Facts): string | null {
  const found = BUILD_SCRIPTS.find((name) => tree.exists(`${BUILD}/${name}`)) ?? null;
  return input.buildScript ?? found;
}

function detectedFiles(facts: Facts): string | null {
  const files = detectorsOf(facts).flatMap((detector) => detector.detect(facts) ?? []);
  return files.length > 0 ? files.join(", ") : null;
}

/** What pip-install installs comes beside the app, unless it is the app. */
function detectorsOf(facts: Facts): Detector[] {
  const isInstalled = installsApp(facts);
  return detectAll(facts).filter(({ installsPython }) => !(isInstalled && installsPython));
}

/** In the layer that has all of the source: one of dependencies has only what is installed. */
function leavesRequirements(facts: Facts): boolean {
  const { input, tree, source } = facts;
  return (
    buildsApp(input) &&
    tree.exists(`${source}/${REQUIREMENTS}`) &&
    installsApp(facts) &&
    !expandItems(facts).words.some((word) => word.endsWith(REQUIREMENTS))
  );
}

const REQUIREMENTS = "requirements.txt";
const NOT_INSTALLED = `${REQUIREMENTS} is not installed; "-r ${REQUIREMENTS}" among its items does that`;

function prefixed(verb: string, what: string | null): string | null {
  return what === null ? null : `${verb} ${what}`;
}
