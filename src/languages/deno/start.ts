/** Pure: what an app of Deno's is started with: by a task, or by its file. */
import { shellQuote } from "../../lib/shell-words.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import { type SourceTree, treePath } from "../../source/source-tree.ts";
import type { StartCommand } from "../language.ts";
import { joined } from "./config.ts";
import { graphOf, type ModuleGraph } from "./graph.ts";
import { listeningOf, portOfFlags, USUAL_PORT } from "./port.ts";
import { type DenoFolder, ENTRIES, isOfDeno } from "./project.ts";
import { calledTask, type DenoCommand, denoCommand, parseLine, plainFlags } from "./task-line.ts";
import { readTask, type StartTask, startTasks } from "./tasks.ts";

export interface DenoStart {
  start: StartCommand;
  /** The file or address that Deno runs, relative to its folder; null where a shell decides. */
  entry: string | null;
  graph: ModuleGraph;
  warnings: readonly string[];
  /** Whether nothing but the file's name says so. */
  isGuess?: boolean;
}

/** @returns null where nothing of the folder says how it is started */
export function findStart(tree: SourceTree, own: DenoFolder): DenoStart | null {
  const [task] = startTasks(tree, own);
  if (task !== undefined && !task.isDevelopment) return byTask(tree, own, task);
  const file = entryOf(tree, own);
  if (file !== null) return byFile(tree, own, file);
  if (task === undefined) return null;
  const found = byTask(tree, own, task);
  const told = `the task "${task.name}" starts a server for development ("${task.line}"), and nothing else is known to start the app`;
  return { ...found, warnings: [...found.warnings, told] };
}

/** Whether anything of the folder says how it is started. */
export function hasStart(tree: SourceTree, own: DenoFolder): boolean {
  return startTasks(tree, own).length > 0 || entryOf(tree, own) !== null;
}

/** What a line starts: of one that runs a task, what that runs; null where it is not Deno's. */
export function plainStart(tree: SourceTree, own: DenoFolder, line: string): StartCommand | null {
  const parsed = parseLine(line);
  if (parsed === null) return null;
  const name = calledTask(parsed);
  const task = name === null ? null : readTask(tree, own, name);
  if (task !== null) return task.command === null ? null : byTask(tree, own, task).start;
  const command = denoCommand(parsed);
  if (command === null) return null;
  const from = { what: own.config?.file ?? command.entry };
  // A line that somebody has written for this very image is left as it is.
  return { ...started(tree, own, { command, assignments: parsed.assignments, from }).start, line };
}

// --- internal ---

function byTask(tree: SourceTree, own: DenoFolder, task: StartTask): DenoStart {
  const { command, assignments, from, name } = task;
  if (command === null) {
    const port = portOfFlags(task.line.split(/\s+/)) ?? listeningOf(new Map()).port;
    const start = startIn(own, { line: `deno task ${shellQuote(name)}`, from }, port);
    return { start, entry: null, graph: NO_GRAPH, warnings: [] };
  }
  return started(tree, own, { command, assignments, from });
}

const NO_GRAPH: ModuleGraph = { files: new Map(), imports: [] };

/** What is not there yet, a build makes. */
function started(
  tree: SourceTree,
  own: DenoFolder,
  {
    command,
    assignments,
    from,
  }: { command: DenoCommand; assignments: readonly string[]; from: Origin },
): DenoStart {
  const path = treePath(joined(own.folder, command.entry));
  const graph = path === undefined ? NO_GRAPH : graphOf(tree, path, own.imports);
  const { port, loopback } = listeningOf(graph.files);
  const said = command.command === "serve" ? (portOfFlags(command.flags) ?? USUAL_PORT) : null;
  const assigned = portAssigned(assignments);
  const given = assigned ?? said ?? portOfFlags(command.args) ?? port;
  // The image sets it, and whoever runs a container may say otherwise.
  const others = assigned === null ? assignments : assignments.filter((one) => !PORT.test(one));
  return {
    start: startIn(own, { line: lineOf(command, others), from }, given),
    ...{ entry: command.entry, graph },
    warnings: loopback === null || said !== null ? [] : [`${loopback} ${LOOPBACK}`],
  };
}

const LOOPBACK =
  "has the app listen on 127.0.0.1, where nobody reaches it from outside of its container: say otherwise in run.start or [env]";

function startIn(own: DenoFolder, start: StartCommand, port: number | null): StartCommand {
  return {
    ...start,
    ...(own.folder === "" ? {} : { dir: own.folder }),
    ...(port === null ? {} : { port }),
  };
}

const PORT = /^PORT=["']?(\d{2,5})\b/;

function portAssigned(assignments: readonly string[]): number | null {
  const value = assignments.map((one) => PORT.exec(one)?.[1]).find(Boolean);
  return value === undefined ? null : Number(value);
}

/** With all that it imports in the image, and nothing fetched when it starts. */
function lineOf({ command, flags, entry, args }: DenoCommand, assignments: readonly string[]) {
  const own = plainFlags(flags);
  const hasPort = command === "run" || own.some((flag) => /^--port(?:=|$)/.test(flag));
  const words = [
    ...(assignments.length > 0 ? ["env", ...assignments] : []),
    ...["deno", command, "--cached-only", ...own],
    ...(hasPort ? [] : [`--port=\${PORT:-${USUAL_PORT}}`]),
    ...[shellQuote(entry), ...args],
  ];
  return words.join(" ");
}

function entryOf(tree: SourceTree, { folder }: DenoFolder): string | null {
  return ENTRIES.find((name) => tree.text(joined(folder, name)) !== undefined) ?? null;
}

function byFile(tree: SourceTree, own: DenoFolder, entry: string): DenoStart {
  const file = joined(own.folder, entry);
  const isServed = isHandler(tree.text(file) ?? "");
  const flags = [own.config?.permissions.default === undefined ? "-A" : "-P"];
  const command: DenoCommand = { command: isServed ? "serve" : "run", flags, entry, args: [] };
  const found = started(tree, own, { command, assignments: [], from: { what: file } });
  return { ...found, isGuess: !isOfDeno(tree.text(file) ?? "") };
}

/** `export default { fetch … }`, of which `deno serve` makes a server. */
function isHandler(text: string): boolean {
  if (/\bDeno\.serve\(|\.listen\(/.test(text)) return false;
  return /^export default (?:\{[^}]{0,400}\bfetch\b|app\b|\w{1,60} satisfies Deno\.ServeDefaultExport)/m.test(
    text,
  );
}
