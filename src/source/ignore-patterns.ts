/**
 * Pure: parses `.dockerignore`, and matches paths with it.
 *
 * Source: Docker, "Dockerfile reference", ".dockerignore file"; moby/patternmatcher.
 */
import { NuaError } from "../lib/errors.ts";
import { type Glob, matchesGlob, PatternLimitError, parseGlob } from "../lib/glob.ts";

/** Of each pattern, whether a path or one of the folders that it is in matches. */
export type Matches = Uint8Array;

export interface IgnorePatterns {
  /** Whether it leaves nothing out. */
  isEmpty: boolean;
  /**
   * @param parent those of the folder that the path is in; null at the top
   * @throws NuaError (input) when that takes too long
   */
  match(path: string, parent: Matches | null): Matches;
  /**
   * Of each pattern, whether it leaves out all of a folder: `*` and `**` everything, `web`, `web/*`
   * and `web/**` what is in `web`.
   * @param folder empty for the top
   */
  wholly(folder: string): Matches;
  /** The last pattern that matches decides. */
  isIgnored(matches: Matches): boolean;
  /** Whether something below an ignored folder may be taken all the same. */
  mayTakeBelow(folder: string): boolean;
  /** Whether a `!` line names the path itself, by more than wildcards. */
  isNamed(path: string): boolean;
}

/** @throws NuaError (input) for a pattern that Docker does not take either */
export function parseIgnorePatterns(text: string): IgnorePatterns {
  if (text.length > MOST_CHARACTERS) {
    throw new NuaError("input", `Read ".dockerignore": it has ${text.length} characters`, {
      hint: `write at most ${MOST_CHARACTERS}: name folders in place of files`,
    });
  }
  const patterns = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .flatMap((line, index) => parseLine(line, index + 1));
  if (patterns.length > MOST_PATTERNS) {
    throw new NuaError("input", `Read ".dockerignore": it has ${patterns.length} patterns`, {
      hint: `write at most ${MOST_PATTERNS}: name folders in place of files`,
    });
  }
  const negated = patterns.filter((pattern) => pattern.isNegated);
  return {
    isEmpty: patterns.every((pattern) => pattern.isNegated),
    match(path, parent) {
      const matches = new Uint8Array(patterns.length);
      const effort = { left: MOST_EFFORT };
      try {
        for (let index = 0; index < patterns.length; index += 1) {
          const isSame = parent?.[index] === 1 || matchesGlob(patterns[index]!.glob, path, effort);
          if (isSame) matches[index] = 1;
        }
      } catch (cause) {
        if (cause instanceof PatternLimitError) throw tooSlow(path, cause);
        throw cause;
      }
      return matches;
    },
    wholly(folder) {
      const probe = folder === "" ? NO_NAME : `${folder}/${NO_NAME}`;
      const paths = [...(folder === "" ? [] : [folder]), probe, `${probe}/${NO_NAME}`];
      const matchesOne = ({ isNegated, glob }: Pattern) =>
        !isNegated && paths.some((path) => matchesGlob(glob, path, { left: MOST_EFFORT }));
      return Uint8Array.from(patterns, (pattern) => (matchesOne(pattern) ? 1 : 0));
    },
    isIgnored(matches) {
      const last = matches.lastIndexOf(1);
      return last >= 0 && !patterns[last]!.isNegated;
    },
    mayTakeBelow(folder) {
      const names = folder.split("/").length;
      return negated.some(({ prefix, most }) => most > names && meet(prefix, folder));
    },
    isNamed: (path) =>
      negated.some(
        ({ glob, isSpecific }) => isSpecific && matchesGlob(glob, path, { left: MOST_EFFORT }),
      ),
  };
}

// --- internal ---

/** Each is compared with each path. */
const MOST_PATTERNS = 5000;

const MOST_CHARACTERS = 1_000_000;

/** Comparisons for one path, with all patterns: below a second. */
const MOST_EFFORT = 10_000_000;

/** Of a path, on Linux. */
const LONGEST_PATH = 4096;

/** Only what stands for any name matches it. */
const NO_NAME = "\u{10fffe}";

interface Pattern {
  isNegated: boolean;
  glob: Glob;
  /** What every path that it matches begins with: whole names, each with a slash after it. */
  prefix: string;
  /** How many names the paths have that it matches itself, at most. */
  most: number;
  /** Whether its last name is more than wildcards. */
  isSpecific: boolean;
}

function tooSlow(path: string, cause: Error): NuaError {
  const shown = path.length <= 80 ? path : `${path.slice(0, 80)}…`;
  return new NuaError("input", `Compare "${shown}" with ".dockerignore": ${cause.message}`, {
    hint: "write fewer lines with **, and shorter ones",
    cause,
  });
}

function parseLine(line: string, number: number): Pattern[] {
  const text = line.trim();
  if (text === "" || line.startsWith("#")) return [];
  const isNegated = text.startsWith("!");
  const path = cleanPath(isNegated ? text.slice(1).trim() : text);
  if (path === ".") return [];
  const glob = path.length > LONGEST_PATH ? undefined : parseGlob(path);
  if (glob === undefined) {
    throw new NuaError(
      "input",
      `Read ".dockerignore": line ${number} is no pattern: "${text.slice(0, 80)}"`,
      {
        hint: "close the bracket, or write a backslash before it",
      },
    );
  }
  const names = path.split("/");
  const fixed = names.findIndex((name) => /[*?[\\]/.test(name));
  const isSpecific = /[^*?]/.test(names.at(-1)!);
  const prefix = names.slice(0, fixed < 0 ? -1 : fixed).map((name) => `${name}/`);
  const most = path.includes("**") ? Number.POSITIVE_INFINITY : names.length;
  return [{ isNegated, glob, prefix: prefix.join(""), most, isSpecific }];
}

/** Go's filepath.Clean, and without the slashes at its beginning. */
function cleanPath(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name === ".." && names.length > 0 && names.at(-1) !== "..") names.pop();
    else if (name !== ".." || !path.startsWith("/")) names.push(name);
  }
  return names.join("/") || ".";
}

/** Whether one of the two leads to the other. */
function meet(prefix: string, folder: string): boolean {
  return prefix.startsWith(`${folder}/`) || `${folder}/`.startsWith(prefix);
}
