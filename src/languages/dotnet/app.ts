/** Pure: an app of .NET's as a whole: its solutions, and its projects. */
import { oncePer } from "../../lib/once-per.ts";
import { INSTALLED_FOLDERS } from "../../registries/registries.ts";
import { goesAbove, type SourceTree } from "../../source/source-tree.ts";
import { fileNamed, folderOf, join } from "./msbuild.ts";
import { fileError, PROJECT_FILE, type Project, readProject } from "./project.ts";
import { readSolution, SOLUTION_FILE } from "./solution.ts";

export interface DotnetApp {
  /** What tells that the app is of .NET: a solution, a project. */
  file: string;
  solutions: string[];
  projects: Project[];
}

export const MANIFESTS = ["*.sln", "*.slnx", "*.csproj", "*.fsproj", "*.vbproj"] as const;

/** What tells of .NET at the top, or one or two folders below it, where people put sources. */
export function findManifest(tree: SourceTree): string | null {
  const top = manifestsIn(tree, "");
  if (top.length > 0) return top[0]!;
  for (const folder of ["src", "source"]) {
    const own = manifestsIn(tree, folder);
    if (own.length > 0) return own[0]!;
    for (const name of foldersIn(tree, folder).slice(0, MOST_FOLDERS)) {
      const below = manifestsIn(tree, join(folder, name));
      if (below.length > 0) return below[0]!;
    }
  }
  return null;
}

/**
 * Null where there is none.
 * @throws NuaError (input) for a file that is no project, or one that is not there
 */
export const readApp = oncePer((tree: SourceTree): DotnetApp | null => {
  const file = findManifest(tree);
  if (file === null) return null;
  const folder = folderOf(file);
  const solutions = filesIn(tree, folder, SOLUTION_FILE);
  const named = solutions.flatMap((solution) => projectsOf(tree, solution));
  const files = solutions.length > 0 && named.length > 0 ? named : projectFiles(tree);
  const projects = new Map<string, Project>();
  const queue = [...new Set(files)];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (projects.has(next) || projects.size >= MOST_PROJECTS) continue;
    const project = readProject(tree, next);
    projects.set(next, project);
    queue.push(
      ...project.references.flatMap(({ path }) => (path && isThere(tree, path) ? path : [])),
    );
  }
  return { file, solutions, projects: [...projects.values()] };
});

/** A project, and all that it is built with, itself first. */
export function reachedFrom({ projects }: DotnetApp, project: Project): Project[] {
  const found = new Set([project]);
  for (const one of found) {
    for (const { path } of one.references) {
      const next = projects.find(({ file }) => file === path);
      if (next !== undefined) found.add(next);
    }
  }
  return [...found];
}

/**
 * @param depth folders of the app's that its source is below
 * @throws NuaError (input) for a reference to a project that is not there, or none of the app's
 */
export function rejectMissing(tree: SourceTree, projects: readonly Project[], depth: number): void {
  for (const { folder, references } of projects) {
    for (const { path, written, file, line } of references) {
      // What is computed, nobody but MSBuild knows.
      if (/[$@%*]/.test(written)) continue;
      const plain = written.replaceAll("\\", "/");
      if (path !== undefined && isThere(tree, path)) continue;
      if (path !== undefined) {
        const hint = "correct the path, or add the project";
        throw fileError(file, `it references the project "${plain}", which is not there`, {
          line,
          hint,
        });
      }
      const isAbsolute = plain.startsWith("/") || /^[a-z]:/i.test(plain);
      if (!isAbsolute && !goesAbove(join(folder, plain), depth)) continue;
      const hint = "build the folder that both are in, and name the project with build.app";
      const said = `it references the project "${plain}", which is outside of the app's folder`;
      throw fileError(file, said, { line, hint });
    }
  }
}

// --- internal ---

/** An app is not trusted: what is beyond is not looked at. */
const MOST_PROJECTS = 400;
const MOST_FOLDERS = 200;
const LIMITS = { folders: 3000, depth: 6 };

function manifestsIn(tree: SourceTree, folder: string): string[] {
  return [...filesIn(tree, folder, SOLUTION_FILE), ...filesIn(tree, folder, PROJECT_FILE)];
}

function filesIn(tree: SourceTree, folder: string, pattern: RegExp): string[] {
  return tree
    .list(folder)
    .filter(({ kind, name }) => kind === "file" && pattern.test(name))
    .map(({ name }) => join(folder, name));
}

function foldersIn(tree: SourceTree, folder: string): string[] {
  return tree
    .list(folder)
    .filter(({ kind, name }) => kind === "folder" && !ASIDE.test(name) && !INSTALLED.has(name))
    .map(({ name }) => name);
}

/** What managers of packages install may be very many files. */
const INSTALLED = new Set(INSTALLED_FOLDERS.map(({ name }) => name));

/** What else is installed or made. */
const ASIDE = /^(?:\..*|bin|obj|packages|artifacts|TestResults)$/i;

/** Those that it names and that are there: one of Windows' alone may be left out of a copy. */
function projectsOf(tree: SourceTree, solution: string): string[] {
  return readSolution(tree, solution).flatMap(({ path, written, line }) => {
    if (path === undefined || !PROJECT_FILE.test(path.split("/").at(-1)!)) return [];
    const found = fileNamed(tree, folderOf(path), path.split("/").at(-1)!);
    if (found !== undefined) return [found];
    const plain = written.replaceAll("\\", "/");
    const hint = "add it, or take it out with dotnet sln remove";
    throw fileError(solution, `the project "${plain}" is not there`, { line, hint });
  });
}

function projectFiles(tree: SourceTree): string[] {
  const left = { ...LIMITS };
  const visit = (folder: string, depth: number): string[] => {
    if (depth > LIMITS.depth || left.folders-- <= 0) return [];
    const own = filesIn(tree, folder, PROJECT_FILE);
    return [
      ...own,
      ...foldersIn(tree, folder).flatMap((one) => visit(join(folder, one), depth + 1)),
    ];
  };
  return visit("", 0).slice(0, MOST_PROJECTS);
}

function isThere(tree: SourceTree, path: string): boolean {
  return tree.text(path) !== undefined;
}
