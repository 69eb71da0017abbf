/** Pure: the folders of a module with Go files, and what those say of the build. */
import { oncePer } from "../../lib/once-per.ts";
import { INSTALLED_FOLDERS } from "../../registries/registries.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { isInBuild } from "./build-constraint.ts";
import { readPaths } from "./read-paths.ts";

/** A package, as far as its own files tell. */
export interface GoFolder {
  /** Relative to the app's source; "" is its top. */
  folder: string;
  /** Names of files that are in the build. */
  files: string[];
  /** Whether it becomes a program. */
  isCommand: boolean;
  /** A file that needs a compiler of C, and no other way; null where there is none. */
  usesC: string | null;
  /** What is embedded in it: patterns, relative to the folder. */
  embeds: string[];
  /** What its program reads of the app's folder while it runs. */
  reads: string[];
}

/**
 * In the order of their names, those above before those below. Go reads neither of folders whose
 * names begin with a dot or an underscore, nor of those of other modules.
 * @param modules folders of modules that are built together
 */
export const goFolders = oncePer((tree: SourceTree, ...modules: string[]): GoFolder[] => {
  const left = { ...LIMITS };
  const found: GoFolder[] = [];
  const visit = (folder: string, depth: number): void => {
    if (left.folders-- <= 0 || depth > DEEPEST) return;
    const entries = tree.list(folder);
    const isOther = entries.some(({ name }) => name === "go.mod") && !modules.includes(folder);
    if (isOther && folder !== "") return;
    const names = entries.filter(({ kind, name }) => kind === "file" && name.endsWith(".go"));
    const one = readFolder(
      tree,
      folder,
      names.map(({ name }) => name),
      left,
    );
    if (one.files.length > 0) found.push(one);
    for (const { name, kind } of entries) {
      if (kind !== "folder" || NO_PACKAGES.test(name) || INSTALLED.has(name)) continue;
      visit(folder === "" ? name : `${folder}/${name}`, depth + 1);
    }
  };
  visit("", 0);
  return found;
});

/** The texts of a package's files. */
export function textsOf(tree: SourceTree, { folder, files }: GoFolder): string[] {
  return files.map((name) => (tree.text(join(folder, name)) ?? "").slice(0, MOST_CHARACTERS));
}

export function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

// --- internal ---

const NO_PACKAGES = /^(?:[._].*|vendor|testdata)$/;

/** What managers of packages install may be very many files. */
const INSTALLED = new Set(INSTALLED_FOLDERS.map(({ name }) => name));

/** An app is not trusted: what is beyond is not looked at. */
const LIMITS = { folders: 4000, files: 8000, characters: 24 * 1024 * 1024 };
const DEEPEST = 16;
const MOST_CHARACTERS = 256 * 1024;

function readFolder(
  tree: SourceTree,
  folder: string,
  names: readonly string[],
  left: typeof LIMITS,
): GoFolder {
  const one: GoFolder = { folder, files: [], isCommand: false, usesC: null, embeds: [], reads: [] };
  for (const name of names) {
    if (left.files-- <= 0 || left.characters <= 0) break;
    const text = tree.text(join(folder, name))?.slice(0, MOST_CHARACTERS);
    if (text === undefined) continue;
    left.characters -= text.length;
    if (!isInBuild(name, text)) continue;
    one.files.push(name);
    one.isCommand ||= /^package main\b/m.test(text) && /^func main\(\)/m.test(text);
    one.reads.push(...readPaths(text));
    one.usesC ??= isC(text) ? join(folder, name) : null;
    for (const [, line = ""] of text.matchAll(/^[ \t]*\/\/go:embed[ \t]+([^\n]+)$/gm)) {
      one.embeds.push(...patternsOf(line));
    }
  }
  return one;
}

/** A file that says that it wants cgo has another beside it for where there is none. */
function isC(text: string): boolean {
  return (
    /^(?:import[ \t]+|[ \t]+)"C"[ \t]*$/m.test(text) && !/^\/\/go:build\b.*\bcgo\b/m.test(text)
  );
}

/** `all:dist "with space" templates/*.html` */
function patternsOf(line: string): string[] {
  return [...line.trim().matchAll(/"([^"]*)"|`([^`]*)`|(\S+)/g)].map(([, quoted, plain, word]) =>
    (quoted ?? plain ?? word ?? "").replace(/^all:/, ""),
  );
}
