/** Errors of the file system (disk full, permission denied) as errors with hints. */
import { statfs } from "node:fs/promises";
import { NuaError } from "../../lib/errors.ts";
import { formatBytes } from "../../lib/format.ts";
import { isTemporary } from "../../runs/own-names.ts";

/**
 * Sees beforehand whether a file fits.
 * @param attempt for the message, such as `Save archive "app.tar"`
 * @throws NuaError (archive) that says how much is missing
 */
export async function ensureFreeSpace(
  folder: string,
  bytes: number,
  attempt: string,
): Promise<void> {
  const { bavail, bsize } = await statfs(folder).catch((cause: unknown) => {
    throw diskError(attempt, folder, cause);
  });
  const free = bavail * bsize;
  if (free >= bytes) return;
  const missing = formatBytes(bytes - free);
  const figures = `it needs ${formatBytes(bytes)} and ${formatBytes(free)} are free`;
  throw new NuaError("archive", `${attempt}: ${missing} are missing in "${folder}", ${figures}`, {
    hint: writingHint("ENOSPC", folder),
    file: folder,
  });
}

/**
 * The error of the file system, with what to do about it.
 * @param access to a file that a user has named to be read, another remedy helps
 */
export function diskError(
  attempt: string,
  path: string,
  cause: unknown,
  access: "read" | "write" = "write",
): NuaError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const problem = PROBLEMS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new NuaError("archive", `${attempt}: ${problem}: "${path}"`, {
    hint: (access === "read" ? READING_HINTS[code] : undefined) ?? writingHint(code, path),
    file: path,
    cause,
  });
}

// --- internal ---

/** A folder for what is temporary has another setting. */
function writingHint(code: string, path: string): string | undefined {
  const hint = HINTS[code];
  return isTemporary(path) ? hint?.replace("--output", "--build-dir") : hint;
}

const MAKE_ROOM = "make room there, or name another folder with --output";
const OTHER_FOLDER = "name another folder with --output";

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: MAKE_ROOM,
  EDQUOT: MAKE_ROOM,
  EFBIG: OTHER_FOLDER,
  EACCES: OTHER_FOLDER,
  EPERM: OTHER_FOLDER,
  EROFS: OTHER_FOLDER,
  ENOTDIR: OTHER_FOLDER,
  EIO: OTHER_FOLDER,
  ENAMETOOLONG: "name a file with a shorter name with --output",
  EISDIR: "name a file that is no folder",
  ENOENT: "make the folder, or name another with --output",
};

const READING_HINTS: Readonly<Record<string, string>> = {
  EACCES: "see that you may read it: ls -l shows who may",
  EPERM: "see that you may read it: ls -l shows who may",
  ENOENT: "check its name, and the folder that it is in",
};

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file system takes no file of that size",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EISDIR: "a folder is in the way",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of its path is no folder",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "a link is in the way",
  EIO: "the disk reports an error",
};
