/** Pure: which project of an app is it: the one that makes what is started. */
import { oncePer } from "../../lib/once-per.ts";
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { commandOfDockerfile } from "../dockerfile-command.ts";
import type { DotnetApp } from "./app.ts";
import { frameworkOf } from "./frameworks.ts";
import type { Project } from "./project.ts";

export interface ChosenProject {
  /** Null where the app has none. */
  project: Project | null;
  /** All that it could be, where nothing says which. */
  candidates: readonly Project[];
  from: Origin;
}

export interface Wanted {
  /** A project's folder; null where none is chosen. */
  member: string | null;
  /** What the app is called. */
  id: string;
  /** Lines for a shell that are started whatever its files say. */
  started: readonly string[];
}

/** A project by its folder, its file, or its name; null where there is none. */
export function findMember({ projects }: DotnetApp, name: string): string | null {
  const path = name.replace(/^(?:\.\/)+|\/+$/g, "");
  const found =
    projects.find(({ file, folder }) => file === path || (folder === path && folder !== "")) ??
    projects.find(({ title, assembly }) => title === name || assembly === name);
  // Of several in one folder, the file is the only name that is its own.
  const isOne = projects.filter(({ folder }) => folder === found?.folder).length === 1;
  return found === undefined ? null : isOne && found.folder !== "" ? found.folder : found.file;
}

/**
 * What the configuration or a Procfile starts; what the app's own Dockerfile starts; what serves;
 * other programs. Tests, examples and what only starts others are the app where there is nothing else.
 */
export function chooseProject(
  tree: SourceTree,
  app: DotnetApp,
  { member, id, started }: Wanted,
): ChosenProject {
  const below =
    member === null
      ? app.projects
      : app.projects.filter(({ file, folder }) => file === member || folder === member);
  const startable = below.filter(({ kind }) => STARTABLE.has(kind));
  const named = startable.filter((one) => started.some((line) => starts(line, one)));
  if (named.length > 0) return { project: named[0]!, candidates: [], from: originOf(named[0]!) };
  const ours = commandOfDockerfile(tree);
  const told = startable.find(
    (one) => ours?.program === "dotnet" && ours.args[0] === `${one.assembly}.dll`,
  );
  if (told !== undefined) return { project: told, candidates: [], from: ours!.from };
  const apart = startable.filter((one) => !isAside(one));
  const groups = [
    apart.filter(({ kind }) => kind === "web"),
    apart.filter(({ kind }) => kind === "program"),
    apart.filter(({ kind }) => kind === "pages"),
    startable,
    below.filter(({ kind }) => kind === "host"),
    // What cannot be built here is refused with its reason.
    below.filter(({ kind }) => kind === "old"),
  ];
  const group = groups.find((one) => one.length > 0) ?? [];
  return preferred(app, group, id);
}

/** For messages: `Shop.Web (src/Shop.Web)`. */
export function titleOf({ title, folder }: Project): string {
  return folder === "" ? title : `${title} (${folder})`;
}

/** Whether a line for a shell starts what a project makes. */
export function starts(line: string, { title, assembly, folder, file }: Project): boolean {
  const words = line.slice(0, MOST_CHARACTERS).split(/[\s;&|()"']+/);
  const at = words.findIndex((word) => word === "--project" || word === "-p");
  const place = words[at + 1]?.replace(/^\.\/|\/+$/g, "");
  if (at >= 0 && words.includes("run")) return place === folder || place === file;
  return words.some((word) => {
    const name = word.split("/").at(-1);
    return (
      name === `${assembly}.dll` || (word.includes("/") && name === assembly) || name === title
    );
  });
}

// --- internal ---

const STARTABLE = new Set(["web", "program", "pages"]);

const MOST_CHARACTERS = 4096;

/** Folders of what is none of the app, and names that say so. */
function isAside({ folder, title }: Project): boolean {
  return (
    /(?:^|\/)(?:tests?|samples?|examples?|demos?|benchmarks?|perf|tools?|build|eng|docs?)(?:\/|$)/i.test(
      folder,
    ) || /(?:^|[._-])(?:Samples?|Examples?|Demo|Playground|Sandbox)$/i.test(title)
  );
}

function preferred(app: DotnetApp, group: readonly Project[], id: string): ChosenProject {
  const runnable = group.filter((one) => frameworkOf(one) !== null);
  const all = runnable.length > 0 ? runnable : group;
  const first = all[0] ?? null;
  if (all.length <= 1) return { project: first, candidates: [], from: originOf(first) };
  const names = [id, ...app.solutions.map(nameOfFile)].map(plain).filter((one) => one !== "");
  for (const ending of ["", "web", "api", "server", "host", "app", "webapi", "service", "webui"]) {
    const like = all.find((one) => names.includes(plainWithout(one.title, ending)));
    if (like !== undefined) return { project: like, candidates: [], from: originOf(like) };
  }
  // One that others are built with is a part of them.
  const used = usedFiles(app);
  const free = all.filter(({ file }) => !used.has(file));
  const left = free.length > 0 ? free : all;
  const depth = (one: Project) => one.folder.split("/").filter(Boolean).length;
  const sorted = left.toSorted((a, b) => depth(a) - depth(b));
  const isOne = left.length === 1;
  return { project: sorted[0]!, candidates: isOne ? [] : sorted, from: originOf(sorted[0]!) };
}

const usedFiles = oncePer(
  ({ projects }: DotnetApp): Set<string> =>
    new Set(
      projects
        .filter(({ kind }) => STARTABLE.has(kind))
        .flatMap(({ references }) => references.flatMap(({ path }) => path ?? [])),
    ),
);

function originOf(project: Project | null): Origin {
  return { what: project?.file ?? "*.csproj" };
}

function nameOfFile(path: string): string {
  return path
    .split("/")
    .at(-1)!
    .replace(/\.\w+$/, "");
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Without an ending, where that is a word of its own; empty where it has it not. */
function plainWithout(title: string, ending: string): string {
  if (ending === "") return plain(title);
  const [, before] = new RegExp(`^(.+)[._-]${ending}$`, "i").exec(title) ?? [];
  return before === undefined ? "-" : plain(before);
}
