/**
 * Pure: the files of a build, as one text. A text of 100,000 files is compared and kept at a
 * fraction of the memory that an object of as many keys takes.
 */

export interface FileFacts {
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970. */
  mtimeMs: number;
  mode: number;
}

/** @param path in the context; of a folder with a slash at its end */
export function listingLine(path: string, { size, mtimeMs, mode }: FileFacts): string {
  return `${size} ${mtimeMs} ${(mode & 0o7777).toString(8)} ${path}${END}`;
}

/** When the newest file of a listing was changed, in milliseconds since 1970. */
export function newestTime(listing: string): number {
  let newest = 0;
  for (const [, time] of listing.matchAll(LINE)) newest = Math.max(newest, Number(time));
  return newest;
}

/** The paths of the lines that only one of two listings has. */
export function changedPaths(left: string, right: string): string[] {
  if (left === right) return [];
  const before = readListing(left);
  const changed: string[] = [];
  for (const [path, stamp] of readListing(right)) {
    if (before.get(path) !== stamp) changed.push(path);
    before.delete(path);
  }
  return [...changed, ...before.keys()];
}

// --- internal ---

/** No path has it in it. */
const END = "\0";

/** Its groups: time and path. */
const LINE = /\d+ (\S+) [0-7]+ ([^\0]*)\0/g;

function readListing(listing: string): Map<string, string> {
  const stamps = new Map<string, string>();
  for (const [line, , path] of listing.matchAll(LINE)) stamps.set(path!, line);
  return stamps;
}
