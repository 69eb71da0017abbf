/**
 * Writes files into a build context: never replaces one, never follows a link.
 *
 * Everything that is written into a build context goes through here: only into folders that this
 * writer has made itself, and only under names that are not there yet. So nothing that an app has
 * brought, no link and no hard link, is ever opened for writing or followed.
 */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  linkSync,
  mkdirSync,
  openSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { diskError } from "../images/archive/disk.ts";
import { folderOf, fromBytes, joinPath, type Place, showPath, toPlace } from "../lib/byte-path.ts";
import { NuaError } from "../lib/errors.ts";
import { errorCode, openRegular } from "../source/app-file.ts";
import { plainMode } from "../source/staged-names.ts";

/** All paths are relative to the context. */
export interface ContextWriter {
  /** The context, absolute. */
  readonly folder: string;
  /** Makes a folder and those that it is in, as far as this writer has not made them. */
  makeFolder(path: string): void;
  /**
   * A hard link to a file, or a copy where that cannot be.
   * @returns whether the file was there still
   */
  addFile(path: string, from: Place, info: Stats): boolean;
  addLink(path: string, target: Buffer): void;
  /** A file that nua-build writes itself. */
  write(path: string, content: string | Uint8Array): void;
}

interface WriterOptions {
  copiesModes?: boolean;
  isMade?: boolean;
}

/**
 * @param folder the context; it must not be there yet
 * @param options `isMade`: the caller has just made it; `copiesModes`: for builders that copy the context as it is: files get the
 *   permissions there that they are to have in the image, which a hard link cannot have of its own
 * @throws NuaError (archive) from each of its functions when the disk is full or unwilling, (input)
 *   for a name that is there already
 */
export function createContextWriter(
  folder: string,
  { copiesModes = false, isMade = false }: WriterOptions = {},
): ContextWriter {
  const made = new Set<string>(isMade ? [""] : []);
  const at = (path: string) => toPlace(joinPath(folder, path));
  const makeFolder = (path: string) => {
    if (made.has(path)) return;
    if (path !== "") makeFolder(folderOf(path));
    attempt(path, at(path), (place) => {
      mkdirSync(place, { mode: FOLDER_MODE });
      // Whatever umask there is here: the mode ends up in the image.
      chmodSync(place, FOLDER_MODE);
    });
    made.add(path);
  };
  return {
    folder,
    makeFolder,
    addFile(path, from, info) {
      makeFolder(folderOf(path));
      const mode = copiesModes ? plainMode(info.mode) : undefined;
      const isOdd = mode !== undefined && (info.mode & ALL_MODES) !== mode;
      if (!isOdd && hasLinked(from, at(path))) return true;
      return attempt(path, at(path), (place) => copyFile(from, place, mode));
    },
    addLink(path, target) {
      makeFolder(folderOf(path));
      attempt(path, at(path), (place) => symlinkSync(target, place));
    },
    write(path, content) {
      makeFolder(folderOf(path));
      attempt(path, at(path), (place) => writeNew(place, content));
    },
  };
}

// --- internal ---

const FOLDER_MODE = 0o755;

/** With those that let a program run as its owner, which no file of an app gets. */
const ALL_MODES = 0o7777;

/** False where a link cannot be: another file system, a file of another user, too many links. */
function hasLinked(from: Place, to: Place): boolean {
  try {
    linkSync(from as string, to as string);
    return true;
  } catch {
    return false;
  }
}

/** @returns false when the file is gone */
function copyFile(from: Place, to: Place, mode: number | undefined): boolean {
  const source = openSource(from);
  if (source === undefined) return false;
  try {
    // By its handle: another file may have come to its place.
    const opened = process.platform === "linux" ? `/proc/self/fd/${source.handle}` : from;
    copyFileSync(
      opened as string,
      to as string,
      constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE,
    );
    chmodSync(to, mode ?? source.info.mode & 0o777);
  } finally {
    closeSync(source.handle);
  }
  return true;
}

function openSource(from: Place): ReturnType<typeof openRegular> | undefined {
  try {
    return openRegular(from, { attempt: `Read "${show(from)}"` });
  } catch (error) {
    if (error instanceof NuaError && errorCode(error.cause) === "ENOENT") return undefined;
    throw error;
  }
}

function writeNew(place: Place, content: string | Uint8Array): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const handle = openSync(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
  try {
    fchmodSync(handle, FILE_MODE);
    writeFileSync(handle, content);
  } finally {
    closeSync(handle);
  }
}

const FILE_MODE = 0o644;

function attempt<Result>(path: string, place: Place, act: (place: Place) => Result): Result {
  try {
    return act(place);
  } catch (cause) {
    if (cause instanceof NuaError) throw cause;
    const what = `Stage "${showPath(path) || "."}"`;
    if (errorCode(cause) === "EEXIST") {
      throw new NuaError("input", `${what}: something of that name is staged already`, {
        hint: "name it once in build.manifest, and not through a link",
        cause,
      });
    }
    if (errorCode(cause) === "ENAMETOOLONG") {
      throw new NuaError("input", `${what}: its path is too long`, {
        hint: "shorten the names of its folders",
        cause,
      });
    }
    throw diskError(what, show(place), cause);
  }
}

function show(place: Place): string {
  return showPath(typeof place === "string" ? place : fromBytes(place));
}
