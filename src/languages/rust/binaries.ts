/** Pure: the programs of an app, and which of them it is. */
import type { Origin } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { programFolder, rejectSameName } from "../build-place.ts";
import { commandOfDockerfile } from "../dockerfile-command.ts";
import { CARGO_TOML } from "./cargo-toml.ts";
import type { CargoProject } from "./project.ts";
import { type Crate, foldersLike, join } from "./workspace.ts";

export interface Binary {
  crate: Crate;
  name: string;
  /** Its file, relative to the app's source. */
  file: string;
  /** Features of its package that it is not built without. */
  features: string[];
}

export interface ChosenBinaries {
  /** The app; null where it has none. */
  main: Binary | null;
  /** All that are built: what is started may be others of them. */
  built: Binary[];
  /** Those that it could be as well, where nothing says which. */
  candidates: Binary[];
  from: Origin;
}

export interface Wanted {
  /** A package's folder, or what stands for a program; null where none is chosen. */
  member: string | null;
  /** What the app is called. */
  id: string;
  /** Lines for a shell that are started whatever its files say. */
  started: readonly string[];
}

/** Those that Cargo finds by itself, and those that are named. */
export function listBinaries(tree: SourceTree, { crates }: CargoProject): Binary[] {
  return crates.flatMap((crate) => binariesOf(tree, crate));
}

/** Where programs are put. */
export function binFolder(tree: SourceTree, project: CargoProject): string {
  return programFolder(
    tree,
    listBinaries(tree, project).map(({ name }) => name),
  );
}

/**
 * What a package or a program is chosen by: its folder, its name; of a program, its file without
 * its ending. Null where there is none.
 */
export function findChosen(tree: SourceTree, project: CargoProject, wanted: string): string | null {
  const path = wanted.replace(/^(?:\.\/)+|\/+$/g, "");
  const { crates } = project;
  const crate =
    crates.find(({ folder }) => folder === path && folder !== "") ??
    crates.find(({ manifest }) => manifest.package?.name === wanted);
  if (crate !== undefined) return crate.folder;
  const all = listBinaries(tree, project);
  const found = all.find((one) => keyOf(one) === path) ?? all.find(({ name }) => name === wanted);
  return found === undefined ? null : keyOf(found);
}

/**
 * What the configuration or a Procfile starts; the package at the top; the members that are built
 * where nothing is named; any other.
 */
export function chooseBinaries(
  tree: SourceTree,
  project: CargoProject,
  { member, id, started }: Wanted,
): ChosenBinaries {
  const all = listBinaries(tree, project);
  const below = member === null ? all : chosenBy(all, member);
  const named = namedBy(started, below);
  const defaults = new Set(
    (project.top.workspace?.["default-members"] ?? []).flatMap((one) => foldersLike(tree, one)),
  );
  // What is all that there is, is the app.
  const isAll = project.crates.every(({ folder }) => SIDE.test(folder));
  const apps = below.filter((one) => isAll || !isAside(one));
  const groups = [
    below.filter(({ crate }) => defaults.has(crate.folder)),
    below.filter(({ crate }) => crate.folder === (member ?? "")),
    apps,
    member === null ? [] : below,
  ];
  const group = named.length > 0 ? named : (groups.find((one) => one.length > 0) ?? []);
  const { main, candidates, reason } = preferred(tree, group, id);
  return {
    ...{ main, candidates, from: reason ?? { what: main?.crate.file ?? CARGO_TOML } },
    built: main === null ? [] : ofOwnNames([main, ...named.filter((one) => one !== main)]),
  };
}

/** For messages: `server (crates/api)`. */
export function titleOf({ name, crate: { folder } }: Binary): string {
  return folder === "" ? name : `${name} (${folder})`;
}

// --- internal ---

/** What a program may be called, so that it is a word of a command and a name of a file. */
const NAME = /^\w[\w.-]{0,127}$/;

const MOST_BINARIES = 500;

function binariesOf(tree: SourceTree, crate: Crate): Binary[] {
  const { folder, manifest } = crate;
  const name = manifest.package?.name;
  if (name === undefined) return [];
  const found = new Map<string, Binary>();
  const add = (one: string, path: string, features: string[] = []) => {
    const file = join(folder, path);
    if (NAME.test(one) && tree.has(file)) found.set(one, { crate, name: one, file, features });
  };
  const files = findFiles(tree, folder, name);
  if (manifest.package?.autobins !== false) for (const [one, path] of files) add(one, path);
  for (const { name: one, path, "required-features": features } of manifest.bin.slice(
    0,
    MOST_BINARIES,
  )) {
    const called = one ?? name;
    const there = path ?? files.get(called) ?? "src/main.rs";
    // A name of its own for what would be found otherwise.
    for (const [other, { file }] of found) if (file === join(folder, there)) found.delete(other);
    add(called, there, features);
  }
  return [...found.values()];
}

/** src/main.rs, src/bin/NAME.rs, src/bin/NAME/main.rs: name -> path below the package. */
function findFiles(tree: SourceTree, folder: string, name: string): Map<string, string> {
  const found = new Map<string, string>();
  if (tree.has(join(folder, "src/main.rs"))) found.set(name, "src/main.rs");
  for (const { kind, name: entry } of tree.list(join(folder, "src/bin")).slice(0, MOST_BINARIES)) {
    const path = `src/bin/${entry}`;
    if (kind === "file" && entry.endsWith(".rs")) found.set(entry.slice(0, -3), path);
    else if (kind === "folder" && tree.has(join(folder, `${path}/main.rs`))) {
      found.set(entry, `${path}/main.rs`);
    }
  }
  return found;
}

