/** Pure: what a task or a script of an app runs, where that is one plain command. */

/** A word, as it is written and as a shell takes it. */
interface Word {
  raw: string;
  value: string;
}

export interface PlainLine {
  /** `NAME=value`, before the command. */
  assignments: readonly string[];
  words: readonly Word[];
}

/** @returns null for what only a shell understands: several commands, pipes, what another prints */
export function parseLine(line: string): PlainLine | null {
  if (line.length > MOST_CHARACTERS) return null;
  const words = splitWords(line.trim());
  if (words === null) return null;
  const at = words.findIndex(({ value }) => !/^[A-Za-z_]\w*=/.test(value));
  if (at < 0) return null;
  return { assignments: words.slice(0, at).map(({ raw }) => raw), words: words.slice(at) };
}

/** A program of Deno's that is run or served. */
export interface DenoCommand {
  command: "run" | "serve";
  /** As they are written. */
  flags: readonly string[];
  /** A file or an address. */
  entry: string;
  args: readonly string[];
}

/** `deno run …`, `deno serve …`, and `deno FILE`, which runs it; null for anything else. */
export function denoCommand({ words }: PlainLine): DenoCommand | null {
  const [program, first, ...rest] = words;
  if (program?.value !== "deno" || first === undefined) return null;
  const isNamed = first.value === "run" || first.value === "serve";
  if (!isNamed && !/^-|\.[cm]?[jt]sx?$|^(?:npm|jsr|https?):/.test(first.value)) return null;
  const after = isNamed ? rest : [first, ...rest];
  const flags: string[] = [];
  let at = 0;
  for (; at < after.length && after[at]!.value.startsWith("-"); at += 1) {
    flags.push(after[at]!.raw);
    if (WITH_VALUE.has(after[at]!.value) && at + 1 < after.length) {
      at += 1;
      flags.push(after[at]!.raw);
    }
  }
  const entry = after[at];
  if (entry === undefined) return null;
  return {
    command: first.value === "serve" ? "serve" : "run",
    ...{ flags, entry: entry.value, args: after.slice(at + 1).map(({ raw }) => raw) },
  };
}

/** The task that a line runs, and nothing else; null for any other line. */
export function calledTask({ words }: PlainLine): string | null {
  const [program, command, name, ...rest] = words.map(({ value }) => value);
  const isTask = program === "deno" && command === "task" && rest.length === 0;
  return isTask && name !== undefined && !name.startsWith("-") ? name : null;
}

/** Whether a program may do more than print: by a flag, or by a set of its settings. */
export function hasPermissions(flags: readonly string[]): boolean {
  return flags.some((flag) => /^(?:-[A-Z]+|--allow-|--permission-set)/.test(flag));
}

/** Without what serves development: what is started again at each edit, fetched or checked anew. */
export function plainFlags(flags: readonly string[]): string[] {
  return flags.filter((flag) => !FOR_DEVELOPMENT.test(flag));
}

// --- internal ---

const MOST_CHARACTERS = 4096;

const FOR_DEVELOPMENT =
  /^(?:--watch|--watch-hmr|--watch-exclude|--no-clear-screen|--reload|-r|--check|--inspect|--inspect-brk|--inspect-wait|--cached-only)(?:=|$)/;

/** Flags whose value is the next word. Source: `deno run --help`. */
const WITH_VALUE = new Set([
  ...["-c", "--config", "--import-map", "--port", "--host", "--location", "--seed", "--cert"],
  ...["-L", "--log-level", "--ext", "--preload", "--require", "--conditions"],
]);

/** @returns null where a shell would do more than to part them */
function splitWords(line: string): Word[] | null {
  const words: Word[] = [];
  let raw = "";
  let value = "";
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]!;
    if (quote !== "") {
      raw += char;
      if (char === quote) quote = "";
      else if (char === "`" || (quote === '"' && /[\\$]/.test(char) && line[at + 1] === "("))
        return null;
      else value += char;
    } else if (/\s/.test(char)) {
      if (raw !== "") words.push({ raw, value });
      raw = value = "";
    } else if (/[;&|<>()`\\#\n]/.test(char)) {
      return null;
    } else {
      raw += char;
      if (char === '"' || char === "'") quote = char;
      else value += char;
    }
  }
  if (quote !== "") return null;
  if (raw !== "") words.push({ raw, value });
  return words;
}
