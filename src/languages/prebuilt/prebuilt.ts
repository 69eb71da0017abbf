/**
 * Programs that somebody else has built: a release with programs, and without the sources of them.
 * Nothing is built; the program is made executable, gets the libraries that it is linked with, and
 * is started.
 */
import { NuaError } from "../../lib/errors.ts";
import { shellQuote } from "../../lib/shell-words.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { argumentsOfDockerfile } from "../dockerfile-command.ts";
import { MEMORY } from "../java/start.ts";
import type { Language, LanguageDecision, StartCommand } from "../language.ts";
import type { RequestedRuntime } from "../runtime.ts";
import checkLibraries from "./agent/check_libraries.py" with { type: "text" };
import { type Linked, linkedWith } from "./libraries.ts";
import {
  baseOf,
  type Chosen,
  calledBy,
  chooseProgram,
  findCode,
  findProgram,
  findPrograms,
  type Program,
  plainName,
  type Wishes,
} from "./programs.ts";
import { glibcRuntime, mayLack } from "./runtime.ts";
import { interpreterOf } from "./scripts.ts";
import {
  callOf,
  checkCommands,
  libraryPath,
  modeCommands,
  requestPackages,
  rootsOf,
} from "./work.ts";

export const prebuilt: Language = {
  name: "prebuilt",
  method: "prebuilt",
  installsPython: false,
  isFallback: true,
  manifests: ["programs for Linux"],
  runtime: glibcRuntime,
  scripts: { "check_libraries.py": checkLibraries },
  detect: (tree) => findPrograms(tree)[0]?.path ?? null,
  // Beside sources a program is a tool, or was built from them.
  isOfApp: (tree, { languages }) =>
    languages.every((name) => NOT_BESIDE.has(name)) && isRelease(tree, languages),
  absent: noProgram,
  describe(tree) {
    const { program } = chooseProgram(tree, NO_WISH);
    if (program === null) return {};
    const { name, version } = plainName(program.path);
    return { name, ...(version === null ? {} : { version }) };
  },
  runtimes(tree) {
    const { program } = chooseProgram(tree, NO_WISH);
    const all = program === null ? findPrograms(tree) : [program];
    return [...javaOf(tree, all), ...glibcOf(tree, all)];
  },
  findMember: findProgram,
  plainCommand(tree, line) {
    const [word = ""] = line.trim().split(/\s/, 1);
    const program = calledBy(findPrograms(tree), word);
    if (program === null || program.kind === "jar") return null;
    const rest = line.trim().slice(word.length);
    return { line: `${shellQuote(callOf(program))}${rest}`, from: { what: program.path } };
  },
  plan(tree, { source, member, id = "", started = [] }) {
    const chosen = chooseProgram(tree, { member, id, started });
    const { program } = chosen;
    const all = program === null ? [] : [program];
    const linked = linkedWith(tree, rootsOf(tree, all));
    const env = libraryPath(linked, source);
    return {
      ...{ packages: [], install: [] },
      runPackages: requestPackages(all, linked),
      build: [...modeCommands(tree, source), ...checkCommands(all, { linked, env, source })],
      start: program === null ? null : startOf(tree, program),
      env,
      needs: findPrograms(tree).map(({ path }) => path),
      warnings: [...warnings(all), ...others(tree, chosen)],
      decisions: decisions(chosen, linked),
      ...(program === null ? { undecided: severalPrograms(tree, id) } : {}),
      lookedFor: ["a program"],
    };
  },
};

// --- internal ---

/** What may lie in a release: pages that it serves, scripts that start it. */
const NOT_BESIDE = new Set(["prebuilt", "static", "shell"]);

const NO_WISH: Wishes = { member: null, id: "", started: [] };

/** A script among others may be anything; beside programs and jars it starts them. */
function isRelease(tree: SourceTree, languages: readonly string[]): boolean {
  const programs = findPrograms(tree);
  if (programs.some(({ kind }) => kind !== "script")) return true;
  const top = tree.list("");
  const isLone = top.length === 1 && top[0]!.kind === "file" && !languages.includes("shell");
  return isLone || jarsOf(tree) || findCode(tree).length > 0;
}

