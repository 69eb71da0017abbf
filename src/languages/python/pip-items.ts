/** Pure: which items of `build.pip-install` are the app itself. */
import { posix } from "node:path";

/** What an app's own items are told by. */
export interface AppProject {
  /** The name of the Python project; null where there is none, or it does not say. */
  name: string | null;
  /** Folder of the source, relative to /nua/build; "." is all of it. */
  dir: string;
}

/** The files that may name a Python project, in order. */
export const PROJECT_MANIFESTS = ["pyproject.toml", "setup.cfg", "setup.py"];

/** @param read the text of a file at the top of the source */
export function projectName(read: (name: string) => string | undefined): string | null {
  const [pyproject = "", cfg = "", script = ""] = PROJECT_MANIFESTS.map((name) => read(name) ?? "");
  const name =
    sectionName(pyproject, /^[ \t]*\[\s*project\s*\]/m) ??
    sectionName(pyproject, /^[ \t]*\[\s*tool\.poetry\s*\]/m) ??
    sectionName(cfg, /^\[metadata\]/m) ??
    /\bname\s*=\s*["']([\w.-]+)["']/.exec(script)?.[1];
  return name === undefined ? null : normalized(name);
}

/**
 * Whether one of the words of an item is the app: the folder of its source, a wheel or an archive
 * of it, or its name. In place of a folder there may be `file:` and extras.
 */
export function isAppItself(words: readonly string[], app: AppProject): boolean {
  return words
    .flatMap((word) => word.split(/\s+/))
    .map((word) => word.replace(/^(--editable=|-e(?=[./]))/, ""))
    .some((word) => isFolder(word, app.dir) || (app.name !== null && nameOf(word) === app.name));
}

// --- internal ---

/** `name` of a table in TOML or a section of an INI file. */
function sectionName(text: string, header: RegExp): string | undefined {
  const found = header.exec(text);
  if (found === null) return undefined;
  const rest = text.slice(found.index + found[0].length);
  const section = rest.slice(0, /^[ \t]*\[/m.exec(rest)?.index);
  return /^[ \t]*["']?name["']?\s*[=:]\s*["']?([\w.-]+)/m.exec(section)?.[1];
}

function isFolder(word: string, dir: string): boolean {
  const path = word.replace(/^file:(\/\/)?/, "").replace(/\[[^\]]*\]$/, "");
  if (!/^\.{0,2}(\/|$)/.test(path) || path === "") return false;
  return posix.resolve(BUILD, path) === posix.resolve(BUILD, dir);
}

/** Of a requirement, a wheel or a source archive. Source: PEP 427, PEP 503 and PEP 625. */
function nameOf(word: string): string | null {
  const file = /([^/]+?)-\d[^/]*\.(?:whl|zip|tar\.\w+|tgz)$/.exec(word)?.[1];
  const requirement = /^([A-Za-z0-9][\w.-]*)(?=$|[[<>=!~;@])/.exec(word)?.[1];
  const name = file ?? requirement;
  return name === undefined ? null : normalized(name);
}

function normalized(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/** Where items are installed from. */
const BUILD = "/nua/build";
