/**
 * Pure: what CMakeLists.txt says of an app, with those of its folders. They are programs: what is
 * written as people usually write it is found, and nothing is run.
 */
import type { Origin } from "../../../protocol/planned-action.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { rejectConflict } from "../../merge-conflict.ts";
import {
  below,
  type CppProject,
  emptyProject,
  fileError,
  LIMITS,
  PROGRAM_NAME,
  rejectBinary,
} from "../app/project.ts";
import { presetOf } from "./cmake-presets.ts";
import { type CMakeCall, callsOf } from "./cmake-text.ts";
import { after, expanded, isOfOthers, MOST_VALUE } from "./cmake-words.ts";

export const CMAKE_LISTS = "CMakeLists.txt";

/** @throws NuaError (input) for a file that is no text, and for a folder that is not there */
export function readCMake(tree: SourceTree): CppProject {
  const project = emptyProject("cmake", CMAKE_LISTS);
  const variables = new Map<string, string>([["PROJECT_SOURCE_DIR", ""]]);
  const state: State = {
    ...{ tree, project, variables, visited: new Set(), installed: new Set(), names: new Map() },
  };
  readFile(CMAKE_LISTS, "", state, 0);
  for (const program of project.programs) {
    program.isInstalled ||= state.installed.has(program.name);
    program.name = state.names.get(program.name) ?? program.name;
  }
  project.programs = project.programs.filter(({ name }) => PROGRAM_NAME.test(name));
  const version = variables.get("VERSION") ?? "";
  if (/^\d[\w.+~-]{0,80}$/.test(version)) project.version ??= version;
  project.preset = presetOf(tree);
  return project;
}

// --- internal ---

interface State {
  tree: SourceTree;
  project: CppProject;
  variables: Map<string, string>;
  visited: Set<string>;
  /** Targets that are installed. */
  installed: Set<string>;
  /** Targets, and what their files are called. */
  names: Map<string, string>;
}

interface Place {
  file: string;
  folder: string;
  state: State;
  depth: number;
  /** Whether something decides if it counts. */
  isConditional: boolean;
}

function readFile(file: string, folder: string, state: State, depth: number): void {
  const { tree, visited } = state;
  if (visited.has(file) || visited.size >= LIMITS.files || depth > LIMITS.depth) return;
  visited.add(file);
  const text = tree.text(file);
  if (text === undefined) return;
  rejectBinary(file, text);
  rejectConflict(file, text);
  const conditions: boolean[] = [];
  for (const call of callsOf(text.slice(0, LIMITS.characters))) {
    if (call.name === "if") conditions.push(isOfOthers(call.args));
    else if (call.name === "elseif" || call.name === "else") {
      const own = call.name === "elseif" && isOfOthers(call.args);
      if (conditions.length > 0) conditions[conditions.length - 1] = own;
    } else if (call.name === "endif") conditions.pop();
    else if (!conditions.includes(true)) {
      const isConditional = conditions.length > 0;
      readCall(call, { file, folder, state, depth, isConditional });
    }
  }
}

type Reader = (args: string[], from: Origin & { line: number }, place: Place) => void;

function readCall({ name, args: raw, line }: CMakeCall, place: Place): void {
  const reader = READERS[name];
  if (reader === undefined) return;
  const args = raw.flatMap((one) => expanded(one, place.state.variables));
  reader(args, { what: place.file, line }, place);
}

const READERS: Readonly<Record<string, Reader>> = {
  project: readProjectCall,
  set: readSet,
  cmake_minimum_required(args, from, { state: { project }, folder }) {
    const [version] = after(args, "VERSION");
    const least = /^\d+(?:\.\d+){0,3}/.exec(version ?? "")?.[0];
    if (least !== undefined && folder === "") project.minimum ??= { version: least, from };
  },
  add_executable: addProgram,
  qt_add_executable: addProgram,
  qt6_add_executable: addProgram,
  set_target_properties(args, _, { state }) {
    const [name] = after(args, "OUTPUT_NAME");
    if (name !== undefined && args[0] !== undefined) state.names.set(args[0], name);
  },
  install(args, _, { state }) {
    state.project.installs = true;
    if (args[0] !== "TARGETS") return;
    for (const one of args.slice(1, LIMITS.found)) {
      if (INSTALL_WORD.test(one)) break;
      state.installed.add(one);
    }
  },
  find_package(args, from, place) {
    const [name = ""] = args;
    const at = args.indexOf("COMPONENTS");
    const parts = at < 0 ? [] : args.slice(at + 1).filter((one) => /^[a-z]/.test(one));
    addNeeds([name, ...parts.map((one) => `${name}_${one}`)], from, place);
  },
  pkg_check_modules: (args, from, place) => addNeeds(modulesOf(args), from, place),
  pkg_search_module: (args, from, place) => addNeeds(modulesOf(args), from, place),
  find_library: (args, from, place) =>
    addNeeds(
      args.slice(1).filter((one) => !/^[A-Z_]+$/.test(one)),
      from,
      place,
    ),
  find_program: (args, from, place) =>
    addNeeds(
      args.slice(1).filter((one) => /^[a-z]/.test(one)),
      from,
      place,
    ),
  check_library_exists: (args, from, place) => addNeeds(args.slice(0, 1), from, place),
  target_compile_features(args, from, { state: { project } }) {
    for (const one of args) addStandard(/^(c|cxx)_std_(\d+)$/.exec(one), from, project);
  },
  fetchcontent_declare: fetched,
  externalproject_add: fetched,
  cpmaddpackage: fetched,
  add_subdirectory: readFolder,
  subdirs: readFolder,
  include(args, _, place) {
    const [path = ""] = args;
    const file = below(path.startsWith("/") ? "" : place.folder, path.replace(/^\/+/, ""));
    const isPlain = /\.cmake$/.test(path) && !path.includes("$");
    if (file !== undefined && isPlain) readFile(file, place.folder, place.state, place.depth + 1);
  },
};

