/** What is started: a script, a framework's server, or a file, in that order. Pure. */
import { posix } from "node:path";
import type { Origin } from "../../protocol/planned-action.ts";
import type { StartCommand } from "../language.ts";
import type { AppPackage } from "./app/app-package.ts";
import { lineOf } from "./app/manifest.ts";
import type { NodeContext } from "./context.ts";
import { findEntry, isServer } from "./entry.ts";
import { type FoundFramework, findFramework } from "./frameworks/frameworks.ts";
import { portOf } from "./port.ts";
import { isForDevelopment } from "./programs.ts";
import { runnerOf } from "./runner.ts";
import { wordText } from "./script-line.ts";
import { type StartLine, startLine } from "./start-line.ts";
import { stepsOfLine, stepsOfScript } from "./start-script.ts";
import { START_SCRIPTS } from "./startable.ts";

export interface StartScript {
  name: string;
  line: StartLine;
  isDevelopment: boolean;
}

export interface FoundStart {
  start: StartCommand;
  by: "script" | "framework" | "file";
  runtime: "nodejs" | "bun";
  packages: ReadonlySet<string>;
  warnings: readonly string[];
  /** Of the framework that it is of, where that is another member's. */
  env?: Readonly<Record<string, string>>;
  /** Versions of Node that it needs beside those that the app asks for. */
  nodeRange?: { range: string; from: Origin } | null;
}

/** The scripts that may start an app, in the order in which they count. */
export function startScripts(
  app: AppPackage,
  context: NodeContext,
  framework: FoundFramework | null,
): StartScript[] {
  return [...START_SCRIPTS, ...ssrScripts(app)].flatMap(
    (name) => scriptOf(app, context, framework, name) ?? [],
  );
}

/** @returns null where nothing is known to start the app */
export function findStart(
  app: AppPackage,
  context: NodeContext,
  framework: FoundFramework | null,
  scripts: readonly StartScript[],
): FoundStart | null {
  const ofScript = scripts.find(({ isDevelopment }) => !isDevelopment);
  if (ofScript !== undefined) return byScript(app, framework, ofScript);
  if (framework?.server !== undefined)
    return byFramework(app, context, framework, framework.server);
  const file = byFile(app, context, scripts.length === 0);
  if (file !== null) return file;
  const others = LAST_SCRIPTS.flatMap((name) => scriptOf(app, context, framework, name) ?? []);
  const last = others.find(({ isDevelopment }) => !isDevelopment);
  if (last !== undefined) return byScript(app, framework, last);
  const [development] = scripts;
  if (development === undefined) return null;
  const warning = `the script "${development.name}" starts a server for development ("${development.line.line}"), and nothing else is known to start the app`;
  const found = byScript(app, framework, development);
  return { ...found, warnings: [...found.warnings, warning] };
}

export function startCommand({ line, dir, last, app }: StartLine, from: Origin): StartCommand {
  const entry = last?.words
    .slice(1)
    .map((word) => wordText(word) ?? "")
    .find((word) => !word.startsWith("-"));
  const port = portOf(app, entry === undefined ? undefined : posix.normalize(entry));
  return { line, from, ...(dir === "" ? {} : { dir }), ...(port === undefined ? {} : { port }) };
}

export function scriptOrigin(app: AppPackage, name: string): Origin {
  return manifestOrigin(app, "scripts", name);
}

// --- internal ---

/** Looked at last: what they start may be anything. */
const LAST_SCRIPTS = ["serve", "server", "bot", "run", "web"];

/** Angular writes one for each project: `serve:ssr:NAME`. */
function ssrScripts({ manifest }: AppPackage): string[] {
  return Object.keys(manifest.scripts).filter((name) => name.startsWith("serve:ssr"));
}

function scriptOf(
  app: AppPackage,
  context: NodeContext,
  framework: FoundFramework | null,
  name: string,
): StartScript | null {
  const line = startLine(stepsOfScript(app, name), context);
  if (line === null) return null;
  const text = line.last === null ? line.line : line.last.words.join(" ");
  const isDevelopment = isForDevelopment(text) || framework?.notStart?.test(text) === true;
  return { name, line, isDevelopment };
}

function byScript(
  app: AppPackage,
  framework: FoundFramework | null,
  { name, line }: StartScript,
): FoundStart {
  const start = startCommand(line, scriptOrigin(app, name));
  const program = line.last?.words[0];
  // A script may start another member of the workspace.
  const owner = line.app.dir === app.dir ? framework : findFramework(line.app);
  const own = owner?.server;
  const isOwn = own !== undefined && line.last !== null && sameProgram(own.line, line.last.words);
  const port = (isOwn ? own.port : undefined) ?? start.port ?? own?.port;
  return {
    ...{ by: "script", packages: line.packages, warnings: line.warnings },
    start: port === undefined ? start : { ...start, port },
    runtime: program === "bun" || program === "bunx" ? "bun" : "nodejs",
    env: owner?.env ?? {},
  };
}

function sameProgram(line: string, words: readonly string[]): boolean {
  const [program, first] = line.split(" ");
  const isFile = program === "node" && first !== undefined;
  if (!isFile) return program === words[0];
  return words.some((word) => posix.normalize(word).startsWith(posix.normalize(first)));
}

function byFramework(
  app: AppPackage,
  context: NodeContext,
  framework: FoundFramework,
  { line, port }: { line: string; port?: number },
): FoundStart {
  const found = startLine(stepsOfLine(app, line), context)!;
  const start: StartCommand = { line: found.line, from: framework.from };
  if (app.dir !== "") start.dir = app.dir;
  const known = port ?? portOf(app, undefined);
  if (known !== undefined) start.port = known;
  return { by: "framework", start, runtime: "nodejs", packages: found.packages, warnings: [] };
}

/** @param isAny also a file that does not seem to listen: beside a script, it is another thing */
function byFile(app: AppPackage, context: NodeContext, isAny: boolean): FoundStart | null {
  const entry = findEntry(app);
  if (entry === null || (!isAny && !isServer(app, entry.file))) return null;
  const from =
    entry.by === "main" ? manifestOrigin(app, "main") : { what: posix.join(app.dir, entry.file) };
  const { words, runtime, range } = runnerOf(app, context, entry.file);
  const found = startLine(
    [{ app, dir: app.dir, command: { assignments: [], words }, line: words.join(" ") }],
    context,
  )!;
  const start = startCommand(found, from);
  return {
    ...{ by: "file", start, runtime, packages: found.packages, warnings: [] },
    nodeRange: range === null ? null : { range, from: { what: posix.join(app.dir, entry.file) } },
  };
}

function manifestOrigin(app: AppPackage, ...keys: string[]): Origin {
  const file = app.manifest.file ?? "package.json";
  const line = lineOf(app.root, file, ...keys);
  return { what: file, ...(line === undefined ? {} : { line }) };
}
