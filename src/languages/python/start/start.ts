/** Pure: what a Python app is started with, where nobody says so. */
import { oncePer } from "../../../lib/once-per.ts";
import { shellQuote } from "../../../lib/shell-words.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import type { StartCommand } from "../../language.ts";
import { type DeclaredPackages, declaredPackages } from "../manifests/declared-packages.ts";
import { projectScript, startScript } from "./declared-scripts.ts";
import { djangoLine, findDjango, PORT, unknownVariables } from "./django.ts";
import { type FoundObject, findApp } from "./find-app.ts";
import { importName } from "./import-name.ts";
import { findLauncher } from "./launcher.ts";
import { fileLine, MAIN_FILES, onlyFile, runnablePackage, usualFile } from "./main-file.ts";
import { onlyDefines, type PythonModule, readModule } from "./modules.ts";
import { readPort, type ServerCall, serverCall } from "./server-call.ts";
import { portOf, serverLine, withRoot } from "./servers.ts";
import { findWorker } from "./workers.ts";

export interface PlannedStart {
  start: StartCommand | null;
  warnings: readonly string[];
  /** What was looked at in vain; empty where there is a start. */
  lookedFor: readonly string[];
}

/**
 * In this order: a script of that name in a manifest, Django, the file that runs the package of a
 * web app, the web app or the file that a framework's command is given, a file with a usual name, the program that the project installs,
 * the worker of a queue, a package that can be run, the only file at the top that can be.
 */
export const planStart = oncePer((tree: SourceTree): PlannedStart => {
  const declared = declaredPackages(tree);
  const warnings: string[] = [];
  const warn = (text: string) => warnings.push(text);
  for (const find of FINDERS) {
    const start = find(tree, declared, warn);
    if (start === undefined) continue;
    const untold = otherWorker(tree, declared, start);
    return { start, warnings: [...warnings, ...untold], lookedFor: [] };
  }
  return { start: null, warnings, lookedFor: LOOKED_FOR };
});

// --- internal ---

type Find = (
  tree: SourceTree,
  declared: DeclaredPackages,
  warn: (text: string) => void,
) => StartCommand | undefined;

const LOOKED_FOR = [
  "a script start of pdm or Pipenv",
  "manage.py",
  "a module with the app of a web framework",
  MAIN_FILES.join(", "),
  "scripts of the project in pyproject.toml",
  "a package with __main__.py",
  "the only file of Python at the top that is run",
];

const ofManifest: Find = (tree) => {
  const script = startScript(tree);
  return script === undefined ? undefined : { line: script.line, from: { what: script.what } };
};

const ofDjango: Find = (tree, declared, warn) => {
  const project = findDjango(tree);
  if (project === undefined) return undefined;
  const { folder } = project;
  const unknown = unknownVariables(project);
  const line = djangoLine(project, declared);
  if (line.includes("collectstatic")) {
    warn(
      `static files of Django are collected at each start: its settings need ${unknown.join(", ")}`,
    );
  }
  const what = folder === "" ? "manage.py" : `${folder}/manage.py`;
  return { line, port: PORT, from: { what }, ...(folder === "" ? {} : { dir: folder }) };
};

const ofFramework: Find = (tree, declared, warn) => {
  const found = findApp(tree, declared);
  if (found === undefined) return undefined;
  const from = { what: `${found.module.path} (${found.framework.name})` };
  if (found.kind === "object") return ofObject(found, tree, declared, warn);
  const { port } = found.framework;
  return { line: found.framework.line(shellQuote(found.module.path), portOf(port)), port, from };
};

const ofLauncher: Find = (tree, declared) => {
  const found = findApp(tree, declared);
  const launcher = found?.kind === "object" ? findLauncher(tree, found.module) : undefined;
  if (launcher === undefined) return undefined;
  const { module, ...port } = launcher;
  return { line: fileLine(module, tree), from: { what: module.path }, ...port };
};

