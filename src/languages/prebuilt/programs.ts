/** Pure: the programs of a release, and which of them the app is. */

import type { MachineCode } from "../../lib/machine-code.ts";
import { oncePer } from "../../lib/once-per.ts";
import { type SourceTree, treePath } from "../../source/source-tree.ts";

export interface Program {
  /** Relative to the source. */
  path: string;
  kind: "code" | "script" | "jar";
  /** Of machine code. */
  code?: MachineCode;
  /** Of a script: the words of its first line. */
  words?: readonly string[];
  /** Whether it may be run as it is. */
  isExecutable: boolean;
}

/** A release may be of any system: its programs are found, and told of. */
export const findPrograms = oncePer((tree: SourceTree): Program[] => {
  const found = foldersOf(tree).flatMap((folder) => programsIn(tree, folder));
  const jars = found.filter(({ kind }) => kind === "jar");
  return jars.length === 1 ? found : found.filter(({ kind }) => kind !== "jar");
});

/** Libraries, and programs wherever they are: paths with what they are. */
export const findCode = oncePer((tree: SourceTree): { path: string; code: MachineCode }[] => {
  const found: { path: string; code: MachineCode }[] = [];
  const ahead = [{ path: "", depth: 0 }];
  let left = MOST_ENTRIES;
  for (let one = ahead.shift(); one !== undefined; one = ahead.shift()) {
    for (const { name, kind, executable } of tree.list(one.path)) {
      left -= 1;
      if (left < 0) return found;
      const path = one.path === "" ? name : `${one.path}/${name}`;
      if (kind === "folder" && one.depth < DEEPEST) ahead.push({ path, depth: one.depth + 1 });
      const mayBe = executable || LIBRARY.test(name) || !name.includes(".");
      const code = kind === "file" && mayBe ? tree.code(path) : undefined;
      if (code !== undefined) found.push({ path, code });
    }
  }
  return found;
});

export interface Chosen {
  /** Null where nothing says which of several. */
  program: Program | null;
  /** Why it is this one, for people. */
  because: string;
}

export interface Wishes {
  /** build.app, as {@link findProgram} has found it. */
  member: string | null;
  /** What the app is called. */
  id: string;
  /** Lines that are started. */
  started: readonly string[];
}

