/** Pure: the files of an app that its program leads to, and what they import from elsewhere. */
import { posix } from "node:path";
import { type SourceTree, treePath } from "../../source/source-tree.ts";

export interface FoundImport {
  /** As an import map has made it. */
  specifier: string;
  file: string;
  line: number;
}

export interface ModuleGraph {
  /** Texts by their paths, the program's own first. */
  files: ReadonlyMap<string, string>;
  /** What is of no file of the app. */
  imports: readonly FoundImport[];
}

/** What names stand for, relative to the tree. Source: WICG, Import Maps. */
export type ImportMap = Readonly<Record<string, string>>;

/** @param entry relative to the tree */
export function graphOf(tree: SourceTree, entry: string, map: ImportMap): ModuleGraph {
  const files = new Map<string, string>();
  const imports: FoundImport[] = [];
  const waiting = [entry];
  const known = new Set(waiting);
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const text = tree.text(path)?.slice(0, MOST_CHARACTERS);
    if (text === undefined || files.size >= MOST_FILES || imports.length >= MOST_IMPORTS) continue;
    files.set(path, text);
    for (const { specifier, line } of importsOf(text)) {
      const target = resolveImport(specifier, path, map);
      if (/^(?:npm|jsr|https?):/.test(target)) {
        imports.push({ specifier: target, file: path, line });
      } else if (target !== "" && !known.has(target) && SOURCE.test(target)) {
        known.add(target);
        waiting.push(target);
      }
    }
  }
  return { files, imports };
}

/** What a text imports, as it writes it, but for what a comment has. */
export function importsOf(text: string): { specifier: string; line: number }[] {
  return text.split("\n").flatMap((one, index) => {
    if (/^\s{0,200}(?:\/\/|\*|\/\*)/.test(one)) return [];
    return [...one.matchAll(IMPORT)].map(([, specifier]) => ({
      specifier: specifier!,
      line: index + 1,
    }));
  });
}

// --- internal ---

const MOST_FILES = 1000;
const MOST_IMPORTS = 20_000;

/** Of one file. */
const MOST_CHARACTERS = 256 * 1024;

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** `from "…"`, `import "…"`, `import("…")` */
const IMPORT = /\b(?:from|import)[ \t]{0,9}\(?[ \t]{0,9}["']([^"'\n]{1,300})["']/g;

/** A path of the tree, an address or a package; empty for what is none of these. */
function resolveImport(specifier: string, file: string, map: ImportMap): string {
  if (/^\.{1,2}\//.test(specifier))
    return treePath(posix.join(posix.dirname(file), specifier)) ?? "";
  const mapped = throughMap(specifier, map);
  return mapped ?? (/^(?:npm|jsr|https?):/.test(specifier) ? specifier : "");
}

/** By the longest name that it begins with. Deno lets a package's stand for all that is in it. */
function throughMap(specifier: string, map: ImportMap): string | undefined {
  if (Object.hasOwn(map, specifier)) return mappedPath(map[specifier]!);
  for (let at = specifier.lastIndexOf("/"); at > 0; at = specifier.lastIndexOf("/", at - 1)) {
    const [folder, name] = [specifier.slice(0, at + 1), specifier.slice(0, at)];
    if (Object.hasOwn(map, folder)) return mappedPath(map[folder]! + specifier.slice(at + 1));
    const target = Object.hasOwn(map, name) ? map[name]! : "";
    if (/^(?:npm|jsr):/.test(target)) return `${target}${specifier.slice(at)}`;
  }
  return undefined;
}

function mappedPath(target: string): string {
  return /^[a-z]+:/.test(target) ? target : (treePath(target) ?? "");
}