const INSTALL_WORD = /^(?:RUNTIME|LIBRARY|ARCHIVE|DESTINATION|EXPORT|COMPONENT|BUNDLE|OBJECTS)$/;

function readProjectCall(args: string[], _: Origin, { state, folder }: Place): void {
  const { project, variables } = state;
  const [name] = args;
  if (name === undefined) return;
  variables.set("PROJECT_NAME", name);
  if (folder !== "" || project.name !== null) return;
  variables.set("CMAKE_PROJECT_NAME", name);
  const value = (key: string) => after(args, key)[0] ?? null;
  project.name = name;
  project.version = value("VERSION");
  project.description = value("DESCRIPTION");
  project.homepage = value("HOMEPAGE_URL");
}

function readSet(args: string[], from: Origin, { state: { project, variables } }: Place): void {
  const [name = "", ...values] = args;
  const standard = /^CMAKE_(C|CXX)_STANDARD$/.exec(name);
  if (standard !== null && /^\d+$/.test(values[0] ?? "")) {
    addStandard([name, standard[1]!.toLowerCase(), values[0]!], from, project);
  }
  const end = values.findIndex((one) => /^(?:CACHE|PARENT_SCOPE)$/.test(one));
  const own = end < 0 ? values : values.slice(0, end);
  const text = own.join(";");
  if (variables.size < LIMITS.found && text.length < MOST_VALUE) variables.set(name, text);
}

function addStandard(
  found: readonly string[] | null,
  from: Origin,
  { standards }: CppProject,
): void {
  const [, language, year] = found ?? [];
  if (year === undefined || standards.length >= LIMITS.found) return;
  standards.push({ language: language === "c" ? "C" : "C++", year: Number(year), from });
}

function addProgram(args: string[], from: Origin, { state, folder }: Place): void {
  const [name = "", kind] = args;
  const { programs } = state.project;
  if (kind === "IMPORTED" || kind === "ALIAS" || programs.length >= LIMITS.found) return;
  if (name.includes("$") || programs.some((one) => one.name === name)) return;
  programs.push({ name, folder, isInstalled: false, from });
}

function addNeeds(names: readonly string[], from: Origin, { state: { project } }: Place): void {
  for (const name of names) {
    if (name.includes("$") || name === "" || project.needs.length >= LIMITS.found) continue;
    project.needs.push({ name: name.toLowerCase(), from });
  }
}

/** Names of pkg-config, without the versions that they are to have. */
function modulesOf(args: readonly string[]): string[] {
  return args
    .slice(1)
    .filter((one) => !/^(?:REQUIRED|QUIET|NO_CMAKE_PATH|IMPORTED_TARGET|GLOBAL)$/.test(one))
    .flatMap((one) => one.split(/[<>=\s]/)[0] ?? []);
}

function fetched(args: string[], from: Origin, { state: { project } }: Place): void {
  const [short = ""] = args;
  const [address] = [...after(args, "GIT_REPOSITORY"), ...after(args, "URL")];
  const [forge] = after(args, "GITHUB_REPOSITORY");
  const isShort = /^(?:gh|gl|bb|https?):/.test(short);
  const from2 = address ?? (forge === undefined ? undefined : `github.com/${forge}`);
  const what = from2 ?? (isShort ? short : undefined);
  if (what === undefined || project.fetched.length >= LIMITS.found) return;
  project.fetched.push({ what, from });
}

/** @throws NuaError (input) for one that is not there, or none of the app's */
function readFolder(args: string[], from: Origin & { line: number }, place: Place): void {
  const { state, folder, file, depth, isConditional } = place;
  const [path = ""] = args;
  if (path === "" || path.includes("$")) return;
  const hint = state.tree.has(".gitmodules")
    ? "fetch the submodules: git submodule update --init --recursive"
    : "add the folder, or take the line out";
  const said = `add_subdirectory names "${path}"`;
  const at = path.startsWith("/") ? undefined : below(folder, path);
  if (at === undefined) {
    throw fileError(file, `${said}, which is outside of the app's folder`, {
      ...{ line: from.line, hint: "bring it into the app's folder" },
    });
  }
  const lists = `${at === "" ? "" : `${at}/`}${CMAKE_LISTS}`;
  if (state.tree.has(lists)) readFile(lists, at, state, depth + 1);
  else if (!isConditional) {
    throw fileError(file, `${said}, which has no ${CMAKE_LISTS}`, { line: from.line, hint });
  }
}
