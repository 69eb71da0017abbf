/** Finds the command of a command line, and runs it. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { closest } from "../lib/closest.ts";
import { NuaError } from "../lib/errors.ts";
import { printable } from "../lib/printable.ts";
import { VERSION } from "../protocol/version.ts";
import { isTerminal, STDOUT, writeText } from "../session/output.ts";
import { createReporter } from "../session/reporter.ts";
import { createSession } from "../session/session.ts";
import { loadSettings, SETTINGS, type Settings } from "../session/settings.ts";
import type { SignalWatch } from "../session/signals.ts";
import { isAppAddress } from "../source/app-address.ts";
import type { AnyCommand, CommandData } from "./command.ts";
import { checkFlags, countVerbosity, firstWord, flagValues, parseWords } from "./flags.ts";
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
  const [name, rest] = await selectCommand(argv, basename(process.argv0));
  if (!INSTANT.has(name)) Bun.unsafe.setJITPolicy(1);
  const command = await COMMANDS[name]!();
  checkFlags(rest, command);
  const args = await parseWords(rest, command.args);
  if (args.help === true) return printHelp(command);
  if (args.version === true) return printVersion();
  chooseColours(rest);
  const verbosity = args.quiet === true ? -1 : countVerbosity(rest);
  const report = createReporter(verbosity);
  const settings = loadSettings(settingsFromFlags(args, rest), process.env, report.warn);
  await using work = createWork(settings, watch);
  const begin = EXAMINING.has(name) ? () => {} : work.begin;
  const session = createSession({ settings, report, signal: watch.signal }, begin);
  // What is fetched lies in a temporary folder.
  if (!READ_FIRST.has(name) || args._.some(isAppAddress)) begin();
  let status = 0;
  const endWith = (other: number) => {
    status = other;
  };
  const values = (flag: string) => flagValues(rest, flag);
  const data: CommandData = {
    ...{ session, verbosity, words: args._, values },
    ...{ begin, print: printLine, endWith },
  };
  await command.run(args, data);
  return status;
}

/**
 * The command that is meant, and what is left for it: the first word that is no flag, nor the value
 * of one. A folder of that name is `./name`.
 * @throws NuaError (usage) for a first word that is no command, and neither there nor a path
 */
export async function selectCommand(argv: string[], program: string): Promise<[string, string[]]> {
  if (program === "nua-build-base-images") return ["bases", ["build", ...argv]];
  const [first = ""] = argv;
  const at = first.startsWith("-") ? await findFirstWord(argv) : 0;
  const word = argv[at];
  if (word === undefined || argv[at - 1] === "--") return ["build", argv];
  if (Object.hasOwn(COMMANDS, word)) return [word, argv.toSpliced(at, 1)];
  const isPlain = !word.includes("/") && !isAppAddress(word);
  if (isPlain && !existsSync(word)) throw unknownWord(word);
  return ["build", argv];
}

// --- internal ---

/** Which of a command's flags take a value is told by the flags of the command that is meant. */
async function findFirstWord(argv: readonly string[]): Promise<number> {
  const build = await COMMANDS.build!();
  const first = firstWord(argv, [build]);
  const name = argv[first] ?? "";
  if (!Object.hasOwn(COMMANDS, name)) {
    // `--out check.tar inspect FILE`: a flag that only the command knows.
    for (const [at, word] of argv.entries()) {
      if (word === "--") break;
      if (at <= first || !Object.hasOwn(COMMANDS, word)) continue;
      if (firstWord(argv, [build, await COMMANDS[word]!()]) === at) return at;
    }
  }
  return first;
}

function unknownWord(word: string): NuaError {
  const guess = closest(word, Object.keys(COMMANDS));
  const hint =
    guess === undefined
      ? "give the folder of an app, its nua-config, or a command: see nua-build --help"
      : `did you mean nua-build ${guess}?`;
  const problem = "it is neither a command nor a file or folder that is there";
  return new NuaError("usage", `Read "${word}": ${problem}`, { hint });
}

function settingsFromFlags(
  args: Record<string, unknown>,
  argv: readonly string[],
): Partial<Settings> {
  const given = SETTINGS.flatMap(({ name, key }) => {
    const value = args[key.replace(".", "-")];
    if (typeof value === "boolean") return [[name, String(value)]];
    return typeof value === "string" ? [[name, value]] : [];
  });
  const flags: Partial<Settings> = Object.fromEntries(given);
  // A list: each of several flags is a part of it.
  if (flags.rewrites !== undefined) flags.rewrites = flagValues(argv, "rewrite").join(" ");
  // Who names one here wants that one, whatever an app asks for.
  const { linuxBase, linuxBases = linuxBase } = flags;
  return linuxBases === undefined ? flags : { ...flags, linuxBases };
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
  // Our own, with colours.
  writeText(STDOUT, `${isTerminal(STDOUT) ? text : stripVTControlCharacters(text)}\n`);
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

/** Results hold names and texts of others: an image's labels, the paths in an archive. */
function printLine(line: string): void {
  writeText(STDOUT, `${printable(line)}\n`);
}
