/** Pure: whether what npm runs at the top installs and builds a folder with a package of its own. */
import type { SourceTree } from "../../../source/source-tree.ts";
import { INSTALL_SCRIPTS, readManifest } from "./manifest.ts";

/** @param folder a name at the top */
export function buildsFolder(tree: SourceTree, folder: string): boolean {
  const { scripts } = readManifest(tree);
  return calledScripts(scripts).some((line) => goesInto(line, folder));
}

// --- internal ---

/** What is run while an app is installed and built. */
const BUILD_SCRIPTS = [
  ...INSTALL_SCRIPTS,
  "prepare",
  ...["prebuild", "build", "postbuild", "heroku-prebuild", "heroku-postbuild"],
];

/** With those that they call by name. */
function calledScripts(scripts: Readonly<Record<string, string>>): string[] {
  const called = new Set(BUILD_SCRIPTS);
  for (const name of called) {
    for (const word of (scripts[name] ?? "").split(/[\s&|;"']+/)) {
      for (const one of expand(word, scripts)) called.add(one);
    }
  }
  return [...called].flatMap((name) => scripts[name] ?? []);
}

/** `npm-run-all build:*` calls all of them. */
function expand(word: string, scripts: Readonly<Record<string, string>>): string[] {
  if (Object.hasOwn(scripts, word)) return [word];
  if (!word.endsWith(":*")) return [];
  return Object.keys(scripts).filter((name) => name.startsWith(word.slice(0, -1)));
}

/** `cd client && …`, `npm --prefix client …`, `yarn --cwd ./client …`, `vite build client`. */
function goesInto(line: string, folder: string): boolean {
  return line
    .split(/[\s&|;"'=()]+/)
    .some((word) => word.replace(/^(\.\/)+/, "").replace(/\/+$/, "") === folder);
}
