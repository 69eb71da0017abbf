/** Pure: the sources of a project, within bounds. */
import { oncePer } from "../../lib/once-per.ts";
import { INSTALLED_FOLDERS } from "../../registries/registries.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import { join } from "./msbuild.ts";
import { PROJECT_FILE } from "./project.ts";

export interface SourceText {
  /** Relative to the app's source. */
  path: string;
  text: string;
}

/** All below a project's folder, but for those of other projects there. */
export const sourcesOf = oncePer((tree: SourceTree, folder: string): SourceText[] => {
  const left = { ...LIMITS };
  const found: SourceText[] = [];
  const visit = (path: string, depth: number): void => {
    if (left.folders-- <= 0 || depth > DEEPEST) return;
    const entries = tree.list(path);
    if (path !== folder && entries.some(({ name }) => PROJECT_FILE.test(name))) return;
    for (const { name, kind } of entries) {
      if (kind === "file" && /\.(?:cs|fs|vb)$/i.test(name)) {
        if (left.files-- <= 0 || left.characters <= 0) return;
        const text = tree.text(join(path, name))?.slice(0, MOST_CHARACTERS);
        if (text === undefined) continue;
        left.characters -= text.length;
        found.push({ path: join(path, name), text });
      } else if (kind === "folder" && !ASIDE.test(name) && !INSTALLED.has(name)) {
        visit(join(path, name), depth + 1);
      }
    }
  };
  visit(folder, 0);
  return found;
});

// --- internal ---

const ASIDE = /^(?:\..*|bin|obj|wwwroot|ClientApp|Migrations)$/i;

/** What managers of packages install may be very many files. */
const INSTALLED = new Set(INSTALLED_FOLDERS.map(({ name }) => name));

/** An app is not trusted: what is beyond is not looked at. */
const LIMITS = { folders: 2000, files: 4000, characters: 12 * 1024 * 1024 };
const DEEPEST = 16;
const MOST_CHARACTERS = 256 * 1024;
