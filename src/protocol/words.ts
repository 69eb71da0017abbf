/**
 * Which values may become arguments of commands: checked in the configuration, and again by the
 * agent. Pure.
 */
import { posix } from "node:path";
import * as v from "valibot";
import { BUILD } from "./layout.ts";

export interface WordKind {
  /** Texts of any length may be asked about. */
  accepts(text: string): boolean;
  /** With its article, for messages: `"x" is not …`, `expected …`. */
  what: string;
}

/** A text that has to be of a kind, where agent and host read one another. */
export function wordOf({ accepts, what }: WordKind) {
  return v.pipe(v.string(), v.check(accepts, `expected ${what}`));
}

/** Bytes of one word of a command: execve(2), MAX_ARG_STRLEN less the NUL at its end. */
const MAX_WORD_BYTES = 128 * 1024 - 1;

/** Characters of a path, or of what is written like one: limits.h, PATH_MAX. */
export const MAX_PATH = 4096;

/** Any word at all: what a command takes as data, such as a line for a shell. */
export const COMMAND_WORD: WordKind = {
  what: "a word that a program can be given: 128 KiB at most",
  accepts: (text) => !text.includes("\0") && fitsInBytes(text, MAX_WORD_BYTES),
};

/** Source: Debian Policy 5.6.1; apt-get(8): a version, a release or an architecture may follow. */
export const PACKAGE_NAME: WordKind = {
  what: "the name of a Debian package",
  accepts: matching(/^[a-z\d][a-z\d+.-]*[a-z\d+.](?::[a-z\d-]+)?(?:[=/][\w.+:~-]+)?$|^[a-z]$/i),
};

/** One package, or several to choose from. */
export const PACKAGE_NAMES: WordKind = {
  what: "the name of a Debian package, or several with | between them",
  accepts: (text) => text.length <= MAX_PATH && text.split("|").every(PACKAGE_NAME.accepts),
};

/** A file or folder of the app, relative to its folder: no option, and not outside. */
export const APP_PATH: WordKind = {
  what: "a path below the app's folder",
  accepts: (path) => matching(/^(?![-/])[^\p{Cc}]+$/u)(path) && !path.split("/").includes(".."),
};

/** A folder to empty, relative to the app's in the image or absolute: not one that holds the app. */
export const EMPTIED_FOLDER: WordKind = {
  what: "a folder that can be emptied: below the app's folder, or beside it",
  accepts: (path) => matching(/^[^\p{Cc}]+$/u)(path) && !holdsApp(posix.resolve(BUILD, path)),
};

/**
 * Whether a word of a command stands for files, where it may. Only a star: "uvicorn[standard]" is
 * none, nor are versions, nor addresses with asterisks for a password.
 */
export function isFilePattern(word: string): boolean {
  return word.includes("*") && !/[<>=!~]|:\/\//.test(word);
}

// --- internal ---

function matching(pattern: RegExp): WordKind["accepts"] {
  return (text) => text.length <= MAX_PATH && pattern.test(text);
}

/** Most are short: only where it may matter are bytes counted. */
function fitsInBytes(text: string, most: number): boolean {
  return text.length * 3 <= most || Buffer.byteLength(text) <= most;
}

function holdsApp(folder: string): boolean {
  return folder === "/" || `${BUILD}/`.startsWith(`${folder}/`);
}
