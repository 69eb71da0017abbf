/**
 * Recognizes nua-build's own output in an app's folder: archives, bundles, temporary files.
 *
 * They are no part of the app: with `-o .` each build would be larger than the last.
 */

import { closeSync, readSync } from "node:fs";
import { partPattern } from "../images/archive/parts.ts";
import { THIN_MEMBER } from "../images/archive/thin.ts";
import type { Place } from "../lib/byte-path.ts";
import { runOf } from "../runs/own-names.ts";
import { openRegular } from "./app-file.ts";
import { MEMBER } from "./bundle-members.ts";

/** The archives, checksums and parts in one folder, by name. */
export type OwnOutput = ReadonlySet<string>;

/**
 * @param names those in the folder
 * @param placeOf where each of them is
 */
export function findOwnOutput(
  names: readonly string[],
  placeOf: (name: string) => Place,
): OwnOutput {
  const found = new Set(names.filter((name) => runOf("part", name) !== undefined));
  for (const name of names) {
    if (!ARCHIVE_NAME.test(name) || !isOwnArchive(placeOf(name))) continue;
    found.add(name);
    const stem = name.replace(/\.001$/, "");
    found.add(`${stem}.sha256`);
    if (stem === name) continue;
    const isPart = partPattern(stem);
    for (const other of names) if (isPart.test(other)) found.add(other);
  }
  return found;
}

/** Bytes from which on files with other names are looked into: few files of apps are as large. */
export const LARGE_FILE_BYTES = 1024 * 1024;

/** Whether a file begins as an image archive or a bundle does that nua-build has written. */
export function isOwnArchive(place: Place): boolean {
  let head: Buffer;
  try {
    head = readHead(place);
  } catch {
    // Whoever takes it tells what is wrong with it.
    return false;
  }
  const plain = decompressHead(head);
  return isOwnHeader(plain.subarray(0, BLOCK), plain.subarray(BLOCK));
}

/** Whether that is the name of a folder in which a build works, or has worked. */
export function isBuildFolder(name: string): boolean {
  return runOf("folder", name) !== undefined;
}

// --- internal ---

const ARCHIVE_NAME = /\.(tar|nua|gz|zst|001)$/;

const BLOCK = 512;

function readHead(place: Place): Buffer {
  const { handle } = openRegular(place, { attempt: "Look into a file" });
  try {
    const buffer = Buffer.alloc(64 * 1024);
    return buffer.subarray(0, readSync(handle, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(handle);
  }
}

/** As much as the beginning of a compressed file gives. */
function decompressHead(head: Buffer): Buffer {
  let plain = head;
  try {
    for (const bytes of PIECES) {
      plain = decompressPiece(head.subarray(0, bytes));
      if (plain.length >= 2 * BLOCK) break;
    }
  } catch {
    // It is something else after all, or gives more than an archive does.
  }
  return plain;
}

function decompressPiece(piece: Buffer): Buffer {
  // Few folders hold such a file, and loading this takes as long as all else that `check` does.
  const { constants, gunzipSync, zstdDecompressSync } = process.getBuiltinModule("node:zlib");
  if (piece.readUInt16BE(0) === 0x1f8b) {
    return gunzipSync(piece, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST });
  }
  if (piece.readUInt32LE(0) === 0xfd2fb528) {
    const finishFlush = constants.ZSTD_e_flush;
    return zstdDecompressSync(piece, { finishFlush, maxOutputLength: MOST });
  }
  return piece;
}

/** Bytes of a file that are decompressed: more of them only where fewer do not give enough. */
const PIECES = [256, 4096, 64 * 1024];

/** Bytes that they may give: what zstd makes at most of the first piece. */
const MOST = 12 * 1024 * 1024;

/**
 * The first header of an image archive: a layer, named by its digest, of nobody and without a
 * time; of a bundle: the program, or the index. Both as nua-build writes them.
 */
function isOwnHeader(header: Buffer, rest: Buffer): boolean {
  if (header.length < BLOCK || header.toString("latin1", 257, 262) !== "ustar") return false;
  const field = (begin: number, length: number) =>
    header.toString("latin1", begin, begin + length).replace(/[\0 ]+$/, "");
  const number = (begin: number, length: number) => Number.parseInt(field(begin, length), 8);
  const name = field(0, 100);
  const isPlain = number(108, 8) === 0 && number(116, 8) === 0 && number(136, 12) === 0;
  if (!isPlain) return false;
  if (name === MEMBER.index || name === THIN_MEMBER) return true;
  if (name === MEMBER.binary) return rest.toString("latin1", 1, 4) === "ELF";
  return /^[0-9a-f]{64}\.tar$/.test(name) && number(100, 8) === 0o644;
}
