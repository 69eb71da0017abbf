/**
 * Which files of an app's folder are taken, for build contexts and bundles.
 *
 * Everything, less what `.dockerignore` leaves out, less secrets, less what is installed again,
 * less what nua-build itself has left there. One rule for build contexts, bundles, and what tells
 * whether anything has changed. `.gitignore` is not asked: packagers hand on what they have built.
 */
import { realpathSync, type Stats } from "node:fs";
import { folderOf, joinPath, namesIn, type Place, toPlace } from "../lib/byte-path.ts";
import { readAppFile } from "./app-file.ts";
import { type IgnorePatterns, type Matches, parseIgnorePatterns } from "./ignore-patterns.ts";
import { folderNote, linkNote, type Note, outputNote, secretNote } from "./left-out.ts";

export interface TakeRules {
  /** Whether `.dockerignore` leaves nothing out, so that no path need be compared with it. */
  ignoresNothing: boolean;
  /** See {@link IgnorePatterns}. */
  match(path: string, parent: Matches | null): Matches;
  /** The same for a folder, by all of its path; null for the top. */
  matchFolder(folder: string): Matches | null;
  isIgnored(path: string, matches: Matches): boolean;
  mayTakeBelow(folder: string): boolean;
  /** Folders that are taken although `.dockerignore` leaves out all of them; empty for the top. */
  overruled: readonly string[];
  /** Whether it is taken although `.dockerignore` leaves it out. */
  isNeeded(path: string): boolean;
  /** @returns why it is not taken; undefined when it is */
  refuseFile(path: string, place: Place, info: Stats): Note | undefined;
  refuseFolder(path: string, name: string, place: Place): Note | undefined;
  /** @returns a note when a link leads out of the folder; it is kept as a link */
  judgeLink(path: string, place: Place, target: string): Note | undefined;
}

/**
 * @param root the app's folder
 * @param wanted `named`: paths that the configuration names, which are taken whatever they are;
 *   `needed`: paths that the plan cannot do without, whatever `.dockerignore` says; one that ends
 *   with "/" is a folder that is built: see {@link overruledIn}
 * @throws NuaError (input) for a `.dockerignore` that cannot be read
 */
export function createTakeRules(
  root: string,
  wanted: { named: readonly string[]; needed: readonly string[] },
): TakeRules {
  const patterns = parseIgnorePatterns(readAppFile(root, ".dockerignore") ?? "");
  const named = new Set(wanted.named);
  const isFolder = (path: string) => path.endsWith("/");
  const needed = new Set([...wanted.named, ...wanted.needed.filter((path) => !isFolder(path))]);
  const built = wanted.needed.filter(isFolder).map((path) => path.replace(/^\.?\/|\/$/g, ""));
  const overruled = patterns.isEmpty
    ? []
    : built.flatMap((folder) => overruledIn(folder, { root, patterns, needed }));
  const top = realpathSync(root);
  const isForced = (path: string) => named.has(path) || patterns.isNamed(path);
  const folders = new Map<string, Matches>();
  const match = (path: string, parent: Matches | null): Matches => {
    const matches = patterns.match(path, parent);
    for (const one of overruled) if (isIn(path, one.folder)) clear(matches, one.matches);
    return matches;
  };
  const matchFolder = (folder: string): Matches | null => {
    if (folder === "") return null;
    const matches = folders.get(folder) ?? match(folder, matchFolder(folderOf(folder)));
    folders.set(folder, matches);
    return matches;
  };
  return {
    ignoresNothing: patterns.isEmpty,
    match,
    overruled: overruled.map(({ folder }) => folder),
    matchFolder,
    isIgnored: (path, matches) => !isOfNua(path) && patterns.isIgnored(matches),
    mayTakeBelow: (folder) => mayTakeBelow(folder, patterns, needed),
    isNeeded: (path) => needed.has(path),
    refuseFile(path, place, info) {
      const note = secretNote(path, place) ?? outputNote(place, info);
      return note !== undefined && isForced(path) ? undefined : note;
    },
    refuseFolder(path, name, place) {
      const note = folderNote({ path, name, place, root });
      if (note === undefined || isForced(path)) return undefined;
      const isOpened =
        note.kind === "secret" && [...named].some((one) => one.startsWith(`${path}/`));
      return isOpened ? undefined : note;
    },
    judgeLink: (path, place, target) => linkNote({ path, place, target, top }),
  };
}

// --- internal ---

interface Overruled {
  folder: string;
  /** The patterns that do not count in it. */
  matches: Matches;
}

/**
 * An app's `.dockerignore` was written for its own Dockerfile, which may want nothing of a folder
 * that is built here, or only what was built before. What leaves out all of the folder does not
 * count where nothing is left that could be the app's source.
 */
function overruledIn(folder: string, app: Left): Overruled[] {
  const matches = app.patterns.wholly(folder);
  return matches.includes(1) && !leavesSource(folder, app) ? [{ folder, matches }] : [];
}

interface Left {
  root: string;
  patterns: IgnorePatterns;
  needed: ReadonlySet<string>;
}

/** What the plan names itself does not count. */
function leavesSource(folder: string, { root, patterns, needed }: Left): boolean {
  return namesIn(toPlace(joinPath(root, folder))).some((name) => {
    const path = joinPath(folder, name);
    if (NO_SOURCE.test(name) || needed.has(path)) return false;
    return !patterns.isIgnored(matchesOf(path, patterns)) || patterns.mayTakeBelow(path);
  });
}

/** Results of builds, settings, and what is about the app; names that are no text are not asked. */
const NO_SOURCE =
  /^(\..*|nua.*|dist|build|out|target|bin|release|docker|deploy|deployment|conf|config|etc|scripts?|(LICEN[CS]E|README|Dockerfile|docker-compose).*|.*\.(sh|conf|md|rst|txt|ya?ml|toml|json|lock|cfg|ini))$/i;

function matchesOf(path: string, patterns: IgnorePatterns): Matches {
  let matches: Matches | null = null;
  const names = path.split("/");
  for (let count = 1; count <= names.length; count += 1) {
    matches = patterns.match(names.slice(0, count).join("/"), matches);
  }
  return matches!;
}

/** Whether a path is a folder, or in it; everything is in the top. */
function isIn(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

function clear(matches: Matches, others: Matches): void {
  for (let index = 0; index < others.length; index += 1) {
    if (others[index] === 1) matches[index] = 0;
  }
}

/** A package's scripts, templates and files are what its plan is made of. */
function isOfNua(path: string): boolean {
  return path === "nua" || path.startsWith("nua/");
}

function mayTakeBelow(
  folder: string,
  patterns: IgnorePatterns,
  needed: ReadonlySet<string>,
): boolean {
  return patterns.mayTakeBelow(folder) || [...needed].some((one) => one.startsWith(`${folder}/`));
}
