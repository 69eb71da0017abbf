/** Pure: the tasks of an app, which scripts of package.json are as well, and which of them starts it. */
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { originOf } from "./config.ts";
import type { DenoFolder } from "./project.ts";
import {
  calledTask,
  type DenoCommand,
  denoCommand,
  hasPermissions,
  parseLine,
} from "./task-line.ts";

export interface FoundTask {
  name: string;
  line: string;
  dependencies: readonly string[];
  from: Origin;
}

/** What starts an app, in the order in which they count. */
export const START_TASKS: readonly string[] = [
  "start",
  "prod",
  "production",
  "start:prod",
  "serve",
  "server",
  "preview",
];

/** A task of the folder's settings, or else a script of its package.json; null where there is none. */
export function findTask(tree: SourceTree, folder: DenoFolder, name: string): FoundTask | null {
  const { config, packageJson } = folder;
  if (config !== null && Object.hasOwn(config.tasks, name)) {
    const { command, dependencies } = config.tasks[name]!;
    const from = originOf(tree, config.file, "tasks", name);
    return { name, line: command, dependencies, from };
  }
  if (packageJson === null || !Object.hasOwn(packageJson.scripts, name)) return null;
  const from = originOf(tree, packageJson.file, "scripts", name);
  return { name, line: packageJson.scripts[name]!, dependencies: [], from };
}

export interface StartTask extends FoundTask {
  /** What Deno runs, where it is one plain command of Deno's; else null. */
  command: DenoCommand | null;
  assignments: readonly string[];
  /** Whether it serves those who develop the app. */
  isDevelopment: boolean;
}

/** Those that may start the app, the best first. */
export function startTasks(tree: SourceTree, folder: DenoFolder): StartTask[] {
  const all = START_TASKS.flatMap((name) => readTask(tree, folder, name) ?? []);
  const last = readTask(tree, folder, "dev");
  // What says how a file is run says so for those who use it as well.
  const isPlain =
    last?.command != null && !last.isDevelopment && hasPermissions(last.command.flags);
  const [good, rest] = [
    all.filter((one) => !one.isDevelopment),
    all.filter((one) => one.isDevelopment),
  ];
  return [...good, ...(isPlain ? [last] : []), ...rest];
}

/** A task with what it comes to; null where there is none of that name. */
export function readTask(tree: SourceTree, folder: DenoFolder, name: string): StartTask | null {
  const task = findTask(tree, folder, name);
  if (task === null) return null;
  let line = task.line;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const parsed = parseLine(line);
    const called = parsed === null ? null : calledTask(parsed);
    const next = called === null ? null : findTask(tree, folder, called);
    if (next === null) break;
    line = next.line;
  }
  const parsed = parseLine(line);
  // A build is done before, whichever task asks for it.
  const isAlone = task.dependencies.every((name) => name === "build");
  const command = parsed === null || !isAlone ? null : denoCommand(parsed);
  return {
    ...task,
    ...{ command, assignments: parsed?.assignments ?? [] },
    isDevelopment: command === null ? isForDevelopment(line) : isForDevelopment(command.entry),
  };
}

// --- internal ---

const MOST_STEPS = 10;

/** A server that builds what it serves at each request: Fresh's dev.ts, Vite's. */
function isForDevelopment(text: string): boolean {
  return /(?:^|[\s/:])dev(?:\.[cm]?[jt]sx?)?(?:\s|$)|--watch\b|(?:^|[\s/:])vite(?:@[^\s]{1,40})?\s*$/.test(
    text,
  );
}
