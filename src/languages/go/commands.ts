/** Pure: the programs of an app, and which of them it is. */
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { programFolder, rejectSameName } from "../build-place.ts";
import { commandOfDockerfile } from "../dockerfile-command.ts";
import type { GoProject } from "./project.ts";
import { type GoFolder, goFolders } from "./sources.ts";

/** A package that becomes a program. */
export interface GoCommand {
  folder: GoFolder;
  /** What `go install` calls it. */
  name: string;
}

export interface ChosenCommands {
  /** The app; null where it has none. */
  main: GoCommand | null;
  /** All that are built: what is started may be others of them. */
  built: GoCommand[];
  /** Those that it could be as well, where nothing says which. */
  candidates: GoCommand[];
  from: Origin;
}

export interface Wanted {
  /** A folder, or the name of a program; null where none is chosen. */
  member: string | null;
  /** What the app is called. */
  id: string;
  /** Lines for a shell that are started whatever its files say. */
  started: readonly string[];
}

/** Those that are no examples, tests or tools of the app's developers. */
export function listCommands(tree: SourceTree, project: GoProject): GoCommand[] {
  const folders = goFolders(tree, ...project.modules.map(({ folder }) => folder));
  return folders
    .filter((one) => one.isCommand)
    .map((folder) => ({ folder, name: nameOf(folder, project) }));
}

/** Where programs are put. */
export function binFolder(tree: SourceTree, project: GoProject): string {
  return programFolder(
    tree,
    listCommands(tree, project).map(({ name }) => name),
  );
}

/** The folder of a program, by that or by its name; null where there is none. */
export function findCommand(tree: SourceTree, project: GoProject, wanted: string): string | null {
  const folder = wanted.replace(/^(?:\.\/)+|\/+$/g, "");
  const member = project.modules.find(
    ({ folder: own, mod }) => own === folder || mod.module === wanted,
  );
  if (member !== undefined && member.folder !== "") return member.folder;
  const all = listCommands(tree, project);
  const found =
    all.find((one) => one.folder.folder === folder) ??
    all.find((one) => one.folder.folder === `cmd/${folder}`) ??
    all.find(({ name }) => name === wanted);
  return found?.folder.folder ?? null;
}

/** What the configuration or a Procfile starts; a program at the top; those in cmd; any other. */
export function chooseCommands(
  tree: SourceTree,
  project: GoProject,
  { member, id, started }: Wanted,
): ChosenCommands {
  const all = listCommands(tree, project);
  const below = member === null ? all : all.filter(({ folder }) => isBelow(folder.folder, member));
  const named = namedBy(started, below, project.file);
  const groups = [
    below.filter(({ folder }) => folder.folder === (member ?? "")),
    below.filter(({ folder }) => {
      const path = relative(folder.folder, member);
      return /^(?:[^/]+\/)?cmd(?:\/[^/]+)?$/.test(path) && !SIDE_FOLDERS.test(path);
    }),
    below.filter(({ folder }) => !SIDE_FOLDERS.test(relative(folder.folder, member))),
  ];
  const from = { what: project.file };
  const group = named.length > 0 ? named : (groups.find((one) => one.length > 0) ?? []);
  const { main, candidates, reason } = preferred(tree, group, { project, id });
  return {
    ...{ main, candidates, from: reason ?? from },
    built: main === null ? [] : ofOwnNames([main, ...named.filter((one) => one !== main)]),
  };
}

// --- internal ---

/** Where people put what is not the app. */
const SIDE_FOLDERS =
  /(?:^|\/)(?:_?examples?|samples?|demos?|internal|tools?|hack|scripts?|tests?|e2e|docs?|third_party|bench(?:marks?)?|ci|build|dev|contrib|misc|fuzz|plugins?)(?:\/|$)/;

/** What people call a server, where its name says no more. */
const USUAL_NAMES = ["server", "app", "web", "api", "main", "http", "serve", "service", "backend"];

/** The first of each name. */
function ofOwnNames(commands: readonly GoCommand[]): GoCommand[] {
  const taken = new Set<string>();
  return commands.filter(({ name }) => !taken.has(name) && taken.add(name));
}

function isBelow(folder: string, member: string): boolean {
  return member === "" || folder === member || folder.startsWith(`${member}/`);
}

function relative(folder: string, member: string | null): string {
  return member === null || member === "" ? folder : folder.slice(member.length + 1);
}

/**
 * `go run ./FOLDER`, `bin/NAME` and `NAME` as words of lines.
 * @throws NuaError (config) where lines run two folders whose programs would be one file
 */
function namedBy(
  lines: readonly string[],
  commands: readonly GoCommand[],
  file: string,
): GoCommand[] {
  const words = lines.map(programsIn);
  const folders = new Set(words.flatMap((one) => [...one.folders]));
  const names = new Set(words.flatMap((one) => [...one.names]));
  const run = commands.filter(({ folder }) => folders.has(folder.folder || "."));
  rejectSameName(
    run.map((one) => ({ name: one.name, path: one.folder.folder || "." })),
    file,
  );
  const byName = new Map(run.map((one) => [one.name, one]));
  return commands.filter((one) => {
    const other = byName.get(one.name);
    return other === undefined ? names.has(one.name) : other === one;
  });
}

function programsIn(line: string): { folders: Set<string>; names: Set<string> } {
  const found = { folders: new Set<string>(), names: new Set<string>() };
  const words = line.split(/[\s;&|"']+/).map((word) => word.replace(/^\.\//, ""));
  for (const [index, word] of words.entries()) {
    const isProgram = index === 0 || /=|^(exec|&&|env)$/.test(words[index - 1]!);
    const isRun = words[index - 1] === "run" && words[index - 2] === "go";
    if (isRun) found.folders.add(word.replace(/\/$/, "") || ".");
    else if (isProgram && /^(?:\$?\w*\/)*[\w.-]+$/.test(word)) {
      found.names.add(word.split("/").at(-1)!);
    }
  }
  return found;
}

interface Preference {
  project: GoProject;
  id: string;
}

/** Of several: the one that is named like the module or the app, or that the Dockerfile starts. */
function preferred(
  tree: SourceTree,
  group: readonly GoCommand[],
  { project, id }: Preference,
): { main: GoCommand | null; candidates: GoCommand[]; reason?: Origin } {
  if (group.length <= 1) return { main: group[0] ?? null, candidates: [] };
  const called = (name: string | undefined) => group.find((one) => one.name === name);
  const module = project.modules.map(({ mod }) => called(lastElement(mod.module))).find(Boolean);
  const own = module ?? called(id);
  if (own !== undefined) return { main: own, candidates: [] };
  const dockerfile = commandOfDockerfile(tree);
  const started = called(dockerfile?.program);
  if (started !== undefined) return { main: started, candidates: [], reason: dockerfile!.from };
  const usual = USUAL_NAMES.map(called).find(Boolean);
  return { main: usual ?? group[0]!, candidates: [...group] };
}

/** As `go install` has it: a version at the end of a path is none, and "cmd" says nothing. */
function nameOf({ folder }: GoFolder, { modules }: GoProject): string {
  const above = folder.replace(/(?:^|\/)cmd$/, "");
  const module = modules.find((one) => one.folder === folder || one.folder === above);
  const name = module === undefined ? folder.split("/").at(-1)! : lastElement(module.mod.module);
  return /^\w[\w.-]*$/.test(name) ? name : "app";
}

export function lastElement(path: string): string {
  const names = path.split("/");
  const last = names.at(-1) ?? "";
  return /^v\d+$/.test(last) && names.length > 1 ? names.at(-2)! : last.replace(/\.v\d+$/, "");
}