/** The one that is named; the one that is started; the only one; the one that is called like the app. */
export function chooseProgram(tree: SourceTree, { member, id, started }: Wishes): Chosen {
  const all = findPrograms(tree);
  const named = all.find(({ path }) => path === member);
  if (named !== undefined) return { program: named, because: "build.app" };
  const line = started.at(-1);
  if (line !== undefined) {
    const words = line.split(/[\s"'=;&|<>()]+/).map((word) => word.replace(/^\.\//, ""));
    const program = all.find(({ path }) => words.includes(path)) ?? calledBy(all, words[0] ?? "");
    return { program, because: "it is started" };
  }
  if (all.length === 1) return { program: all[0]!, because: "it is the only program" };
  const native = all.filter(({ kind }) => kind !== "script");
  const groups = [native, native.filter(isLinux), all];
  const [only] = groups.find((group) => group.length === 1) ?? [];
  const alike = likeApp(all, id);
  if (alike !== undefined) return { program: alike, because: "it is called like the app" };
  return { program: only ?? null, because: "it is the only program for Linux" };
}

/** The program that a word calls: by its name, or by that without version and platform. */
export function calledBy(all: readonly Program[], word: string): Program | null {
  const named = all.find(({ path }) => baseOf(path) === word);
  const alike = all.filter(({ path }) => plainName(path).name === word);
  return named ?? (alike.length === 1 ? alike[0]! : null);
}

/** What `build.app` means: a path, or a name. */
export function findProgram(tree: SourceTree, name: string): string | null {
  const path = treePath(name);
  const all = findPrograms(tree);
  const found = all.find((one) => one.path === path) ?? calledBy(all, name);
  return found?.path ?? null;
}

/** `gitea-1.22.0-linux-amd64` is gitea, and its version 1.22.0. */
export function plainName(path: string): { name: string; version: string | null } {
  const parts = baseOf(path)
    .replace(/\.(?:jar|war|sh|bin|run|x86_64|amd64|linux)$/i, "")
    .split(/(?<=.)[-_](?=.)/);
  const end = parts.findIndex((part, index) => index > 0 && PLATFORM.test(part));
  const words = end < 0 ? parts : parts.slice(0, end);
  const version = parts.map((part) => VERSION.exec(part)?.[1]).find((one) => one !== undefined);
  return { name: words.join("-"), version: version ?? null };
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

// --- internal ---

/** Where releases have what is started; what is deeper serves that. */
const PLACES = ["", "bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin"];

/** Folders with a folder of programs, or with programs, for each app. */
const PARENTS = ["opt", "usr/lib"];

const MOST_FOLDERS = 50;
const MOST_FILES = 500;
const MOST_ENTRIES = 20_000;
const DEEPEST = 8;

const LIBRARY = /\.so(?:\.[\w.]+)?$|\.node$/;

/** Files that are none, whatever their first bytes say. */
const NO_PROGRAM =
  /\.(?:so(?:\.[\w.]+)?|node|dll|o|a|ko|md|txt|html?|json|ya?ml|toml|service|py|rb|js)$/i;

const VERSION = /^v?(\d+(?:\.\w+)+)$/;

/** Words that tell of a version or a platform. */
const PLATFORM =
  /^(?:v?\d+(?:\.\w+)*|linux(?:32|64)?|unknown|amd64|x86(?:[.]64)?|x64|64|64bit|arm(?:64|v\d)?|aarch64|gnu|glibc|musl|static|release|windows|darwin|macos)$/i;

function foldersOf(tree: SourceTree): string[] {
  const below = (folder: string) =>
    tree
      .list(folder)
      .filter(({ kind }) => kind === "folder")
      .slice(0, MOST_FOLDERS)
      .map(({ name }) => (folder === "" ? name : `${folder}/${name}`));
  const own = PARENTS.flatMap(below);
  const inner = below("").filter((name) => !name.startsWith("."));
  const all = [...PLACES, ...own.flatMap((one) => [one, `${one}/bin`])];
  return [...new Set([...all, ...inner.map((one) => `${one}/bin`)])];
}

function programsIn(tree: SourceTree, folder: string): Program[] {
  const isTop = folder === "";
  return tree
    .list(folder)
    .filter(({ name, kind }) => kind === "file" && !NO_PROGRAM.test(name))
    .slice(0, MOST_FILES)
    .flatMap(({ name, executable = false }): Program[] => {
      const path = isTop ? name : `${folder}/${name}`;
      const isExecutable = executable === true;
      if (isTop && /\.(?:jar|war)$/i.test(name)) return [{ path, kind: "jar", isExecutable }];
      const code = tree.code(path);
      if (code !== undefined) {
        const isProgram = code.format === "other" || code.elf.kind === "program" || code.elf.damage;
        return isProgram ? [{ path, kind: "code", code, isExecutable }] : [];
      }
      // What lies at the top of an app beside others may be large, and is mostly data.
      const mayBeScript = !isTop || executable || tree.list("").length === 1;
      const words = mayBeScript ? firstWords(tree, path) : null;
      return words === null ? [] : [{ path, kind: "script", words, isExecutable }];
    });
}

/** Of a script, `#!/usr/bin/env -S bash -eu`. */
function firstWords(tree: SourceTree, path: string): string[] | null {
  const text = tree.text(path);
  if (!text?.startsWith("#!")) return null;
  const [first = ""] = text.slice(2, 400).split("\n", 1);
  const words = first.trim().split(/\s+/);
  return words[0] === "" ? null : words;
}

function isLinux({ code }: Program): boolean {
  return code === undefined || code.format === "elf";
}

/** By its whole name, then by that without version and platform, then as servers are called. */
function likeApp(all: readonly Program[], id: string): Program | undefined {
  const wanted = plain(id);
  if (wanted === "") return undefined;
  const tests = [
    (name: string) => plain(name) === wanted,
    (name: string) => plain(plainName(name).name) === wanted,
    (name: string) => [`${wanted}server`, `${wanted}d`].includes(plain(plainName(name).name)),
  ];
  for (const test of tests) {
    const found = all.filter(({ path }) => test(baseOf(path)));
    const linux = found.filter(isLinux);
    if (linux.length > 0) return linux.find(({ kind }) => kind === "code") ?? linux[0];
  }
  return undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]/g, "");
}
