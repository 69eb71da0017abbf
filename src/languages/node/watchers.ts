/** Programs that start another one, and start it anew at each change: what they start. Pure. */
import type { PlainCommand } from "./script-line.ts";

/** What is started where nothing changes; null where the command is none of these. */
export function withoutWatcher(
  { assignments, words }: PlainCommand,
  dependencies: ReadonlySet<string>,
): PlainCommand | null {
  const [program, ...args] = words;
  const result = (found: string[] | null) =>
    found === null ? null : { assignments, words: found };
  if (program === "nodemon" || program === "supervisor" || program === "node-dev")
    return result(ofNodemon(args, dependencies));
  if (program === "ts-node-dev" || program === "tsnd")
    return result(withFile(args, (file) => typescriptCommand(file, dependencies)));
  if (program === "tsx" && args[0] === "watch") return result(["tsx", ...args.slice(1)]);
  if ((program === "node" || program === "bun" || program === "deno") && args.some(isWatch)) {
    return result([
      program,
      ...args.filter((word, at) => !isWatch(word) && args[at - 1] !== "--watch-path"),
    ]);
  }
  return null;
}

/** What runs a file, be it JavaScript or TypeScript. */
export function typescriptCommand(file: string, dependencies: ReadonlySet<string>): string[] {
  if (!/\.[cm]?tsx?$/.test(file)) return ["node", file];
  const runner = ["tsx", "ts-node"].find((name) => dependencies.has(name));
  return runner === undefined ? ["node", file] : [runner, file];
}

// --- internal ---

function isWatch(word: string): boolean {
  return /^(--watch|--hot|--watch-path(=.*)?|--watch-preserve-output)$/.test(word);
}

/** Source: nodemon's option list; those here have a value. */
const WITH_VALUE = /^(-e|--ext|-w|--watch|-i|--ignore|--delay|-d|--signal|-s|--config|-C|--cwd)$/;

function ofNodemon(args: readonly string[], dependencies: ReadonlySet<string>): string[] | null {
  const rest: string[] = [];
  let program: string[] | null = null;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]!;
    if (/^(-x|--exec)$/.test(word)) {
      const quoted = args[++at] ?? "";
      program = quoted.replace(/^(["'])(.*)\1$/s, "$2").split(/\s+/);
    } else if (WITH_VALUE.test(word)) at += 1;
    else if (rest.length > 0 || !word.startsWith("-")) rest.push(word);
  }
  if (program !== null) return [...program, ...rest];
  const [file, ...others] = rest;
  return file === undefined ? null : [...typescriptCommand(file, dependencies), ...others];
}

function withFile(args: readonly string[], command: (file: string) => string[]): string[] | null {
  const at = args.findIndex((word) => /\.[cm]?[jt]sx?$/.test(word));
  return at === -1 ? null : [...command(args[at]!), ...args.slice(at + 1)];
}
