/** Pure: the sources of an app, as far as they tell where it listens and what it wants of its environment. */
import { oncePer } from "../../lib/once-per.ts";
import type { SourceTree } from "../../source/source-tree.ts";

export interface SourceText {
  path: string;
  text: string;
}

/** An app is not trusted: what is beyond is not looked at. */
const MOST_FILES = 400;
const MOST_CHARACTERS = 128 * 1024;
const DEEPEST = 8;

/** Those of a folder of that name below the app's, in the order of names. */
export const sourcesIn = oncePer((tree: SourceTree, folder: string): SourceText[] => {
  const found: SourceText[] = [];
  const queue: { path: string; depth: number }[] = [{ path: folder, depth: 0 }];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const { name, kind } of tree.list(at.path)) {
      const path = `${at.path}/${name}`;
      if (kind === "folder" && at.depth < DEEPEST) queue.push({ path, depth: at.depth + 1 });
      if (kind !== "file" || !/\.(?:exs?|erl)$/.test(name)) continue;
      if (found.length >= MOST_FILES) return found;
      found.push({ path, text: (tree.text(path) ?? "").slice(0, MOST_CHARACTERS) });
    }
  }
  return found;
});

/** Settings of production, the one that is read when the app starts first. */
export function settingsOf(tree: SourceTree, folders: readonly string[]): SourceText[] {
  return folders.flatMap((folder) =>
    ["runtime.exs", "releases.exs", "prod.exs", "config.exs"].flatMap((name) => {
      const path = folder === "" ? `config/${name}` : `${folder}/config/${name}`;
      const text = tree.text(path);
      return text === undefined ? [] : [{ path, text: text.slice(0, MOST_CHARACTERS) }];
    }),
  );
}
