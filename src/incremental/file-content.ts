/**
 * Digests the files of a build; unchanged ones are not read again where the file system is
 * reliable.
 */
import {
  closeSync,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
} from "node:fs";
import type { Place } from "../lib/byte-path.ts";
import { CLOCK_TICK, LOCAL_FILE_SYSTEMS } from "../lib/local-file-systems.ts";
import { readFlags } from "../lib/regular-file.ts";
import { type FileFacts, fileStamp, type KnownFile } from "./file-listing.ts";

type FindKnown = (path: string) => KnownFile | undefined;

/** Tells of each file what its content is. */
export interface ContentReader {
  /**
   * @param path in the listing
   * @param from where it is
   * @param info of it, without following a link
   */
  file(path: string, from: Place, info: Stats): FileFacts;
  /**
   * The same for one of more than {@link LARGE_BYTES}: signals are heard meanwhile.
   * @throws the signal's reason
   */
  largeFile(path: string, from: Place, info: Stats, signal: AbortSignal): Promise<FileFacts>;
  link(from: Place, info: Stats): FileFacts;
}

/** From there on reading a file takes so long that somebody may not want to wait. */
export const LARGE_BYTES = 64 * 1024 * 1024;

/** @param known what an earlier look has found: its files are read only if they may have changed */
export function contentReader(known: FindKnown): ContentReader {
  const trusted = new Map<number, boolean>();
  const isTrusted = (dev: number, from: Place): boolean => {
    const before = trusted.get(dev);
    if (before !== undefined) return before;
    const is = LOCAL_FILE_SYSTEMS.has(fileSystemOf(from));
    trusted.set(dev, is);
    return is;
  };
  function* facts(path: string, from: Place, info: Stats): Generator<void, FileFacts, void> {
    const { size, mtimeMs, mode } = info;
    const before = known(path);
    const identity = isTrusted(info.dev, from) ? identityOf(info) : "";
    const isSame =
      identity !== "" && before?.identity === identity && before.stamp === fileStamp(info);
    if (isSame) return { size, mtimeMs, mode, identity, digest: before.digest };
    const read = yield* readContent(from);
    const isSettled = read.identity === identity && info.ctimeMs < Date.now() - CLOCK_TICK;
    return { size, mtimeMs, mode, digest: read.digest, identity: isSettled ? identity : "" };
  }
  return {
    file(path, from, info) {
      const reading = facts(path, from, info);
      for (;;) {
        const { done, value } = reading.next();
        if (done) return value;
      }
    },
    async largeFile(path, from, info, signal) {
      const reading = facts(path, from, info);
      try {
        for (;;) {
          const { done, value } = reading.next();
          if (done) return value;
          await new Promise((resolve) => setImmediate(resolve));
          signal.throwIfAborted();
        }
      } finally {
        reading.return(undefined as never);
      }
    },
    link(from, { size, mtimeMs, mode }) {
      const digest = hash().update(readlinkSync(from, "buffer")).digest("base64url");
      return { size, mtimeMs, mode, digest, identity: "" };
    },
  };
}

// --- internal ---

/** Bytes that are read at once. */
const BUFFER_BYTES = 256 * 1024;

/** Of those bytes, between two pauses: some hundredths of a second. */
const PIECES_A_TURN = 64;

let buffer: Uint8Array | undefined;

/** A number that none has where the file is gone. */
function fileSystemOf(file: Place): number {
  try {
    return statfsSync(file).type;
  } catch {
    return 0;
  }
}

function hash(): Bun.CryptoHasher {
  return new Bun.CryptoHasher("sha256");
}

function identityOf({ dev, ino, ctimeMs }: Stats): string {
  return `${dev}.${ino}.${ctimeMs}`;
}

/**
 * Neither follows a link nor waits at a pipe that has come in the file's place. Pauses now and then.
 * @returns a digest that no other look will find where the file cannot be read
 */
function* readContent(from: Place): Generator<void, Pick<FileFacts, "digest" | "identity">, void> {
  let file: number | undefined;
  try {
    file = openSync(from, readFlags());
    const digest = hash();
    buffer ??= new Uint8Array(BUFFER_BYTES);
    for (let pieces = 1; ; pieces += 1) {
      const bytes = readSync(file, buffer, 0, buffer.length, null);
      if (bytes === 0) break;
      digest.update(buffer.subarray(0, bytes));
      if (pieces % PIECES_A_TURN === 0) yield;
    }
    return { digest: digest.digest("base64url"), identity: identityOf(fstatSync(file)) };
  } catch {
    return { digest: `unread-${crypto.randomUUID()}`, identity: "" };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
