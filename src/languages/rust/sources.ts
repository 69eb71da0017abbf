/** Pure: the files of Rust in an app, within bounds. */
import { oncePer } from "../../lib/once-per.ts";
import { INSTALLED_FOLDERS } from "../../registries/registries.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { join } from "./workspace.ts";

export interface RustFile {
  /** Relative to the app's source. */
  path: string;
  text: string;
}

/** All below a package's folder, but for those of other packages there, tests and examples. */
export const rustFiles = oncePer((tree: SourceTree, folder: string): RustFile[] => {
  const left = { ...LIMITS };
  const found: RustFile[] = [];
  const visit = (path: string, depth: number): void => {
    if (left.folders-- <= 0 || depth > DEEPEST) return;
    const entries = tree.list(path);
    if (path !== folder && entries.some(({ name }) => name === "Cargo.toml")) return;
    for (const { name, kind } of entries) {
      if (kind === "file" && name.endsWith(".rs") && !TESTS.test(name)) {
        if (left.files-- <= 0 || left.characters <= 0) return;
        const text = tree.text(join(path, name))?.slice(0, MOST_CHARACTERS);
        if (text === undefined) continue;
        left.characters -= text.length;
        found.push({ path: join(path, name), text: withoutTests(text) });
      } else if (kind === "folder" && !ASIDE.test(name) && !INSTALLED.has(name)) {
        visit(join(path, name), depth + 1);
      }
    }
  };
  visit(folder, 0);
  return found;
});

// --- internal ---

const ASIDE = /^(?:\..*|target|vendor|tests|benches|examples)$/;

/** Files that hold tests, by their names. */
const TESTS = /^(?:tests?|testing|test_\w+|\w+_tests?)\.rs$/;

/** They come last in a file. */
function withoutTests(text: string): string {
  const at = text.search(/^#\[cfg\(test\)\]\s*(?:pub\s+)?mod\s+\w+\s*\{/m);
  return at < 0 ? text : text.slice(0, at);
}

/** What managers of packages install may be very many files. */
const INSTALLED = new Set(INSTALLED_FOLDERS.map(({ name }) => name));

/** An app is not trusted: what is beyond is not looked at. */
const LIMITS = { folders: 4000, files: 8000, characters: 24 * 1024 * 1024 };
const DEEPEST = 16;
const MOST_CHARACTERS = 256 * 1024;
