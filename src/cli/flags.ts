/** Parses flags for citty's commands: refuses unknown flags, counts `-v`. */
import type { ArgsDef, ParsedArgs } from "citty";
import { closest } from "../lib/closest.ts";
import { NuaError } from "../lib/errors.ts";
import type { AnyCommand } from "./command.ts";

/** @throws NuaError (usage) for a flag that the command does not have, or without its value */
export function checkFlags(argv: readonly string[], command: AnyCommand): void {
  const flags = Object.entries(command.args).filter(([, { type }]) => type !== "positional");
  const names = flags.map(([name]) => name);
  const booleans = flags.filter(([, { type }]) => type === "boolean").map(([name]) => name);
  const aliases = new Map(
    flags.flatMap(([name, arg]) =>
      "alias" in arg && typeof arg.alias === "string" ? [[arg.alias, name] as const] : [],
    ),
  );
  const takesValue = (name: string) => !booleans.includes(name);
  const fail = (message: string, hint: string) => {
    throw new NuaError("usage", message, { hint });
  };
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index]!;
    if (word === "--") return;
    if (!word.startsWith("-") || word === "-") continue;
    for (const flag of spellings(word, aliases)) {
      const negated = flag.startsWith("no-") && booleans.includes(flag.slice(3));
      if (!names.includes(flag) && !negated) {
        const guess = closest(flag, names);
        fail(
          `Read flag "${word}": ${command.meta.name} does not have it`,
          guess ? `did you mean --${guess}?` : `see ${command.meta.name} --help`,
        );
      }
      if (!negated && takesValue(flag) && !word.includes("=")) {
        index += 1;
        if (argv[index] === undefined) {
          fail(`Read flag "${word}": its value is missing`, `write --${flag} VALUE`);
        }
      }
    }
  }
}

/**
 * Where the first word stands that is no flag, nor the value of one; behind the end if there is
 * none.
 * @param commands whose flags are known: of others, none takes a value
 */
export function firstWord(argv: readonly string[], commands: readonly AnyCommand[]): number {
  const flags = commands.flatMap(({ args }) => Object.entries(args));
  const withValue = new Set(
    flags.flatMap(([name, arg]) =>
      arg.type === "boolean" || arg.type === "positional"
        ? []
        : [name, ...("alias" in arg && typeof arg.alias === "string" ? [arg.alias] : [])],
    ),
  );
  let at = 0;
  while (at < argv.length) {
    const word = argv[at]!;
    if (word === "--") return at + 1;
    if (!word.startsWith("-") || word === "-") return at;
    const name = word.startsWith("--") ? word.slice(2) : word.slice(-1);
    at += withValue.has(name) && !word.includes("=") ? 2 : 1;
  }
  return at;
}

/** Words and flags, as citty reads them; where there are words only, it need not be loaded. */
export async function parseWords(argv: string[], flags: ArgsDef): Promise<ParsedArgs> {
  if (argv.some((word) => word.startsWith("-"))) {
    const { parseArgs } = await import("citty");
    return parseArgs(argv, flags);
  }
  const defaults = Object.entries(flags).flatMap(([name, flag]) =>
    flag.default === undefined ? [] : [[name, flag.default]],
  );
  return { ...Object.fromEntries(defaults), _: [...argv] };
}

/** How often -v or --verbose was given; `-vvv` counts three times. */
export function countVerbosity(argv: readonly string[]): number {
  const words = argv.filter((word) => word === "--verbose" || /^-[a-zA-Z]+$/.test(word));
  const count = (word: string) => (word.startsWith("--") ? 1 : word.split("v").length - 1);
  return words.reduce((sum, word) => sum + count(word), 0);
}

/** Every value of a flag that may be given several times, in order. */
export function flagValues(argv: readonly string[], flag: string): string[] {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  return words.flatMap((word, index) => {
    if (word === `--${flag}`) return words[index + 1] ?? [];
    return word.startsWith(`--${flag}=`) ? word.slice(flag.length + 3) : [];
  });
}

// --- internal ---

/** The long names that a word stands for: `-vq` is two of them. */
function spellings(word: string, aliases: ReadonlyMap<string, string>): string[] {
  if (word.startsWith("--")) return [word.slice(2).split("=")[0]!];
  const letters = [...word.slice(1).split("=")[0]!];
  return letters.map((letter) => aliases.get(letter) ?? letter);
}
