/**
 * Reads files of an app's folder, which is untrusted.
 *
 * Regular files only, none that lies elsewhere, and no more of them than is wanted. Nothing here waits for the other end of a pipe.
 */
import {
  closeSync,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { join, sep } from "node:path";
import { type Place, showPath, toPlace } from "../lib/byte-path.ts";
import { NuaError } from "../lib/errors.ts";
import { kindOf, readFlags } from "../lib/regular-file.ts";

/** Bytes that a file may have which nua-build reads itself: manifests, Dockerfiles, settings. */
export const APP_FILE_BYTES = 16 * 1024 * 1024;

/**
 * Where a path of the app leads, links resolved.
 * @param root the app's folder
 * @param path relative to it
 * @returns undefined where there is nothing
 * @throws NuaError (input) when it leads out of the folder
 */
export function resolveInApp(root: string, path: string): string | undefined {
  const place = resolveAnywhere(root, path);
  if (place === undefined) return undefined;
  const top = realpathSync(root);
  if (isWithin(place, top)) return place;
  throw new NuaError("input", `Read "${path}": it leads out of the app's folder, to "${place}"`, {
    file: join(root, path),
    hint: "put a copy in the place of the link",
  });
}

/** Whether a path is a folder or in it; both without links. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * The text of a file that nua-build reads of an app.
 * @param root the app's folder
 * @param path relative to it
 * @param limit bytes that it may have
 * @returns undefined where there is none, or a folder
 * @throws NuaError (input) for a pipe, a device and their like, for a file that may not be read or
 *   is larger than it may be, and for one that lies elsewhere
 */
export function readAppFile(
  root: string,
  path: string,
  limit: number = APP_FILE_BYTES,
): string | undefined {
  const place = resolveInApp(root, path);
  if (place === undefined) return undefined;
  const attempt = `Read "${path}"`;
  try {
    if (statSync(place).isDirectory()) return undefined;
  } catch (cause) {
    throw readError(attempt, place, cause);
  }
  const text = readRegular(place, { attempt, limit, within: realpathSync(root) });
  if (text !== undefined) return text.toString("utf8");
  throw new NuaError("input", `${attempt}: it is larger than ${limit} bytes`, {
    file: place,
  });
}

export interface RegularFile {
  handle: number;
  info: Stats;
}

/**
 * Opens a regular file, whatever has come to its place meanwhile.
 * @param within the folder, without links, that it must lie in; undefined where that is known
 * @throws NuaError (input) for anything else
 */
export function openRegular(
  place: Place,
  { attempt, within }: { attempt: string; within?: string | undefined },
): RegularFile {
  let handle: number;
  try {
    handle = openSync(place, readFlags());
  } catch (cause) {
    throw readError(attempt, String(place), cause);
  }
  try {
    const info = fstatSync(handle);
    if (!info.isFile()) throw notRegular(attempt, String(place), info);
    if (within !== undefined && !isWithin(openedPath(handle, String(place)), within)) {
      throw new NuaError("input", `${attempt}: it leads out of "${within}"`);
    }
    return { handle, info };
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

/**
 * @param limit bytes that it may have
 * @returns undefined when it has more
 * @throws as {@link openRegular}
 */
export function readRegular(
  place: Place,
  { limit, ...options }: { attempt: string; limit: number; within?: string | undefined },
): Buffer | undefined {
  const { handle, info } = openRegular(place, options);
  try {
    if (info.size > limit) return undefined;
    // One byte more than it has, to see that it has not grown.
    const buffer = Buffer.alloc(info.size + 1);
    let bytes = 0;
    for (let read = -1; read !== 0 && bytes < buffer.length; bytes += read) {
      read = readSync(handle, buffer, bytes, buffer.length - bytes, bytes);
    }
    return buffer.subarray(0, Math.min(bytes, info.size));
  } catch (cause) {
    throw readError(options.attempt, String(place), cause);
  } finally {
    closeSync(handle);
  }
}

/** What a file that cannot be read means to a person. */
export function readError(attempt: string, path: string, cause: unknown): NuaError {
  if (cause instanceof NuaError) return cause;
  const code = errorCode(cause);
  const problem = PROBLEMS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  const place = attempt.includes(path) ? "" : `: "${showPath(path)}"`;
  return new NuaError("input", `${attempt}: ${problem}${place}`, {
    hint: HINTS[code],
    file: path,
    cause,
  });
}

export function errorCode(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

/** What something else in the place of a file means to a person. */
export function notRegular(attempt: string, path: string, info: Stats): NuaError {
  return new NuaError("input", `${attempt}: it is ${kindOf(info)}, not a file`, {
    file: path,
    hint: "remove it, or put a file in its place",
  });
}

// --- internal ---

const PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOENT: "no such file or folder",
  ENAMETOOLONG: "its path is too long",
  ELOOP: "its links lead in a circle",
  ENXIO: "it is a socket, or a pipe that nobody reads, and no file",
  EIO: "the disk cannot be read",
};

const HINTS: Readonly<Record<string, string>> = {
  EACCES: "see that you may read it: ls -l shows who may",
  EPERM: "see that you may read it: ls -l shows who may",
  ENAMETOOLONG: "shorten the names of its folders",
};

function resolveAnywhere(root: string, path: string): string | undefined {
  const from = join(root, path);
  try {
    return realpathSync(toPlace(from) as string);
  } catch (cause) {
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes(errorCode(cause))) return undefined;
    throw readError(`Read "${path}"`, from, cause);
  }
}

/** Where an open file lies, as Linux tells it; elsewhere its path has to do. */
function openedPath(handle: number, place: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${handle}`);
  } catch {
    return place;
  }
}
