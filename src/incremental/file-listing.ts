/**
 * Pure: the files of a build with their digests, as one text. A text of 100,000 files is compared
 * and kept at a fraction of the memory that an object of as many keys takes.
 */

export interface FileFacts {
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970. */
  mtimeMs: number;
  mode: number;
  /** Of the content, or of what a link says; empty for a folder. Without spaces. */
  digest: string;
  /**
   * As long as it is the same, so is the content: see file-content.ts. Empty where nothing
   * promises that. Without spaces.
   */
  identity: string;
}

/** What is known of a file from an earlier look. */
export type KnownFile = Pick<FileFacts, "digest" | "identity"> & {
  /** Size, time and mode, as in the listing. */
  stamp: string;
};

/** @param path in the context; of a folder with a slash at its end */
export function listingLine(path: string, facts: FileFacts): string {
  return `${fileStamp(facts)} ${facts.digest || "-"} ${facts.identity || "-"} ${path}${END}`;
}

/** What builders compare of a file that they were sent before. */
export function fileStamp({ size, mtimeMs, mode }: Omit<FileFacts, "digest" | "identity">): string {
  return `${size} ${mtimeMs} ${(mode & 0o7777).toString(8)}`;
}

/**
 * Finds files in a listing, fastest in the listing's own order.
 * @returns what tells of a path; undefined for one that the listing has not
 */
export function listingReader(listing: string): (path: string) => KnownFile | undefined {
  const next = new RegExp(LINE.source, "y");
  let rest: Map<string, KnownFile> | undefined;
  return (path) => {
    if (rest !== undefined) return rest.get(path);
    const at = next.lastIndex;
    const line = next.exec(listing);
    if (line?.[4] === path) return knownFile(line);
    // Files have come or gone since.
    rest = readListing(listing.slice(at));
    return rest.get(path);
  };
}

/** The paths of the files that are not the same in two listings, or only in one of them. */
export function changedPaths(left: string, right: string): string[] {
  return compareListings(left, right).map(({ path }) => path);
}

/** Those that have changed although a builder that compares sizes and times would not see it. */
export function silentlyChangedPaths(left: string, right: string): string[] {
  return compareListings(left, right)
    .filter(({ before, now }) => before?.stamp === now?.stamp)
    .map(({ path }) => path);
}

// --- internal ---

/** No path has it in it. */
const END = "\0";

/** Its groups: stamp, digest, identity and path. */
const LINE = /(\d+ \S+ [0-7]+) (\S+) (\S+) ([^\0]*)\0/g;

interface FileChange {
  path: string;
  /** Undefined where it was not there. */
  before: KnownFile | undefined;
  now: KnownFile | undefined;
}

/** What one listing has and the other has not, or not with the same content, time and mode. */
function compareListings(left: string, right: string): FileChange[] {
  if (left === right) return [];
  const { begin, end } = commonEnds(left, right);
  const readRest = (listing: string) => readListing(listing.slice(begin, listing.length - end));
  const rest = readRest(left);
  const changes: FileChange[] = [];
  for (const [path, now] of readRest(right)) {
    const before = rest.get(path);
    rest.delete(path);
    const isSame = before?.stamp === now.stamp && before.digest === now.digest;
    if (!isSame) changes.push({ path, before, now });
  }
  for (const [path, before] of rest) changes.push({ path, before, now: undefined });
  return changes;
}

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

function readListing(listing: string): Map<string, KnownFile> {
  const files = new Map<string, KnownFile>();
  for (const line of listing.matchAll(LINE)) files.set(line[4]!, knownFile(line));
  return files;
}

function knownFile([, stamp, digest, identity]: RegExpExecArray): KnownFile {
  return { stamp: stamp!, digest: withoutDash(digest!), identity: withoutDash(identity!) };
}

function withoutDash(text: string): string {
  return text === "-" ? "" : text;
}
