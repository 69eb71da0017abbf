/** Pure: plans how an app is built: its own commands, a script, or what its files ask for. */
import type { Language, LanguageOptions, LanguagePlan } from "../languages/language.ts";
import { detectLanguages } from "../languages/languages.ts";
import { installsApp } from "../languages/python/requested-items.ts";
import { BUILD, METADATA, PYTHON } from "../protocol/layout.ts";
import {
  type PlannedAction,
  type PlannedCommand,
  plannedRun,
  plannedShell,
  TEST_TIMEOUT,
} from "../protocol/planned-action.ts";
import { type ActionsInput, itemsOf, originOf, sourceDir, sourceFolder } from "./actions-input.ts";
import type { ConfiguredCommand, RequestedWork } from "./requested-work.ts";

/** What an app's files ask for, in one language. */
export interface Detected {
  file: string;
  language: Language;
  plan: LanguagePlan;
}

/** What the app's files say how to install; nothing where the configuration says it. */
export function detectWork(input: ActionsInput): Detected[] {
  const { work, tree, runtime, versions, place } = input;
  if (tree === undefined || isCustomBuild(input)) return [];
  const version = String(work.rendered.version ?? "");
  const isInstalled = installsApp(itemsOf(work), { tree, dir: sourceDir(work) });
  const all = detectLanguages(tree);
  const options: LanguageOptions = {
    ...{ source: sourceFolder(work), runtime, version, place, versions, member: null },
    languages: all.map(({ name }) => name),
  };
  return all
    .filter(({ installsPython }) => !(isInstalled && installsPython))
    .map((language) => ({
      file: language.detect(tree) ?? "",
      language,
      plan: language.plan(tree, options),
    }));
}

/** Whether the configuration, or a script, says how the app is built. */
export function isCustomBuild(input: Pick<ActionsInput, "work" | "foundBuildScript">): boolean {
  return input.work.build.length > 0 || buildScript(input) !== null;
}

export function installTitle(detected: readonly Detected[]): string {
  return `Install from ${detected.map(({ file }) => file).join(", ")}`;
}

/** The first of these ways that applies is the build. */
export function planBuild(input: ActionsInput, detected: readonly Detected[]): PlannedAction {
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
    ...(input.place === "here" ? [...plan.packages, ...plan.install] : []),
    ...plan.build,
  ]);
  return { name, title: installTitle(detected), commands };
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
