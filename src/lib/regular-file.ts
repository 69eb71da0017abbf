/** Opens untrusted paths only if they are regular files: follows no link, blocks on no pipe. */
import { type BigIntStats, constants, type Stats } from "node:fs";
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
    return {
      special: stats.isFile() ? null : kindOf(stats),
      uid: Number(stats.uid),
      identity: identityOf(stats),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * For open(2): a pipe is not waited for, and no terminal becomes this process's own.
 * @param options.follow whether it may be a link to a file
 */
export function readFlags({ follow = false } = {}): number {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
  return O_RDONLY | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
}

/**
 * Opens a regular file for reading.
 * @throws an error of the file system; also for what is no regular file
 */
export async function openRegular(
  path: string | Buffer,
  options: { follow?: boolean } = {},
): Promise<FileHandle> {
  const handle = await open(path, readFlags(options));
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error(`"${path}" is not a regular file`);
}

/** What stands in the place of a file, in words. */
export function kindOf(info: Stats | BigIntStats): string {
  if (info.isFIFO()) return "a named pipe";
  if (info.isSocket()) return "a socket";
  if (info.isCharacterDevice() || info.isBlockDevice()) return "a device";
  if (info.isDirectory()) return "a folder";
  return info.isSymbolicLink() ? "a link" : "a file";
}

export async function identify(handle: FileHandle): Promise<FoundFile> {
  const stats = await handle.stat({ bigint: true });
  return { special: null, uid: Number(stats.uid), identity: identityOf(stats) };
}

export function isSameIdentity(one: FileIdentity, other: FileIdentity): boolean {
  return Object.entries(one).every(([key, value]) => other[key as keyof FileIdentity] === value);
}

// --- internal ---

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
