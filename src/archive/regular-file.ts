/** Files at names that anybody may have put something at: opened without following a link, or waiting. */
import { constants } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";

/** What tells that a file is the one that it was, in a form that can be stored. */
export interface FileIdentity {
  device: string;
  inode: string;
  bytes: string;
  /** Nanoseconds since 1970. */
  modified: string;
  /** The same of the last change of anything about it, which only the system's clock sets. */
  changed: string;
}

/** What is at a name itself, be it a link. */
export interface FoundFile {
  /** In words, such as `a named pipe`; null for a regular file. */
  special: string | null;
  /** Of its owner. */
  uid: number;
  identity: FileIdentity;
}

/** @returns undefined when nothing is there */
export async function findFile(path: string): Promise<FoundFile | undefined> {
  try {
    const stats = await lstat(path, { bigint: true });
    const special = SPECIAL.find(([method]) => stats[method]())?.[1] ?? null;
    return {
      special: stats.isFile() ? null : (special ?? "a device"),
      uid: Number(stats.uid),
      identity: identityOf(stats),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Opens a regular file for reading.
 * @param options.follow whether it may be a link to one
 * @throws an error of the file system; also for what is no regular file
 */
export async function openRegular(path: string, { follow = false } = {}): Promise<FileHandle> {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
  const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
  const handle = await open(path, flags);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error(`"${path}" is not a regular file`);
}

export async function identify(handle: FileHandle): Promise<FoundFile> {
  const stats = await handle.stat({ bigint: true });
  return { special: null, uid: Number(stats.uid), identity: identityOf(stats) };
}

export function isSameIdentity(one: FileIdentity, other: FileIdentity): boolean {
  return Object.entries(one).every(([key, value]) => other[key as keyof FileIdentity] === value);
}

// --- internal ---

const SPECIAL = [
  ["isSymbolicLink", "a link"],
  ["isDirectory", "a folder"],
  ["isFIFO", "a named pipe"],
  ["isSocket", "a socket"],
] as const;

function identityOf(stats: {
  dev: bigint;
  ino: bigint;
  size: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
}): FileIdentity {
  return {
    device: String(stats.dev),
    inode: String(stats.ino),
    bytes: String(stats.size),
    modified: String(stats.mtimeNs),
    changed: String(stats.ctimeNs),
  };
}
