/** Patterns of a workspace, as they name folders: parsed once, and compared within a bound. Pure. */

import { NuaError } from "../../lib/errors.ts";
import {
  type Effort,
  type Glob,
  matchesGlob,
  PatternLimitError,
  parseGlob,
} from "../../lib/glob.ts";

export interface FolderPatterns {
  /** Whether a folder is, or may hold, what one of them means. */
  mayLeadTo(path: string): boolean;
  /** Whether a folder is a member: what is refused, with "!" before it, counts more. */
  matches(path: string): boolean;
}

/** @param file that they stand in, for the message of those that take too long */
export function folderPatterns(patterns: readonly string[], file: string): FolderPatterns {
  const wanted = patterns.filter((one) => !one.startsWith("!")).flatMap(parsed);
  const refused = patterns
    .filter((one) => one.startsWith("!"))
    .flatMap((one) => parsed(one.slice(1)));
  const effort = { left: MOST_COMPARISONS };
  const isOne = (all: readonly Pattern[], path: string) =>
    all.some(({ glob }) => compare(glob, path, effort));
  return {
    mayLeadTo: (path) => within(file, () => wanted.some((one) => leadsTo(one, path, effort))),
    matches: (path) => within(file, () => isOne(wanted, path) && !isOne(refused, path)),
  };
}

// --- internal ---

/** Of characters, for all folders and patterns together: an app is not trusted. */
const MOST_COMPARISONS = 20_000_000;

interface Pattern {
  glob: Glob;
  /** Its names before the first `**`. */
  names: readonly Glob[];
  /** Whether a `**` follows them. */
  isWide: boolean;
}

/** Nothing for one that is none. */
function parsed(pattern: string): Pattern[] {
  const glob = parseGlob(pattern);
  const parts = pattern.split("/");
  const wide = parts.indexOf("**");
  const names = (wide < 0 ? parts : parts.slice(0, wide)).map(parseGlob);
  if (glob === undefined || !names.every((name) => name !== undefined)) return [];
  return [{ glob, names, isWide: wide >= 0 }];
}

function leadsTo({ names, isWide }: Pattern, path: string, effort: Effort): boolean {
  const folders = path.split("/");
  if (!isWide && folders.length > names.length) return false;
  return folders.slice(0, names.length).every((folder, at) => compare(names[at]!, folder, effort));
}

function compare(glob: Glob, path: string, effort: Effort): boolean {
  // One that differs in its first character costs something, too.
  effort.left -= 1;
  return matchesGlob(glob, path, effort);
}

function within(file: string, work: () => boolean): boolean {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof PatternLimitError)) throw cause;
    throw new NuaError("input", `Read "${file}": the patterns of its workspace take too long`, {
      ...{ file, cause },
      hint: "name fewer folders, or leave out wildcards",
    });
  }
}
