/**
 * Pure: what an app's own Dockerfile starts: nothing is built from that, but it tells with which
 * words a program serves.
 */
import { declare, expand, instructions } from "../lib/dockerfile-text.ts";
import { oncePer } from "../lib/once-per.ts";
import { shellQuote } from "../lib/shell-words.ts";
import { formatOrigin, type Origin } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { commandOfCompose } from "./compose-command.ts";

export interface DockerfileCommand {
  /** Without its folder. */
  program: string;
  /** The words after it. */
  args: string[];
  from: Origin;
}

/** Of its last stage; null where that starts nothing, or a line for a shell. */
export const commandOfDockerfile = oncePer((tree: SourceTree): DockerfileCommand | null => {
  const text = (tree.text(FILE) ?? "").slice(0, MOST_CHARACTERS);
  const found = lastCommand(text);
  if (found === null) return null;
  const words = withoutWrappers(found.words);
  const [program = "", ...args] = words;
  if (program === "") return null;
  const from = { what: FILE, line: found.line };
  return { program: program.split("/").at(-1)!, args, from };
});

export interface DockerfileArguments {
  args: string[];
  warnings: string[];
  /** Absent where it says nothing of them. */
  from?: Origin;
}

/**
 * The words that it starts an app's own program with, as far as they may hold in another image; where
 * it says none, those of the compose file.
 * @param names of the program; what people call it in images otherwise counts as well
 */
export function argumentsOfDockerfile(
  tree: SourceTree,
  names: readonly string[],
): DockerfileArguments {
  const found = commandOfDockerfile(tree);
  const isOther =
    found !== null && !names.includes(found.program) && !OTHER_NAMES.has(found.program);
  const none = { args: [], warnings: [] };
  if (found !== null && (isOther || NO_PROGRAM.test(found.program))) return none;
  if (found !== null && found.args.length > 0) return argumentsFrom(found.args, found.from);
  const told = commandOfCompose(tree, names);
  return told === null ? none : argumentsFrom(told.words, told.from);
}

// --- internal ---

/** What is there in that image need not be in this one. */
function argumentsFrom(args: string[], from: Origin): DockerfileArguments {
  if (!args.some((word) => /(?:^|=)\//.test(word))) return { args, warnings: [], from };
  const words = args.map(shellQuote).join(" ");
  const told = `${formatOrigin(from)} starts it with "${words}", which names places of that image: run.start says what holds here`;
  return { args: [], warnings: [told] };
}

/** Scripts and servers that start something else. */
const NO_PROGRAM =
  /\.(?:sh|py|js)$|^(?:sh|bash|ash|node|nginx|caddy|python3?|su-exec|gosu|supervisord)$/;

/** What people call the program of their Dockerfile, whatever it is called otherwise. */
const OTHER_NAMES = new Set([
  ...["app", "main", "server", "service", "api", "web", "bin", "entrypoint"],
]);

const FILE = "Dockerfile";

/** No Dockerfile that people write is longer. */
const MOST_CHARACTERS = 256 * 1024;

interface Found {
  words: string[];
  line: number;
}

function lastCommand(text: string): Found | null {
  const values: Record<string, string> = {};
  let entry: Found = { words: [], line: 0 };
  let command: Found = { words: [], line: 0 };
  try {
    for (const { keyword, rest, line } of instructions(text)) {
      if (keyword === "FROM") entry = command = { words: [], line };
      else if (keyword === "ENV" || keyword === "ARG") declare(rest, values, {});
      else if (keyword === "ENTRYPOINT" || keyword === "CMD") {
        const words = wordsOf(expand(rest, values));
        if (words === null) return null;
        // An entry point takes away the command of the image that it starts from.
        if (keyword === "ENTRYPOINT") entry = { words, line };
        else command = { words, line };
      }
    }
  } catch {
    return null;
  }
  // Scripts of that kind end with what they are told to run.
  const isScript = entry.words.length === 1 && SCRIPT.test(entry.words[0]!);
  if (isScript && command.words.length > 0) return command;
  const words = [...entry.words, ...command.words];
  const line = command.words.length > 0 ? command.line : entry.line;
  return words.length === 0 ? null : { words, line };
}

const SCRIPT = /\.sh$|entry-?point$/;

/** The form of JSON, or plain words; null for what only a shell understands. */
function wordsOf(text: string): string[] | null {
  if (!text.trim().startsWith("[")) {
    return /[\\'"`$;&|<>(){}*?~#]/.test(text) ? null : text.trim().split(/\s+/);
  }
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((one) => typeof one === "string") ? words : null;
  } catch {
    return null;
  }
}

/** Programs that start the app and stay before it. */
const WRAPPERS = /(?:^|\/)(?:tini|tini-static|dumb-init|catatonit|s6-svscan)$/;

function withoutWrappers(words: readonly string[]): string[] {
  const start = words.findIndex((word) => !WRAPPERS.test(word) && !/^-(?:-|[a-z]+$)/.test(word));
  const isWrapped = words.length > 0 && WRAPPERS.test(words[0]!);
  return isWrapped ? words.slice(Math.max(start, 0)) : [...words];
}
