/** The words and flags of a call -> the command that does the work. */
import { basename } from "node:path";
import { isTerminal, STDOUT, writeText } from "../output.ts";
import { createReporter } from "../reporter.ts";
import { loadSettings, SETTINGS, type Settings } from "../settings.ts";
import { VERSION } from "../shared/version.ts";
import type { SignalWatch } from "../signals.ts";
import { createWorld } from "../world.ts";
import type { AnyCommand, CommandData } from "./command.ts";
import { checkFlags, countVerbosity, flagValues, parseWords } from "./flags.ts";
import { createWork } from "./work.ts";

/** Each command, loaded when it is called: what a call does not need costs it nothing. */
const COMMANDS: Readonly<Record<string, () => Promise<AnyCommand>>> = {
  bases: async () => (await import("./bases.ts")).basesCommand,
  build: async () => (await import("./build.ts")).buildCommand,
  bundle: async () => (await import("./bundle.ts")).bundleCommand,
  check: async () => (await import("./check.ts")).checkCommand,
  config: async () => (await import("./config.ts")).configCommand,
  doctor: async () => (await import("./doctor.ts")).doctorCommand,
  inspect: async () => (await import("./inspect.ts")).inspectCommand,
  load: async () => (await import("./load.ts")).loadCommand,
  plan: async () => (await import("./plan.ts")).planCommand,
  prune: async () => (await import("./prune.ts")).pruneCommand,
  save: async () => (await import("./save.ts")).saveCommand,
  schema: async () => (await import("./schema.ts")).schemaCommand,
  verify: async () => (await import("./verify.ts")).verifyCommand,
  thicken: async () => (await import("./thicken.ts")).thickenCommand,
};

/** Commands that end before machine code would pay; the binary starts without making any. */
const INSTANT: ReadonlySet<string> = new Set(["check", "config", "plan", "schema"]);

/** Commands that read what they are given first, and make nothing until they ask for the engine. */
const READ_FIRST: ReadonlySet<string> = new Set([...INSTANT, "build", "inspect", "verify"]);

/** Commands that tell what is left over, instead of removing it before they look. */
const EXAMINING: ReadonlySet<string> = new Set(["doctor", "prune"]);

/**
 * Runs a call to its end.
 * @returns the exit status; see EXIT_STATUS
 * @throws NuaError for everything that a user can mend
 */
export async function runCli(argv: string[], watch: SignalWatch): Promise<number> {
  const [name, rest] = selectCommand(argv, basename(process.argv0));
  if (!INSTANT.has(name)) Bun.unsafe.setJITPolicy(1);
  const command = await COMMANDS[name]!();
  checkFlags(rest, command);
  const args = await parseWords(rest, command.args);
  if (args.help === true) return printHelp(command);
  if (args.version === true) return printVersion();
  chooseColours(rest);
  const verbosity = args.quiet === true ? -1 : countVerbosity(rest);
  const settings = loadSettings(settingsFromFlags(args));
  await using work = createWork(settings, watch);
  const report = createReporter(verbosity);
  const begin = EXAMINING.has(name) ? () => {} : work.begin;
  const world = createWorld({ settings, report, signal: watch.signal }, begin);
  if (!READ_FIRST.has(name)) begin();
  let status = 0;
  const endWith = (other: number) => {
    status = other;
  };
  const values = (flag: string) => flagValues(rest, flag);
  const data: CommandData = {
    ...{ world, verbosity, words: args._, values },
    ...{ begin, print: printLine, endWith },
  };
  await command.run(args, data);
  return status;
}

/** The command that is meant, and what is left for it: a folder of that name is `./name`. */
export function selectCommand(argv: string[], program: string): [string, string[]] {
  if (program === "nua-build-base-images") return ["bases", ["build", ...argv]];
  const [first = "", ...rest] = argv;
  return Object.hasOwn(COMMANDS, first) ? [first, rest] : ["build", argv];
}

// --- internal ---

function settingsFromFlags(args: Record<string, unknown>): Partial<Settings> {
  const given = SETTINGS.flatMap(({ name, key }) => {
    const value = args[key.replace(".", "-")];
    if (typeof value === "boolean") return [[name, String(value)]];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return Object.fromEntries(given);
}

function chooseColours(argv: readonly string[]): void {
  if (argv.includes("--no-color")) process.env.NO_COLOR = "1";
  else if (argv.includes("--color")) process.env.FORCE_COLOR = "1";
}

async function printHelp(command: AnyCommand): Promise<number> {
  const { renderUsage } = await import("citty");
  const { stripVTControlCharacters } = await import("node:util");
  const usage = await renderUsage({ meta: command.meta, args: command.args });
  const text = usage.trimEnd().replace("[OPTIONS]", `[OPTIONS] ${command.words}`);
  printLine(isTerminal(STDOUT) ? text : stripVTControlCharacters(text));
  if (command.meta.name === "nua-build") {
    const names = Object.keys(COMMANDS).join(", ");
    printLine(`\nCommands: ${names}; nua-build COMMAND --help tells more`);
  }
  return 0;
}

function printVersion(): number {
  printLine(`nua-build version: ${VERSION}`);
  return 0;
}

function printLine(line: string): void {
  writeText(STDOUT, `${line}\n`);
}
