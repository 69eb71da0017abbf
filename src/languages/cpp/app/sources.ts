/** Pure: the files of C and C++ in an app, within bounds, and those of them that have a main function. */
import { oncePer } from "../../../lib/once-per.ts";
import { INSTALLED_FOLDERS } from "../../../registries/registries.ts";
import type { SourceTree } from "../../../source/source-tree.ts";

export interface SourceFile {
  /** Relative to the app's source. */
  path: string;
  text: string;
}

/** All that are the app's own: not what it brings of others, nor tests and examples. */
export const sourceFiles = oncePer((tree: SourceTree): SourceFile[] => {
  const left = { ...LIMITS };
  const found: SourceFile[] = [];
  const visit = (folder: string, depth: number): void => {
    if (left.folders-- <= 0 || depth > DEEPEST) return;
    const folders: string[] = [];
    for (const { name, kind } of tree.list(folder)) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (kind === "folder" && !ASIDE.test(name) && !INSTALLED.has(name)) folders.push(path);
      if (kind !== "file" || !SOURCE.test(name)) continue;
      if (left.files-- <= 0 || left.characters <= 0) return;
      const text = tree.text(path)?.slice(0, MOST_CHARACTERS);
      if (text === undefined) continue;
      left.characters -= text.length;
      found.push({ path, text });
    }
    for (const path of folders) visit(path, depth + 1);
  };
  visit("", 0);
  return found;
});

/** Those that a program begins in. */
export const mainFiles = oncePer((tree: SourceTree): SourceFile[] =>
  sourceFiles(tree).filter(
    ({ path, text }) => !HEADER.test(path) && !NO_APP.test(path) && MAIN.test(text),
  ),
);

/** The name of a file without folder and ending. */
export function stemOf(path: string): string {
  return path.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
}

/** Where people put what is not the app. */
export const NO_APP =
  /(?:^|[/_.-])(?:tests?|testing|testsuite|unittests?|examples?|samples?|demos?|tutorials?|bench(?:es|marks?)?|fuzz(?:ing|ers?)?|docs?|contrib|third[_-]?party|3rdparty|vendor|extern(?:al)?s?|deps|subprojects|cmake)(?:[/_.-]|$)/i;

// --- internal ---

const SOURCE = /\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx)$/i;
const HEADER = /\.(?:h|hh|hpp|hxx)$/i;

/** Also in the forms of long ago, and with a word of the project's own before the name. */
const MAIN = /\b(?:int|void|auto)\s{1,8}(?:[A-Za-z_]\w{0,40}\s{1,8})?main\s{0,8}\(|^main\s{0,8}\(/m;

const ASIDE = /^(?:\..*|build|out|cmake-build-.*|autom4te\.cache|_deps)$/;
const INSTALLED = new Set(INSTALLED_FOLDERS.map(({ name }) => name));

/** An app is not trusted: what is beyond is not looked at. */
const LIMITS = { folders: 4000, files: 6000, characters: 24 * 1024 * 1024 };
const DEEPEST = 16;
const MOST_CHARACTERS = 512 * 1024;
