/** Pure: the programs of an app, and which of them it is. */
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { commandOfDockerfile } from "../dockerfile-command.ts";
import { type CppProject, PROGRAM_NAME, type Program } from "./app/project.ts";
import { mainFiles, NO_APP, stemOf } from "./app/sources.ts";

export interface ChosenProgram {
  /** The app; null where it has none. */
  main: Program | null;
  /** All that have to be there: what is started may be others of them. */
  built: Program[];
  /** Those that it could be as well, where nothing says which. */
  candidates: Program[];
  from: Origin;
}

export interface Wanted {
  /** The name of a program, or a folder; null where none is chosen. */
  member: string | null;
  /** What the app is called. */
  id: string;
  /** Lines for a shell that are started whatever its files say. */
  started: readonly string[];
}

/** Those that the files of the build name; where they name none, those that its sources begin in. */
export function listPrograms(tree: SourceTree, project: CppProject, id = ""): Program[] {
  if (project.programs.length > 0) return project.programs;
  const pages = manualPages(tree);
  const usual = project.name ?? (pages.size === 1 ? [...pages][0]! : id);
  const found = mainFiles(tree).map(({ path }) => {
    const stem = stemOf(path);
    const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
    const name = /^main\w?$|^app$/.test(stem) ? usual || stem : stem;
    return { name, folder, isInstalled: pages.has(name), from: { what: path } };
  });
  return found.filter(
    ({ name }, index) =>
      PROGRAM_NAME.test(name) && found.findIndex((one) => one.name === name) === index,
  );
}

/** What a program is chosen by: its name, or its folder where that has one alone. */
export function findChosen(tree: SourceTree, project: CppProject, wanted: string): string | null {
  const path = wanted.replace(/^(?:\.\/)+|\/+$/g, "");
  const all = listPrograms(tree, project);
  const byFolder = all.filter(({ folder }) => folder === path && folder !== "");
  const found =
    all.find(({ name }) => name === path) ?? (byFolder.length === 1 ? byFolder[0] : undefined);
  return found?.name ?? null;
}

/** What the configuration or a Procfile starts; what is installed; any other that is no test. */
export function chooseProgram(
  tree: SourceTree,
  project: CppProject,
  { member, id, started }: Wanted,
): ChosenProgram {
  const all = listPrograms(tree, project, id);
  const named =
    started.length === 0 ? [] : all.filter((one) => started.some((line) => starts(line, one)));
  const apps = all.filter((one) => !isAside(one));
  const groups = [
    member === null ? [] : all.filter(({ name }) => name === member),
    named,
    apps.filter(({ isInstalled }) => isInstalled),
    apps,
  ];
  const group = groups.find((one) => one.length > 0) ?? [];
  const { main, candidates, reason } = preferred(tree, group, { id, project });
  return {
    ...{ main, candidates, from: reason ?? main?.from ?? { what: project.file } },
    built: main === null ? [] : [main, ...named.filter((one) => one !== main)],
  };
}

// --- internal ---

const ASIDE_NAME =
  /^(?:tests?|unit_?tests?|check|bench(?:mark)?s?|examples?|samples?|demo|fuzz(?:er)?|mk\w{3,}|gen\w{3,})$|[-_.](?:tests?|bench(?:mark)?s?|examples?|fuzz(?:er)?|sample|demo)$|^(?:test|fuzz|bench|example)[-_]/i;

function isAside({ name, folder }: Program): boolean {
  return ASIDE_NAME.test(name) || (folder !== "" && NO_APP.test(folder));
}

/** `nginx.8`, in whatever folder people have such pages: what is a program of its own has one. */
function manualPages(tree: SourceTree): Set<string> {
  const folders = ["", "man", "doc", "docs", "src", "docs/man", "doc/man"];
  const names = folders.flatMap((folder) => tree.list(folder).map(({ name }) => name));
  return new Set(names.flatMap((name) => /^(.+)\.[18](?:\.in)?$/.exec(name)?.[1] ?? []));
}

/** `bin/NAME`, `./build/NAME`, `NAME` as words of a line. */
function starts(line: string, { name }: Program): boolean {
  return line.split(/[;&|\n]+/).some((one) => {
    const words = one.split(/[\s"']+/).filter(Boolean);
    return words.some((word, index) => {
      const isProgram = index === 0 || /=|^(?:exec|env)$/.test(words[index - 1]!);
      return isProgram && word.split("/").at(-1) === name;
    });
  });
}

/** What people call a server, where its name says no more. */
const USUAL = /^(?:server|app|web|api|main|httpd?|serve|service|backend|daemon)$/;
const LIKE_SERVER = /[-_]?(?:server|daemon|httpd)$|[-_](?:web|api|backend|http|app)$/;

/** Of several: the one that is named like the app or its project, or that the Dockerfile starts. */
function preferred(
  tree: SourceTree,
  group: readonly Program[],
  { id, project }: { id: string; project: CppProject },
): { main: Program | null; candidates: Program[]; reason?: Origin } {
  if (group.length <= 1) return { main: group[0] ?? null, candidates: [] };
  const called = (name: string | null | undefined) =>
    group.find((one) => plain(one.name) === plain(name ?? "") && plain(one.name) !== "");
  const { name } = project;
  const sure = called(id) ?? called(name) ?? called(`${id}d`) ?? called(`${name ?? "?"}d`);
  if (sure) return { main: sure, candidates: [] };
  const dockerfile = commandOfDockerfile(tree);
  const started = called(dockerfile?.program);
  if (started !== undefined) return { main: started, candidates: [], reason: dockerfile!.from };
  const usual = [USUAL, LIKE_SERVER].map((like) => group.find((one) => like.test(one.name)));
  return { main: usual.find(Boolean) ?? group[0]!, candidates: [...group] };
}

/** Names of projects and packages are written in many ways. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, "-");
}
