/** Pure: an app that a Makefile of its own builds. */
import type { SourceTree } from "../../../source/source-tree.ts";
import { type CppProject, emptyProject, LIMITS, PROGRAM_NAME } from "../app/project.ts";
import { mainFiles, stemOf } from "../app/sources.ts";
import { addLibraries } from "./linker-words.ts";
import { expand, findMakefile, firstTargets, type Makefile, readMakefile } from "./makefile.ts";

/** @throws NuaError (input) for a file that is no text */
export function readMake(tree: SourceTree, file: string): CppProject {
  const project = emptyProject("make", file);
  const folders = ["", "src", "source"];
  const all = folders.flatMap((folder) => {
    const path = folder === "" ? file : findMakefile(tree, folder);
    const makefile = path === undefined ? null : readMakefile(tree, path);
    return makefile === null ? [] : [{ folder, makefile }];
  });
  const mains = new Set(mainFiles(tree).map(({ path }) => stemOf(path)));
  for (const { folder, makefile } of all) {
    addPrograms(project, { folder, makefile, mains });
    addLibraries(project, makefile);
  }
  const [top] = all;
  const reading =
    top === undefined
      ? []
      : all.filter(({ folder }) => folder === "" || callsIn(top.makefile, folder));
  project.installs = reading.some(({ makefile }) => hasInstall(makefile));
  return project;
}

// --- internal ---

interface Found {
  folder: string;
  makefile: Makefile;
  /** Files with a main function, by their names alone. */
  mains: ReadonlySet<string>;
}

/** Targets that are no objects, and variables of which that is said by their names. */
function addPrograms(project: CppProject, { folder, makefile, mains }: Found): void {
  const named = [...makefile.variables].flatMap(([name, { value, line }]) =>
    PROGRAM_VARIABLE.test(name) ? expand(makefile, value).map((one) => ({ name: one, line })) : [],
  );
  const made = firstTargets(makefile).filter(
    ({ name }) => mains.has(stemOf(name)) || named.some((one) => one.name === name),
  );
  for (const { name: path, line } of [...named, ...made]) {
    const name = path.replace(/^.*\//, "");
    const isKnown = project.programs.some((one) => one.name === name);
    if (isKnown || !PROGRAM_NAME.test(name) || NO_PROGRAM.test(name)) continue;
    if (project.programs.length >= LIMITS.found) return;
    const from = { what: makefile.file, line };
    project.programs.push({ name, folder, isInstalled: false, from });
  }
}

const PROGRAM_VARIABLE =
  /^(?:PROG|PROGS|PROGRAM|PROGRAMS|TARGET|TARGETS|BIN|BINS|BINARY|EXE|EXEC|EXECUTABLE|APP|APP_?NAME|NAME|[A-Z]\w{0,40}_(?:NAME|PROG|BIN))$/;

/** Words of make's own, objects, libraries, folders. */
const NO_PROGRAM =
  /\.(?:o|a|so|d|c|cc|cpp|h|hpp|1|8|html|conf|gz|dylib|dll|exe|in|sh|py|md|txt)$|^(?:all|default|clean|install|test|check|bin|build|obj|src|release|debug|sbin|usr|local)$/;

/** Whether it goes there by itself. */
function callsIn({ text }: Makefile, folder: string): boolean {
  return new RegExp(`(?:-C|cd)\\s+(?:\\./)?${folder}\\b|\\b${folder}\\b`).test(text);
}

/** One that can be told where to: others write to places of the system. */
function hasInstall({ rules, text }: Makefile): boolean {
  const isThere = rules.some(({ targets }) => targets.includes("install"));
  return isThere && /\$[({](?:DESTDIR|PREFIX|prefix)[)}]/.test(text);
}
