/**
 * Pure: what configure.ac, Makefile.am and a script `configure` say of an app. Source: the manuals
 * of GNU Autoconf and GNU Automake.
 */
import type { SourceTree } from "../../../source/source-tree.ts";
import { rejectConflict } from "../../merge-conflict.ts";
import {
  below,
  type CppProject,
  emptyProject,
  LIMITS,
  PROGRAM_NAME,
  rejectBinary,
} from "../app/project.ts";
import { addLibraries } from "./linker-words.ts";
import { expand, readMakefile } from "./makefile.ts";

/** What is run, or made first, in the order in which they count. */
export const CONFIGURE = "configure";
export const SOURCES_OF_CONFIGURE: readonly string[] = ["configure.ac", "configure.in"];

/** @throws NuaError (input) for a file that is no text */
export function readAutotools(tree: SourceTree, file: string): CppProject {
  const project = emptyProject("autotools", file);
  project.installs = true;
  const source = SOURCES_OF_CONFIGURE.find((name) => tree.text(name) !== undefined);
  const text = source === undefined ? undefined : tree.text(source);
  if (source !== undefined && text !== undefined) {
    rejectBinary(source, text);
    rejectConflict(source, text);
    readSource(source, text.slice(0, LIMITS.characters), project);
  }
  readScript(tree, project, source === undefined);
  readFolder("", { tree, project, visited: new Set() }, 0);
  return project;
}

// --- internal ---

function readSource(file: string, whole: string, project: CppProject): void {
  const text = whole.replace(/^\s*(?:dnl\b|#).*$/gm, "");
  const words = argumentsOf(/\bAC_INIT\s*\(/.exec(text), text);
  const [name, version] = words;
  project.name = name !== undefined && /^[\w .+-]{1,80}$/.test(name) ? name : null;
  project.version = version !== undefined && /^\d[\w.+~-]{0,80}$/.test(version) ? version : null;
  let line = 1;
  for (const one of text.split("\n")) {
    const from = { what: file, line };
    for (const need of needsIn(one)) {
      if (project.needs.length < LIMITS.found) project.needs.push({ name: need, from });
    }
    const [, language, year] =
      /\bAX_CXX_COMPILE_STDCXX(?:_(\d\d)\b|\s*\(\s*\[?(\d\d))/.exec(one) ?? [];
    const known = language ?? year;
    if (known !== undefined) project.standards.push({ language: "C++", year: Number(known), from });
    line += 1;
  }
}

/** In lower case, as the linker, headers or pkg-config call them. */
function needsIn(line: string): string[] {
  const modules = [
    ...line.matchAll(/\bPKG_(?:CHECK_MODULES|CHECK_EXISTS)\w{0,20}\s*\(\s*(.{1,400})/g),
  ];
  const libraries = [
    ...line.matchAll(/\bAC_CHECK_LIB\s*\(\s*\[?([\w+.-]{1,60})/g),
    ...line.matchAll(
      /\bAC_(?:CHECK_PROGS?|PATH_PROGS?)\s*\(\s*\[?\w{1,60}\]?\s*,\s*\[?([a-z][\w+.-]{1,60})/g,
    ),
    ...line.matchAll(/\bAC_CHECK_HEADERS?\s*\(\s*\[?([\w+./-]{1,60}\.h)/g),
    ...line.matchAll(/\bA[CX]_(?:PATH|LIB|WITH|CHECK)_([A-Z]\w{1,40})\b/g),
  ];
  const searched = [
    ...line.matchAll(/\bAC_SEARCH_LIBS\s*\([^,\n]{1,80},\s*\[?([\w+.\s-]{1,200})/g),
  ];
  return [
    ...libraries.map(([, name]) => name!),
    ...searched.flatMap(([, names]) => names!.trim().split(/\s+/)),
    ...modules.flatMap(([, rest]) =>
      rest!
        .split(/[\s,[\]()]+/)
        .filter((one) => /^[a-z][\w+.-]*$/i.test(one) && !/^[A-Z_]+$/.test(one)),
    ),
  ].map((one) => one.toLowerCase());
}

/** What stands between its brackets, at commas. */
function argumentsOf(found: RegExpExecArray | null, text: string): string[] {
  if (found === null) return [];
  const rest = text.slice(found.index + found[0].length, found.index + found[0].length + 1000);
  const [inner = ""] = rest.split(/\)\s*(?:\n|$)/);
  return inner.split(",").map((one) => one.replace(/[[\]]/g, "").trim());
}

/** As Autoconf has written it; and scripts of that name which people have written themselves. */
function readScript(tree: SourceTree, project: CppProject, isAlone: boolean): void {
  const text = tree.text(CONFIGURE)?.slice(0, LIMITS.characters) ?? "";
  const head = text.slice(0, 64 * 1024);
  const value = (key: string) => new RegExp(`^${key}='([^'\\n]{1,80})'`, "m").exec(head)?.[1];
  project.name ??= value("PACKAGE_NAME") ?? null;
  project.version ??= value("PACKAGE_VERSION") ?? null;
  if (!isAlone) return;
  for (const file of [CONFIGURE, ...partsOfScript(tree)]) {
    addLibraries(project, { text: tree.text(file)?.slice(0, LIMITS.characters) ?? "", file });
  }
}

/** What such a script reads: `auto/lib/zlib/conf`, `auto.def`. */
function partsOfScript(tree: SourceTree): string[] {
  const found = tree.has("auto.def") ? ["auto.def"] : [];
  const queue = ["auto"];
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
    for (const { name, kind } of tree.list(folder)) {
      if (found.length >= LIMITS.files || queue.length >= LIMITS.files) return found;
      if (kind === "folder" && folder.split("/").length < 4) queue.push(`${folder}/${name}`);
      if (kind === "file") found.push(`${folder}/${name}`);
    }
  }
  return found;
}

interface State {
  tree: SourceTree;
  project: CppProject;
  visited: Set<string>;
}

const PROGRAMS = /^(?:nodist_|dist_)?(bin|sbin|noinst|libexec|pkglibexec)_PROGRAMS$/;

function readFolder(folder: string, state: State, depth: number): void {
  const { tree, project, visited } = state;
  if (visited.has(folder) || visited.size >= LIMITS.files || depth > LIMITS.depth) return;
  visited.add(folder);
  const path = folder === "" ? "Makefile.am" : `${folder}/Makefile.am`;
  const makefile = readMakefile(tree, path);
  if (makefile === null) return;
  for (const [name, { value, line }] of makefile.variables) {
    const [, kind] = PROGRAMS.exec(name) ?? [];
    if (kind !== undefined) {
      const isInstalled = kind === "bin" || kind === "sbin";
      for (const one of expand(makefile, value)) {
        const isKnown = project.programs.some((other) => other.name === one);
        if (isKnown || !PROGRAM_NAME.test(one) || project.programs.length >= LIMITS.found) continue;
        const from = { what: path, line };
        project.programs.push({ name: one, folder, isInstalled, from });
      }
    }
    if (name !== "SUBDIRS" && name !== "DIST_SUBDIRS") continue;
    for (const one of expand(makefile, value)) {
      const at = below(folder, one);
      if (at !== undefined) readFolder(at, state, depth + 1);
    }
  }
}
