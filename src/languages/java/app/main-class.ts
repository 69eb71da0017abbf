/** Pure: classes of an app that can be started, by its sources. */
import { oncePer } from "../../../lib/once-per.ts";
import type { SourceTree } from "../../../source/source-tree.ts";

export interface MainClass {
  /** As `java` takes it. */
  name: string;
  file: string;
}

/** Those of a module, those nearest to its top first. */
export const mainClasses = oncePer((tree: SourceTree, folder: string): MainClass[] => {
  const found: (MainClass & { depth: number })[] = [];
  for (const { file, text } of sources(tree, folder)) {
    const name = classOf(file, text);
    if (name !== null) found.push({ name, file, depth: file.split("/").length });
  }
  return found
    .sort((one, other) => one.depth - other.depth)
    .map(({ name, file }) => ({ name, file }));
});

/** Whether any source of the module has that. */
export function mentions(tree: SourceTree, folder: string, pattern: RegExp): boolean {
  return sources(tree, folder).some(({ text }) => pattern.test(text));
}

/** The texts of a module, for what is looked for in them. */
export const sources = oncePer((tree: SourceTree, folder: string): Source[] => {
  const left = { folders: 3000, files: 3000, characters: 16 * 1024 * 1024 };
  const found: Source[] = [];
  const visit = (at: string, depth: number): void => {
    if (left.folders-- <= 0 || depth > DEEPEST) return;
    for (const { name, kind } of tree.list(at)) {
      const path = `${at}/${name}`;
      if (kind === "folder") visit(path, depth + 1);
      else if (kind === "file" && /\.(?:java|kt|groovy|scala)$/.test(name)) {
        if (left.files-- <= 0 || left.characters <= 0) return;
        const text = (tree.text(path) ?? "").slice(0, MOST_CHARACTERS);
        left.characters -= text.length;
        found.push({ file: path, text });
      }
    }
  };
  for (const root of ROOTS) visit(folder === "" ? root : `${folder}/${root}`, 0);
  return found;
});

// --- internal ---

interface Source {
  file: string;
  text: string;
}

/** As Maven and Gradle have them. */
const ROOTS = ["src/main/java", "src/main/kotlin", "src/main/groovy", "src/main/scala"];
const DEEPEST = 24;
const MOST_CHARACTERS = 256 * 1024;

function classOf(file: string, text: string): string | null {
  const [, base = "", ending] = /([^/]+)\.(\w+)$/.exec(file) ?? [];
  const [, folder = ""] = /^package\s+([\w.]+)/m.exec(text) ?? [];
  const inPackage = (name: string) => (folder === "" ? name : `${folder}.${name}`);
  if (!/^\w+$/.test(base)) return null;
  if (ending === "java" || ending === "groovy") {
    const isMain = /\bstatic\s+(?:final\s+)?void\s+main\s*\(/.test(text);
    return isMain ? inPackage(base) : null;
  }
  if (ending === "scala") {
    const [, name] = /^object\s+(\w+)\s+extends\s+App\b/m.exec(text) ?? [];
    return name === undefined ? null : inPackage(name);
  }
  // A function at the top of a file of Kotlin's is in a class that is named like the file.
  if (/^(?:suspend\s+)?fun\s+main\s*\(/m.test(text)) {
    const [, given] = /^@file:JvmName\("(\w+)"\)/m.exec(text) ?? [];
    return inPackage(given ?? `${base[0]!.toUpperCase()}${base.slice(1)}Kt`);
  }
  const main = text.search(/@JvmStatic\s{1,100}fun\s{1,100}main\s{0,100}\(/);
  const object = [...text.slice(0, Math.max(main, 0)).matchAll(/\bobject\s{1,100}(\w+)/g)].at(-1);
  return object === undefined ? null : inPackage(object[1]!);
}
