/**
 * Pure: parses a Procfile, and chooses the process that an image starts.
 *
 * Source: Heroku Dev Center, "The Procfile": one `NAME: COMMAND` a line.
 */
import { COMMAND_WORD } from "../protocol/words.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { joinPath } from "./placed-plan.ts";

export const PROCFILE = "Procfile";

export interface Process {
  name: string;
  /** A line for a shell. */
  command: string;
  /** Counted from 1. */
  line: number;
}

export interface ChosenProcess {
  /** Null where none is, which the warnings say. */
  process: Process | null;
  /** With file and line. */
  warnings: string[];
}

/**
 * `web`, else the only one there is; what is not started is told.
 * @param file as messages name it
 */
export function chooseProcess(text: string, file = PROCFILE): ChosenProcess {
  const { processes, problems } = parseProcfile(text, file);
  const running = processes.filter(({ name }) => !isOneTime(name));
  const process =
    running.find(({ name }) => name === "web") ?? (running.length === 1 ? running[0]! : null);
  const others = processes.filter((one) => one !== process);
  const place = (lines: readonly Process[]) => lines.map(({ line }) => line).join(", ");
  const names = others.map(({ name }) => name).join(", ");
  const told = () => {
    if (others.length === 0) return [];
    if (process !== null) {
      const are = others.length === 1 ? "is" : "are";
      return [`${file}:${place(others)}: ${names} ${are} not started, only ${process.name}`];
    }
    return [`${file}:${place(others)}: there is no web, so that none of ${names} is started`];
  };
  return { process, warnings: [...problems, ...told()] };
}

export interface FoundProcess extends ChosenProcess {
  /** Where it is started, relative to the source. */
  dir: string;
  file: string;
}

/**
 * Of what is chosen as the app; else at the top, or in the folder that the app's server is in.
 * @param found.part the one with the app's server
 */
export function findProcess(
  tree: SourceTree | undefined,
  found: { part: { dir: string; member: string | null } | undefined; isChosen: boolean },
): FoundProcess {
  const { part, isChosen } = found;
  const { dir: own = "", member = null } = part ?? {};
  const folder = member === null ? own : joinPath(own, member);
  // What is no member of a workspace has nothing to do with what lies above it.
  const dirs = isChosen ? [folder, ...(member === null ? [] : [own, ""])] : ["", own];
  const places = [...new Set(dirs)].map((dir) => ({ dir, file: joinPath(dir, PROCFILE) }));
  const { dir, file } = places.find((one) => tree?.has(one.file)) ?? places[0]!;
  return { dir: dir || ".", file, ...chooseProcess(tree?.text(file) ?? "", file) };
}

// --- internal ---

/** More are told of as one: a file that is none may have many. */
const MOST_PROBLEMS = 5;

/** Characters of a name that is shown. */
const SHOWN = 40;

function parseProcfile(text: string, file: string): { processes: Process[]; problems: string[] } {
  const processes: Process[] = [];
  const problems: string[] = [];
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === "" || content.startsWith("#")) continue;
    const [, name, command] = /^([A-Za-z0-9_-]+)\s*:\s*(\S.*)$/.exec(content) ?? [];
    if (name === undefined || command === undefined || !COMMAND_WORD.accepts(command)) {
      problems.push(`${file}:${line}: "${content.slice(0, SHOWN)}" is no NAME: COMMAND`);
      continue;
    }
    const first = processes.find((one) => one.name === name);
    if (first === undefined) processes.push({ name, command, line });
    else problems.push(`${file}:${line}: ${name} is there already, in line ${first.line}`);
  }
  const more = problems.length - MOST_PROBLEMS;
  const shown = problems.slice(0, MOST_PROBLEMS);
  return { processes, problems: more > 0 ? [...shown, `${file}: ${more} more lines`] : shown };
}

/** What is run once and ends: before the release, or around the build. */
function isOneTime(name: string): boolean {
  return ["release", "prebuild", "postbuild", "prerun"].includes(name);
}
