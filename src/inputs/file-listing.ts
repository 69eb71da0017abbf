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
  const { begin, end } = commonEnds(left, right);
  const readRest = (listing: string) => readListing(listing.slice(begin, listing.length - end));
  const before = readRest(left);
  const changed: string[] = [];
  for (const [path, stamp] of readRest(right)) {
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

/**
 * How long the whole lines are that two listings begin with, and end with, alike: of 100,000
 * files it is a few, most often, that have changed.
 */
function commonEnds(left: string, right: string): { begin: number; end: number } {
  const shorter = Math.min(left.length, right.length);
  let same = 0;
  while (same < shorter && left.charCodeAt(same) === right.charCodeAt(same)) same += 1;
  const begin = left.slice(0, same).lastIndexOf(END) + 1;
  let tail = 0;
  const isAlike = (at: number) => left.at(-at) === right.at(-at);
  while (tail < shorter - begin && isAlike(tail + 1)) tail += 1;
  const line = left.indexOf(END, left.length - tail);
  return { begin, end: line < 0 ? 0 : left.length - line - 1 };
}

function readListing(listing: string): Map<string, string> {
  const stamps = new Map<string, string>();
  for (const [line, , path] of listing.matchAll(LINE)) stamps.set(path!, line);
  return stamps;
}