function keyOf({ file }: Binary): string {
  return file.replace(/(?:\/main)?\.rs$/, "");
}

function chosenBy(all: readonly Binary[], member: string): Binary[] {
  const own = all.filter((one) => keyOf(one) === member);
  if (own.length > 0) return own;
  const exact = all.filter(({ crate }) => crate.folder === member);
  return exact.length > 0 ? exact : all.filter(({ file }) => file.startsWith(`${member}/`));
}

/** Where people put what is not the app. */
const SIDE =
  /(?:^|[/_-])(?:x?tasks?|examples?|samples?|demos?|tools?|scripts?|tests?|e2e|docs?|third[_-]party|bench(?:es|marks?)?|ci|fuzz|macros?|codegen)(?:[/_-]|$)/;

function isAside({ crate, name, file }: Binary): boolean {
  return SIDE.test(crate.folder) || SIDE.test(name) || /(?:^|\/)examples\//.test(file);
}

/**
 * `bin/NAME`, `./target/release/NAME`, `NAME`, `cargo run --bin NAME` as words of lines.
 * @throws NuaError (config) where they name two that would be one file
 */
function namedBy(lines: readonly string[], binaries: readonly Binary[]): Binary[] {
  const plain = new Set<string>();
  const owned = new Map<string, Set<string>>();
  for (const { owner, names } of lines.flatMap((line) => line.split(/[;&|\n]+/)).map(programsIn)) {
    const known = owner === undefined ? plain : owned.get(owner);
    // No name stands for all of the package's.
    if (known === undefined) owned.set(owner!, names);
    else if (owner !== undefined && names.size === 0) known.clear();
    else if (owner === undefined || known.size > 0) for (const name of names) known.add(name);
  }
  const byOwner = binaries.filter(({ name, crate }) => {
    const names = owned.get(crate.manifest.package?.name ?? "");
    return names !== undefined && (names.size === 0 || names.has(name));
  });
  rejectSameName(
    byOwner.map((one) => ({ name: one.name, path: one.crate.file })),
    CARGO_TOML,
  );
  const taken = new Map(byOwner.map((one) => [one.name, one]));
  return binaries.filter((one) => {
    const other = taken.get(one.name);
    return other === undefined ? plain.has(one.name) : other === one;
  });
}

/** The package that a line of Cargo's names, and the programs that it starts. */
function programsIn(line: string): { owner: string | undefined; names: Set<string> } {
  const words = line.split(/[\s"']+/).filter(Boolean);
  const isCargo = words.includes("cargo");
  const wordAfter = (pattern: RegExp) => {
    const at = words.findIndex((word) => pattern.test(word));
    return at < 0 ? undefined : (/=(.*)/.exec(words[at]!)?.[1] ?? words[at + 1]);
  };
  const owner = isCargo ? wordAfter(/^(?:-p|--package)(?:=|$)/) : undefined;
  const bin = wordAfter(/^--bin(?:=|$)/);
  if (bin !== undefined) return { owner, names: new Set([bin]) };
  const names = words.filter((word, index) => {
    const isProgram = index === 0 || /=|^(?:exec|env)$/.test(words[index - 1]!);
    return isProgram && word !== "cargo" && /^(?:\.?\/)?(?:\$?\w*\/)*[\w.-]+$/.test(word);
  });
  return { owner, names: new Set(names.map((word) => word.split("/").at(-1)!)) };
}

/** The first of each name. */
function ofOwnNames(binaries: readonly Binary[]): Binary[] {
  const taken = new Set<string>();
  return binaries.filter(({ name }) => !taken.has(name) && taken.add(name));
}

/** What people call a server, where its name says no more. */
const USUAL = /^(?:server|app|web|api|main|http|serve|service|backend)$/;
const LIKE_SERVER = /[-_](?:server|web|api|backend|http|app)$/;

/**
 * Of several: the one that default-run names, that is named like its package and the app, or that
 * the Dockerfile starts.
 */
function preferred(
  tree: SourceTree,
  group: readonly Binary[],
  id: string,
): { main: Binary | null; candidates: Binary[]; reason?: Origin } {
  if (group.length <= 1) return { main: group[0] ?? null, candidates: [] };
  const called = (name: string | undefined) => group.find((one) => one.name === name);
  const folders = new Set(group.map(({ crate }) => crate.folder));
  const [{ crate }] = group as [Binary];
  const { package: own } = crate.manifest;
  const dockerfile = commandOfDockerfile(tree);
  const byPackage = folders.size === 1 ? (called(own?.["default-run"]) ?? called(own?.name)) : null;
  const sure = byPackage ?? called(id);
  if (sure) return { main: sure, candidates: [] };
  const started = called(dockerfile?.program);
  if (started !== undefined) return { main: started, candidates: [], reason: dockerfile!.from };
  const usual = [USUAL, LIKE_SERVER].map((like) => group.find(({ name }) => like.test(name)));
  return { main: usual.find(Boolean) ?? group[0]!, candidates: [...group] };
}
