/** C and C++: apps that CMake, Meson, a script `configure` or a Makefile builds. */
import { NuaError } from "../../lib/errors.ts";
import { plannedPackages } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { type BuildPlace, programFolder } from "../build-place.ts";
import type { Language, LanguageDecision } from "../language.ts";
import countJobs from "./agent/count_jobs.py" with { type: "text" };
import gatherPrograms from "./agent/gather_programs.py" with { type: "text" };
import takeLibraries from "./agent/take_libraries.py" with { type: "text" };
import type { CppProject } from "./app/project.ts";
import { buildCommands, removalCommands } from "./build.ts";
import { describeCpp } from "./describe.ts";
import { nativePackages } from "./native-packages.ts";
import { newerTool, requestedGcc } from "./pins.ts";
import { type ChosenProgram, chooseProgram, findChosen, listPrograms } from "./programs.ts";
import { MANIFESTS, manifestOf, readProject } from "./read-project.ts";
import { cppRuntime } from "./runtime.ts";
import { plainCommand, startOf } from "./start.ts";

/** The image has what is installed, or the program: compilers are there for the build alone. */
export const cpp: Language = {
  name: "cpp",
  scripts: {
    "count_jobs.py": countJobs,
    "gather_programs.py": gatherPrograms,
    "take_libraries.py": takeLibraries,
  },
  installsPython: false,
  runtime: cppRuntime,
  manifests: MANIFESTS,
  detect: manifestOf,
  describe: describeCpp,
  // Beside another language it is an extension of that, or a Makefile of its own.
  isOfApp: (_, { languages }) => languages.every((name) => NOT_BESIDE.has(name)),
  runtimes: (tree) => requestedGcc(tree, readProject(tree)!),
  findMember(tree, name) {
    const project = readProject(tree);
    return project && findChosen(tree, project, name);
  },
  // What is in folders below is built from the top, or not at all.
  builds: (tree) => manifestOf(tree) !== null,
  plainCommand(tree, line) {
    const project = readProject(tree)!;
    const bin = binFolder(tree, project);
    const plain = plainCommand(line, listPrograms(tree, project), bin);
    return plain === null ? null : { line: plain, from: { what: project.file } };
  },
  plan(tree, { source, member, id = "", started = [], languages }) {
    const project = readProject(tree)!;
    const chosen = chooseProgram(tree, project, { member, id, started });
    if (chosen.main === null) throw noProgram(tree, project);
    const place = placeOf(project, source);
    const bin = binFolder(tree, project);
    const native = nativePackages(tree, project);
    const { start, warnings, decisions } = startOf(tree, {
      ...{ main: chosen.main, from: chosen.from, bin },
    });
    const isAlone = languages.every((name) => NOT_BESIDE.has(name));
    const there = [...new Set(native.run.flatMap(({ names }) => names))];
    return {
      packages: plannedPackages(native.build, "build", { from: [place.from], needs: place.needs }),
      runPackages: native.run,
      install: [],
      build: buildCommands(tree, project, { chosen, place, there, bin }),
      tidy: removalCommands(project, { place, isAlone, bin }),
      start,
      warnings: [...fetchedWarnings(project), ...severalPrograms(chosen), ...warnings],
      decisions: [...decisionsOf(project, chosen), ...decisions],
      lookedFor: LOOKED_FOR,
    };
  },
};

// --- internal ---

/** What serves or starts what others have built. */
const NOT_BESIDE = new Set(["cpp", "static", "shell"]);

function binFolder(tree: SourceTree, project: CppProject): string {
  return programFolder(
    tree,
    listPrograms(tree, project).map(({ name }) => name),
  );
}

const LOOKED_FOR = ["add_executable", "executable()", "bin_PROGRAMS", "a main function"];

function placeOf({ file }: CppProject, source: string): BuildPlace {
  const otherwise = `${file} is left alone, since there is no compiler in this image; build.builder = "gcc" brings it`;
  return {
    ...{ user: "nua", cwd: source, from: { what: file } },
    needs: { program: "ccache", otherwise },
  };
}

function noProgram(tree: SourceTree, project: CppProject): NuaError {
  const others = listPrograms(tree, project).slice(0, 10);
  const names = others.map(({ name }) => name).join(", ");
  const only =
    others.length === 0 ? "it is a library, as far as is known" : `${names} are tests or examples`;
  return new NuaError("config", `Build "${project.file}": the app has no program; ${only}`, {
    file: project.file,
    hint: "name the program with build.app, or write build.build and run.start",
  });
}

/** An addition to what CMake and Meson say when they get there, which may be late. */
function fetchedWarnings({ fetched, tool }: CppProject): string[] {
  if (fetched.length === 0) return [];
  const all = fetched
    .slice(0, 10)
    .map(
      ({ what, from }) => `${what} (${from.what}${from.line === undefined ? "" : `:${from.line}`})`,
    );
  const brings =
    tool === "meson"
      ? "it is not: build.packages brings the Debian package, or its folder in subprojects"
      : "its server has to be reached, and nothing checks what it gives: a submodule, or a Debian package by build.packages, does without";
  return [`the build would fetch ${all.join(", ")}; ${brings}`];
}

function severalPrograms({ candidates, main }: ChosenProgram): string[] {
  if (candidates.length === 0) return [];
  const all = candidates.slice(0, 20).map(({ name }) => name);
  return [
    `there are several programs: ${all.join(", ")}; ${main!.name} is started; build.app or run.start names another`,
  ];
}

function decisionsOf(project: CppProject, { built, from }: ChosenProgram): LanguageDecision[] {
  const newer = newerTool(project);
  const { preset, minimum } = project;
  return [
    ...built.map(({ name }) => ({ what: `the program ${name}`, from })),
    ...(preset === null ? [] : [{ what: `the preset ${preset.name}`, from: preset.from }]),
    ...(newer === null
      ? []
      : [
          {
            what: `${newer.name} ${newer.version} or newer, as a package of Python`,
            from: minimum!.from,
          },
        ]),
  ];
}
