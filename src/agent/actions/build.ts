import { matchesGlob } from "node:path";
import type { ConfiguredCommand } from "../../shared/agent-input.ts";
import type { Action, Facts } from "../action.ts";
import { installTemporary } from "../apt.ts";
import { type Command, run, shell, type User, warn } from "../command.ts";
import { detectAll } from "../detectors.ts";
import { installsDependencies } from "../layer.ts";
import { BUILD, PYTHON } from "../layout.ts";
import { pipInstall, pipWords } from "../pip.ts";

/** Where a build script is looked for when none is named. */
const BUILD_SCRIPTS = ["nua/build.py", "build.py"];

export const beforeBuild: Action = {
  name: "before-build",
  describe: ({ input }) => (input.beforeBuild.length > 0 ? "Run before-build" : null),
  commands: (facts) => userCommands(facts, facts.input.beforeBuild),
};

export const pipInstallItems: Action = {
  name: "pip-install",
  describe: ({ input }) =>
    input.pipInstall.length > 0 && installsDependencies(input)
      ? `Install with pip: ${input.pipInstall.map(({ item }) => item).join(", ")}`
      : null,
  commands(facts) {
    const { words, unmatched } = expandItems(facts);
    const from = facts.input.pipInstall[0]?.from ?? "build.pip-install";
    return [
      ...unmatched.map((item) => warn(`nothing in the app matches "${item}" of ${from}`)),
      ...(words.length > 0 ? [pipInstall(facts, words, { cwd: BUILD, from })] : []),
    ];
  },
};

/** What the app's files say how to install: all of it, or the part that belongs to this layer. */
const DETECTED: Omit<Action, "name"> = {
  describe: (facts) => prefixed("Install from", detectedFiles(facts)),
  commands: (facts) =>
    detectAll(facts).flatMap((detector) => [
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

/** What pip-install has installed is taken for all of a local app, but not for fetched source. */
function detectedFiles(facts: Facts): string | null {
  if (facts.source === BUILD && expandItems(facts).words.length > 0) return null;
  const files = detectAll(facts).flatMap((detector) => detector.detect(facts) ?? []);
  return files.length > 0 ? files.join(", ") : null;
}

function prefixed(verb: string, what: string | null): string | null {
  return what === null ? null : `${verb} ${what}`;
}

/** The words for pip, with globs replaced by what they match below /nua/build. */
function expandItems(facts: Facts): { words: string[]; unmatched: string[] } {
  const words: string[] = [];
  const unmatched: string[] = [];
  for (const { item } of facts.input.pipInstall) {
    // Only a star: "uvicorn[standard]" is no pattern.
    const matches = item.includes("*") && !/[<>=!~]/.test(item) ? expandGlob(facts, item) : null;
    if (matches?.length === 0) unmatched.push(item);
    words.push(...(matches ?? pipWords(item)));
  }
  return { words, unmatched };
}

function expandGlob({ tree }: Facts, pattern: string): string[] {
  const depth = pattern.includes("**") ? 8 : pattern.split("/").length;
  const relative = pattern.replace(/^(\.\/)+/, "").replace(`${BUILD}/`, "");
  return filesBelow(BUILD, "", depth)
    .filter((path) => matchesGlob(path, relative))
    .map((path) => `./${path}`);

  function filesBelow(root: string, prefix: string, levels: number): string[] {
    if (levels === 0) return [];
    return tree
      .list(`${root}/${prefix}`.replace(/\/$/, ""))
      .flatMap((name) =>
        name.endsWith("/")
          ? filesBelow(root, `${prefix}${name}`, levels - 1)
          : [`${prefix}${name}`],
      );
  }
}
