import type { Action, Facts } from "../../../src/agent/action.ts";
import type { AgentInput } from "../../../src/protocol/agent-input.ts";
import { type Command, formatCommand } from "../../../src/protocol/command.ts";
import { memoryTree } from "./memory-tree.ts";

export const EMPTY_INPUT: AgentInput = {
  version: 2,
  layer: "all",
  dependencies: "here",
  app: { id: "hello", tag: "nua-hello:1.0" },
  source: { kind: "local", dir: "." },
  packages: { build: [], run: [] },
  metaPackages: [],
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

/** What an agent would know of an app with these files; paths are below /nua/build. */
export function factsOf(
  files: Readonly<Record<string, string>>,
  { input = {}, system = {}, ...facts }: FactsOptions = {},
): Facts {
  const app = Object.entries(files).map(([path, text]) => [`/nua/build/${path}`, text]);
  return {
    input: { ...EMPTY_INPUT, ...input },
    tree: memoryTree({ ...Object.fromEntries(app), ...system }),
    source: "/nua/build",
    context: "/context",
    dependencies: null,
    config: "{}\n",
    scratch: "/scratch",
    programs: "/programs",
    caches: { pip: null, npm: null, yarn: null },
    baseline: new Set(),
    npmRegistry: null,
    ...facts,
  };
}

export interface FactsOptions extends Partial<Omit<Facts, "input" | "tree">> {
  input?: Partial<AgentInput>;
  /** Further files, by absolute path. */
  system?: Readonly<Record<string, string>>;
}

/** What an action does, one line for each command. */
export function script(action: Pick<Action, "commands">, facts: Facts): string[] {
  return action.commands(facts).flatMap(line);
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
