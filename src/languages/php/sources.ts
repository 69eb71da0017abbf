/** Pure: an app's own files of PHP, as far as they are looked into. */
import { oncePer } from "../../lib/once-per.ts";
import { INSTALLED_FOLDERS } from "../../registries/registries.ts";
import type { SourceTree } from "../../source/source-tree.ts";

export interface PhpSource {
  path: string;
  text: string;
}

/** Those nearest to the top first; none of libraries, tests and examples. */
export const sourcesOf = oncePer((tree: SourceTree): PhpSource[] => {
  const found: PhpSource[] = [];
  let folders = [""];
  let left = MOST_CHARACTERS;
  for (let depth = 0; depth < DEEPEST && folders.length > 0; depth += 1) {
    const below: string[] = [];
    for (const folder of folders) {
      for (const { name, kind } of tree.list(folder)) {
        const path = folder === "" ? name : `${folder}/${name}`;
        if (kind === "folder" && !isLeftOut(name)) below.push(path);
        if (kind !== "file" || !name.endsWith(".php")) continue;
        if (found.length >= MOST_FILES || left <= 0) return found;
        const text = (tree.text(path) ?? "").slice(0, LONGEST);
        left -= text.length;
        found.push({ path, text });
      }
    }
    folders = below.slice(0, MOST_FOLDERS);
  }
  return found;
});

// --- internal ---

const DEEPEST = 8;
const MOST_FOLDERS = 2000;
const MOST_FILES = 3000;
const MOST_CHARACTERS = 16 * 1024 * 1024;
const LONGEST = 256 * 1024;

const LEFT_OUT = /^(?:vendor|tests?|spec|examples?|docs?|stubs|storage|cache|var|tmp|\..*)$/i;

function isLeftOut(folder: string): boolean {
  return LEFT_OUT.test(folder) || INSTALLED_FOLDERS.some(({ name }) => name === folder);
}