/** A web app is given to a server; its own file is run where it does more than start one. */
function ofObject(
  found: FoundObject,
  tree: SourceTree,
  declared: DeclaredPackages,
  warn: (text: string) => void,
): StartCommand | undefined {
  const { module, framework, variable, isFactory } = found;
  const from = { what: `${module.path} (${framework.name})` };
  const name = importName(module, tree);
  const file = serverFile(module, tree);
  const port = file?.server.port ?? framework.port ?? PORT;
  const target = name && { ...name, variable, isFactory, port };
  const server = target && serverLine(framework.interface, target, declared);
  const command = target && (framework.preferred?.(target) ?? server ?? framework.own?.(target));
  const isChosen = framework.interface === "wsgi" && server !== undefined;
  const doesMore = file !== undefined && !file.server.isAlone && !isChosen;
  if (file?.server.isOpen && (doesMore || command === undefined)) {
    return { line: fileLine(file.module, tree), port, from: { what: file.module.path } };
  }
  if (command === undefined) {
    warn(
      `${module.path}: ${framework.name} needs a server, and none is among the dependencies: add ${SERVER[framework.interface]}`,
    );
    return undefined;
  }
  if (doesMore)
    warn(`${file.module.path} does more than start a server when it is run: that is not done`);
  return {
    line: target === undefined || server === command ? command : withRoot(target, command),
    port,
    from,
  };
}

const SERVER = { wsgi: "gunicorn", asgi: "uvicorn" } as const;

/** The file that starts a server when it is run: that of the app, or the one that is run else. */
function serverFile(
  app: PythonModule,
  tree: SourceTree,
): { module: PythonModule; server: ServerCall } | undefined {
  const main = usualFile(tree);
  const modules = [app, ...(main === undefined ? [] : [readModule(tree, main)])];
  for (const module of modules) {
    const server = module?.mainBlock === undefined ? undefined : serverCall(module);
    if (module !== undefined && server !== undefined) return { module, server };
  }
  return undefined;
}

const ofUsualFile: Find = (tree, declared, warn) => {
  const path = usualFile(tree);
  return path === undefined || doesNothing(path, tree, declared)
    ? undefined
    : run(path, tree, warn);
};

const ofOnlyFile: Find = (tree, declared, warn) => {
  const path = onlyFile(tree);
  if (path === undefined || doesNothing(path, tree, declared)) return undefined;
  const module = readModule(tree, path);
  return module !== undefined && onlyDefines(module) ? undefined : run(path, tree, warn);
};

/** A module of tasks, or with an app that has no server, ends at once when it is run. */
function doesNothing(path: string, tree: SourceTree, declared: DeclaredPackages): boolean {
  const module = readModule(tree, path);
  if (module === undefined || module.mainBlock !== undefined) return false;
  const app = findApp(tree, declared);
  const isApp = app?.kind === "object" && app.module.path === path;
  return isApp ? serverCall(module) === undefined : findWorker(tree, declared)?.path === path;
}

function run(path: string, tree: SourceTree, warn: (text: string) => void): StartCommand {
  const from = { what: path };
  const module = readModule(tree, path);
  // Too long to be read.
  if (module === undefined) return { line: `python ${shellQuote(path)}`, from };
  const server = serverCall(module);
  const port = server?.port ?? readPort(module.code) ?? (server?.readsPort ? PORT : undefined);
  if (server?.isLocal)
    warn(`${path} starts a server that only its own machine reaches: let it listen on 0.0.0.0`);
  return { line: fileLine(module, tree), from, ...(port === undefined ? {} : { port }) };
}

const ofProject: Find = (tree) => {
  const script = projectScript(tree);
  return script === undefined ? undefined : { line: script.line, from: { what: script.what } };
};

const ofWorker: Find = (tree, declared) => {
  const worker = findWorker(tree, declared);
  return worker === undefined
    ? undefined
    : { line: worker.line, from: { what: `${worker.path} (${worker.name})` } };
};

const ofPackage: Find = (tree, _, warn) => {
  const path = runnablePackage(tree);
  return path === undefined ? undefined : run(path, tree, warn);
};

/** Tasks are taken by nobody where only the web app is started. */
function otherWorker(
  tree: SourceTree,
  declared: DeclaredPackages,
  { line }: StartCommand,
): string[] {
  const worker = findWorker(tree, declared);
  if (worker === undefined || worker.line === line) return [];
  return [
    `${worker.path} holds tasks of ${worker.name}, whose worker is not started: ${worker.line}`,
  ];
}

const FINDERS: readonly Find[] = [
  ...[
    ofManifest,
    ofDjango,
    ofLauncher,
    ofFramework,
    ofUsualFile,
    ofProject,
    ofWorker,
    ofPackage,
    ofOnlyFile,
  ],
];
