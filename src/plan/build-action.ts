/** Pure: plans how an app is built: its own commands, a script, or what its files ask for. */
import { BUILD, METADATA, PYTHON } from "../protocol/layout.ts";
import {
  type PlannedAction,
  type PlannedCommand,
  plannedRun,
  plannedShell,
  TEST_TIMEOUT,
} from "../protocol/planned-action.ts";
import type { ActionsInput } from "./actions-input.ts";
import { builtParts, isDetected, type PlannedPart } from "./parts.ts";
import { originOf, sourceFolder } from "./places.ts";
import type { ConfiguredCommand, RequestedWork } from "./requested-work.ts";

export function installTitle(parts: readonly PlannedPart[]): string {
  return `Install from ${parts.map(({ file }) => file).join(", ")}`;
}

/** The first of these ways that applies is the build. */
export function planBuild(input: ActionsInput): PlannedAction {
  const { work } = input;
  const name = "build";
  const parts = builtParts(input.parts);
  const detected = parts.flatMap(({ plan, place }) => [
    ...(place === "here" ? [...plan.packages, ...plan.install] : []),
    ...plan.build,
  ]);
  const pruned = parts
    .filter(({ place }) => place !== "pruned")
    .flatMap((part) => pruneCommands(part, input));
  if (work.build.length > 0) {
    const first = work.build.findIndex(isDetected);
    const commands = work.build.flatMap((line, index) => {
      if (!isDetected(line)) return userCommands(input, [line]);
      return index === first ? detected : [];
    });
    const after = first < 0 ? [] : pruned;
    return { name, title: "Run the build commands", commands: [...commands, ...after] };
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
  return { name, title: installTitle(parts), commands: [...detected, ...pruned] };
}

/** In the layer of dependencies; or where the app is, so that its tests find what the image has. */
export function planPrune(input: ActionsInput): PlannedAction {
  const pruned = builtParts(input.parts).filter(({ place }) => place === "pruned");
  return {
    name: "prune",
    title: "Remove the dependencies that only the build needs",
    commands: pruned.flatMap((part) => pruneCommands(part, input)),
  };
}

/** After that, which reads what it removes. */
export function planTidy(input: ActionsInput): PlannedAction {
  return {
    name: "tidy",
    title: "Remove what package managers and bundlers keep for their next run",
    commands: builtParts(input.parts).flatMap(({ plan }) => plan.tidy ?? []),
  };
}

export function userCommands(
  input: ActionsInput,
  commands: readonly ConfiguredCommand[],
): PlannedCommand[] {
  const { work } = input;
  const place = { user: buildUser(work), cwd: sourceFolder(work), env: NO_BYTECODE };
  return commands.map(({ line, from }) =>
    plannedShell(line, { ...place, from: originOf(input, from) }),
  );
}

export function testCommands(input: ActionsInput): PlannedCommand[] {
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

// --- internal ---

/** Of a server that is built with all that it needs, nothing that was installed is run. */
function pruneCommands({ plan }: PlannedPart, { start, work }: ActionsInput): PlannedCommand[] {
  const { prune = [], onlyForBuild = [], isSelfContained = false } = plan;
  const isAlone = isSelfContained && start.detected !== null && start.detected === plan.start;
  if (!isAlone || onlyForBuild.length === 0 || work.beforeRun.length > 0) return prune;
  const from = start.detected?.from;
  return [
    plannedRun(["rm", "-rf", ...onlyForBuild], { user: "nua", cwd: sourceFolder(work), from }),
  ];
}

/** A script that is named has to be there: python then says that it is not. */
function buildScript({
  work,
  foundBuildScript,
}: Pick<ActionsInput, "work" | "foundBuildScript">): string | null {
  return work.buildScript ?? foundBuildScript;
}

function buildUser({ buildAsRoot }: RequestedWork): "root" | "nua" {
  return buildAsRoot ? "root" : "nua";
}

/** For pip in a command of the user's. Of its negative options, "no" is the value that says so. */
const NO_BYTECODE = { PIP_NO_COMPILE: "no" };
