/** What is planned for an app, and what the agent makes of it, one line for each command. */

import { commandsOf } from "../../../src/agent/commands/commands.ts";
import type { Facts } from "../../../src/agent/facts.ts";
import { planActions } from "../../../src/plan/actions.ts";
import type { ActionsInput } from "../../../src/plan/actions-input.ts";
import { planStart } from "../../../src/plan/app-start.ts";
import { findParts, planParts } from "../../../src/plan/parts.ts";
import type { RequestedWork } from "../../../src/plan/requested-work.ts";
import { type Command, formatCommand } from "../../../src/protocol/command.ts";
import type { PlannedAction, PlannedCommand } from "../../../src/protocol/planned-action.ts";
import { subtree } from "../../../src/source/source-tree.ts";
import { memoryTree as sourceTree } from "../../helpers/memory-tree.ts";
import { memoryTree } from "./memory-tree.ts";

export const NO_WORK: RequestedWork = {
  source: { kind: "local", dir: "." },
  languages: [],
  app: null,
  frozen: false,
  staticFolder: null,
  packages: { build: [], run: [] },
  metaPackages: [],
  namedIn: { build: [], run: [], meta: [] },
  beforeBuild: [],
  pipInstall: [],
  build: [],
  buildScript: null,
  buildAsRoot: false,
  test: [],
  beforeRun: [],
  start: [],
  startScript: null,
  documentRoot: null,
  rendered: {},
};

export interface AppOptions
  extends Partial<Omit<ActionsInput, "work" | "tree" | "placeOf" | "parts" | "start">> {
  work?: Partial<RequestedWork>;
  /** Further files of the image, by absolute path. */
  system?: Readonly<Record<string, string>>;
  facts?: Partial<Omit<Facts, "tree">>;
}

/** What is there where nothing else is asked for. */
export const PYTHON_ALONE = { languages: ["python"], leftOut: [] };

type Files = Readonly<Record<string, string>>;

/** What is planned for an app with these files, in its own layer. */
export function planOf(files: Files, options: AppOptions = {}): PlannedAction[] {
  const { work = {}, system: _, facts: __, ...others } = options;
  const all = { ...NO_WORK, ...work };
  const found = ["nua/build.py", "build.py"].find((name) => name in files) ?? null;
  const input = {
    ...{ work: all, tree: subtree(sourceTree(files), all.source.dir), builtWith: PYTHON_ALONE },
    ...{ versions: {}, isPrepared: true, isLayered: false },
    ...{ place: "here" as const, hasPackagesLayer: false, foundBuildScript: found },
    ...{ foundStartScript: null, placeOf: () => undefined },
    ...others,
  };
  const parts = planParts(findParts(input), input);
  const start = planStart({ ...input, parts });
  return planActions({ ...input, parts, start }).app;
}

/** What the agent knows of an image with these files of an app; their paths are below /nua/build. */
export function factsOf(files: Files, { system = {}, facts = {} }: AppOptions = {}): Facts {
  const app = Object.entries(files).map(([path, text]) => [`/nua/build/${path}`, text]);
  return {
    tree: memoryTree({ ...Object.fromEntries(app), ...system }),
    context: "/context",
    config: "{}\n",
    programs: "/programs",
    caches: [],
    baseline: new Set(),
    withCredentials: (word) => word,
    ...facts,
  };
}

/** What an action does about an app; null when it is not planned, or there is nothing to do. */
export function script(name: string, files: Files, options: AppOptions = {}): string[] | null {
  const action = planOf(files, options).find((one) => one.name === name);
  const lines = carryOut(action?.commands ?? [], factsOf(files, options));
  return lines.length === 0 ? null : lines;
}

export function carryOut(commands: readonly PlannedCommand[], facts: Facts): string[] {
  const lines = commands.flatMap((planned) => commandsOf(planned, facts)).flatMap(line);
  return lines.filter((text, at) => !text.startsWith("warn ") || lines.indexOf(text) === at);
}

/** A command as one line: the user where it is not root, then what is done. */
export function line(command: Command): string[] {
  switch (command.kind) {
    case "run":
      return [`${command.user === "root" ? "" : `${command.user}: `}${formatCommand(command)}`];
    case "write":
      return [`write ${command.path} ${command.mode.toString(8)}`];
    case "warn":
      return [`warn ${command.text}`];
    case "derive":
      return [...line(command.query).map((text) => `ask ${text}`)];
  }
}