function jarsOf(tree: SourceTree): boolean {
  return tree.list("lib").some(({ name }) => name.endsWith(".jar"));
}

function noProgram(tree: SourceTree): NuaError {
  const names = tree.list("").map(({ name }) => name);
  const some = names.slice(0, 8).join(", ") + (names.length > 8 ? ", …" : "");
  const has = names.length === 0 ? "it is empty" : `it has ${some}`;
  return new NuaError("input", `Find a program in the source: there is none; ${has}`, {
    step: "build.method",
    hint: "name a release for Linux in build.src-url: an archive with its program, or the program itself",
  });
}

/** Where nothing says which of them. */
function severalPrograms(tree: SourceTree, id: string): NuaError {
  const names = findPrograms(tree).map(({ path }) => path);
  const some = names.slice(0, 12).join(", ") + (names.length > 12 ? ", …" : "");
  const why = id === "" ? "" : `, and none is called "${id}"`;
  return new NuaError("config", `Start the app: there are several programs: ${some}${why}`, {
    hint: 'name one with build.app, or write run.start, such as "NAME serve"',
  });
}

function startOf(tree: SourceTree, program: Program): StartCommand {
  const { path, kind } = program;
  const from = { what: path };
  const called = shellQuote(callOf(program));
  if (kind === "jar") return { line: `java ${MEMORY} -jar ${shellQuote(path)}`, from };
  const { args, from: told } = argumentsOfDockerfile(tree, [baseOf(path), plainName(path).name]);
  return { line: [called, ...args.map(shellQuote)].join(" "), from: told ?? from };
}

function javaOf(tree: SourceTree, programs: readonly Program[]): RequestedRuntime[] {
  const jar = programs.find(({ kind }) => kind === "jar");
  const script = jarsOf(tree) ? programs.find(({ kind }) => kind === "script") : undefined;
  const asking = jar ?? script;
  if (asking === undefined) return [];
  return [{ language: "java", from: { what: asking.path }, use: "run" }];
}

/** Where every Linux base has one that is new enough, nobody has to choose. */
function glibcOf(tree: SourceTree, programs: readonly Program[]): RequestedRuntime[] {
  const roots = programs.flatMap(({ path, code }) =>
    code?.format === "elf" ? [{ path, elf: code.elf }] : [],
  );
  const { glibc, libc } = linkedWith(tree, roots);
  if (glibc === null || libc !== "glibc" || !mayLack(glibc.version)) return [];
  const { version, by } = glibc;
  return [{ language: "glibc", range: `>=${version}`, from: { what: by }, use: "run" }];
}

function warnings(programs: readonly Program[]): string[] {
  return programs.flatMap(({ path, words }) =>
    words === undefined ? [] : interpreterOf(path, words).warnings,
  );
}

function others(tree: SourceTree, { program }: Chosen): string[] {
  const rest = findPrograms(tree).filter((one) => one !== program && one.kind === "code");
  if (program === null || rest.length === 0 || program.kind === "script") return [];
  const names = rest.slice(0, 8).map(({ path }) => path);
  const some = names.join(", ") + (rest.length > 8 ? ", …" : "");
  return [`there are other programs: ${some}; ${program.path} is started; build.app names another`];
}

function decisions({ program, because }: Chosen, linked: Linked): LanguageDecision[] {
  if (program === null) return [];
  const from = { what: program.path };
  const how = { glibc: "linked with glibc", musl: "linked with musl" };
  const isStatic = program.kind === "code" && linked.libc === null;
  const told = isStatic ? "linked statically" : linked.libc === null ? null : how[linked.libc];
  const what = `the program ${program.path}: ${because}${told === null ? "" : `; ${told}`}`;
  const { folders } = linked;
  return [
    { what, from },
    ...(folders.length === 0 ? [] : [{ what: `its libraries in ${folders.join(", ")}`, from }]),
  ];
}
