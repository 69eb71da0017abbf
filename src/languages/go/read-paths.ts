/**
 * Pure: files of the app's that a program reads while it runs, as far as its source names them: some
 * have embedded the very same, and read what lies there where a setting says so.
 */
import { treePath } from "../../source/source-tree.ts";

/** Paths relative to the folder in which the program is started, without what a star stands for. */
export function readPaths(text: string): string[] {
  const quoted = [...text.matchAll(CALLS)].flatMap(([, words]) => [...words!.matchAll(QUOTED)]);
  // No path of what is embedded begins like that (io/fs, ValidPath).
  const plain = [...text.matchAll(BELOW)];
  const found = [...quoted, ...plain].flatMap(([, path]) => fixed(path!));
  return [...new Set(found)].slice(0, MOST);
}

/** Whether something is below one of those paths, or one of them below it. */
export function relatesTo(paths: readonly string[]): (path: string) => boolean {
  const named = new Set(paths);
  const above = new Set(paths.flatMap(ancestors));
  return (path) => {
    const place = fixed(path)[0];
    return (
      place !== undefined && (above.has(place) || ancestors(place).some((one) => named.has(one)))
    );
  };
}

// --- internal ---

/** Of one file. */
const MOST = 500;

/** Functions that take a path of the system's, and settings with one as what holds otherwise. */
const CALLS =
  /\b(?:os\.(?:DirFS|Open\w*|Read(?:File|Dir)|L?[sS]tat)|http\.(?:Dir|ServeFile)|ioutil\.Read(?:File|Dir)|filepath\.(?:Glob|Walk|WalkDir|Abs)|ParseGlob|ParseFiles|LoadHTML(?:Glob|Files)|Static(?:File)?|ServeFiles|SetDefault|String(?:Var)?P?|[gG]et[eE]nv\w*)\(([^\n]{0,400})/g;

const QUOTED = /["`]([\w@.+*?/-]{1,300})["`]/g;

const BELOW = /["`](\.\/[\w@.+*?/-]{1,300})["`]/g;

/** Nothing for the top itself, which says little. */
function fixed(path: string): string[] {
  const names = path.split("/");
  const star = names.findIndex((name) => /[*?[]/.test(name));
  const place = treePath(names.slice(0, star < 0 ? names.length : star).join("/"));
  return place === undefined || place === "" ? [] : [place];
}

/** Itself, and all above. */
function ancestors(path: string): string[] {
  const names = path.split("/");
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}
