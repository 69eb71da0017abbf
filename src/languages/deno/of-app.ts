/** Pure: whether what is Deno's in a folder is the app, or serves those who develop one in another language. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { Beside } from "../language.ts";
import { type DenoProject, ENTRIES, foldersOf, isOfDeno, readProject } from "./project.ts";
import { findSite } from "./site.ts";
import { denoCommand, parseLine } from "./task-line.ts";
import { findTask, START_TASKS } from "./tasks.ts";

/** Alone it always is. Beside others it has to start or to build something. */
export function isOfApp(tree: SourceTree, { languages }: Beside): boolean {
  const project = readProject(tree);
  if (project === null || languages.every((name) => name === "deno")) return true;
  return startsSomething(tree, project) || findSite(tree, project.top) !== null;
}

/**
 * Whether package.json is a manifest of Deno's: tasks or a program of Deno's start the app, or its
 * lock file is the only one.
 */
export function readsPackageJson(tree: SourceTree): boolean {
  const project = readProject(tree);
  if (project?.top.packageJson == null) return false;
  if (hasStartTask(project)) return true;
  const { start } = project.top.packageJson.scripts;
  if (start !== undefined) return isDenos(start);
  if (OTHER_LOCKS.some((name) => tree.has(name))) return false;
  return project.lock !== null || startsSomething(tree, project);
}

// --- internal ---

/** Of those that install what package.json names. */
const OTHER_LOCKS = [
  ...["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"],
  ...["bun.lock", "bun.lockb"],
];

function startsSomething(tree: SourceTree, project: DenoProject): boolean {
  if (hasStartTask(project)) return true;
  const script = findTask(tree, project.top, "start");
  if (script !== null && isDenos(script.line)) return true;
  const entry = ENTRIES.find((name) => tree.has(name));
  return entry !== undefined && isOfDeno(tree.text(entry) ?? "");
}

function hasStartTask(project: DenoProject): boolean {
  const all = foldersOf(project).flatMap(({ config }) => Object.keys(config?.tasks ?? {}));
  return all.some((name) => START_TASKS.includes(name));
}

function isDenos(line: string): boolean {
  const parsed = parseLine(line);
  return parsed === null
    ? /\bdeno\b/.test(line)
    : parsed.words[0]!.value === "deno" || denoCommand(parsed) !== null;
}
