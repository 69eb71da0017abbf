/**
 * Parses the central directory of a zip file. Source of the format: APPNOTE.TXT 6.3.10, 4.3.12 to
 * 4.3.16.
 */
import { type FileHandle, open } from "node:fs/promises";

export interface ZipEntry {
  /** As it is written there, up to its first zero byte. */
  name: string;
  /** Of the content when it is unpacked: what reads zip files gives out no more than that. */
  bytes: number;
  /** Of the content as it is in the file. */
  packedBytes: number;
  /** 0 where it is stored as it is, 8 where it is deflated; others are rare. */
  method: number;
  /** The system that it was made on: 0 and 10 are Windows, 3 is Unix. */
  system: number;
  /** What Unix writes as st_mode; 0 elsewhere. */
  mode: number;
  /** Of the header before its content, from the start of the file. */
  offset: number;
  isEncrypted: boolean;
}

/**
 * @param onEntry told each member; what it throws ends the reading
 * @returns false when it is no zip file; what is damaged in one is passed over
 */
export async function readZipDirectory(
  file: string,
  onEntry: (entry: ZipEntry) => void,
): Promise<boolean> {
  const handle = await open(file, "r");
  try {
    const size = (await handle.stat()).size;
    if (!ZIP_MAGIC.includes((await readAt(handle, 0, 4)).toString("latin1"))) return false;
    const place = await findDirectory(handle, size);
    if (place !== undefined) await readEntries(handle, place, onEntry);
    return true;
  } finally {
    await handle.close();
  }
}

/** Where the content of a member begins: after its own header. @throws Error for what is none */
export function zipContentOffset(header: Buffer, { offset }: Pick<ZipEntry, "offset">): number {
  if (header.length < LOCAL.bytes || header.readUInt32LE(0) !== LOCAL.magic) {
    throw new Error("its header is damaged");
  }
  return offset + LOCAL.bytes + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Bytes that {@link zipContentOffset} needs. */
export const ZIP_HEADER_BYTES = 30;

// --- internal ---

const ZIP_MAGIC: readonly string[] = ["PK\x03\x04", "PK\x05\x06"];
const LOCAL = { magic: 0x04034b50, bytes: ZIP_HEADER_BYTES } as const;
const ENTRY = { magic: 0x02014b50, bytes: 46 } as const;
const END = { magic: 0x06054b50, bytes: 22 } as const;
const END64 = { magic: 0x06064b50, bytes: 56, locator: 0x07064b50, locatorBytes: 20 } as const;
/** A comment comes after the end. */
const COMMENT_LIMIT = 0xffff;
/** In place of a number that does not fit. */
const ELSEWHERE = 0xffffffff;
const PIECE = 1024 * 1024;

interface Extent {
  begin: number;
  end: number;
  /** What stands before the archive: its offsets do not count that. */
  shift: number;
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

/** As readers do: from the end, since something may stand before the archive. */
async function findDirectory(handle: FileHandle, size: number): Promise<Extent | undefined> {
  const begin = Math.max(0, size - END.bytes - COMMENT_LIMIT);
  const tail = await readAt(handle, begin, size - begin);
  for (let at = tail.length - END.bytes; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END.magic) continue;
    const end = begin + at;
    const large = await findLargeDirectory(handle, end);
    return large ?? extent(end, tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16));
  }
  return undefined;
}

/** Zip64: its own end record, which a locator before the other one leads to. */
async function findLargeDirectory(handle: FileHandle, end: number): Promise<Extent | undefined> {
  const at = end - END64.locatorBytes - END64.bytes;
  if (at < 0) return undefined;
  const record = await readAt(handle, at, END64.bytes + END64.locatorBytes);
  if (record.length < END64.bytes + 4) return undefined;
  if (record.readUInt32LE(END64.bytes) !== END64.locator) return undefined;
  if (record.readUInt32LE(0) !== END64.magic) return undefined;
  return extent(at, Number(record.readBigUInt64LE(40)), Number(record.readBigUInt64LE(48)));
}

/** @param told where the directory says that it begins */
function extent(end: number, bytes: number, told: number): Extent {
  const begin = Math.max(0, end - bytes);
  return { begin, end, shift: begin - told };
}

async function readEntries(
  handle: FileHandle,
  { begin, end, shift }: Extent,
  onEntry: (entry: ZipEntry) => void,
): Promise<void> {
  let buffer = Buffer.alloc(0);
  for (let offset = begin; offset < end; ) {
    const piece = await readAt(handle, offset, Math.min(PIECE, end - offset));
    if (piece.length === 0) return;
    offset += piece.length;
    buffer = Buffer.concat([buffer, piece]);
    let at = 0;
    for (;;) {
      const length = entryLength(buffer, at);
      if (length === undefined) break;
      if (length === 0) return;
      onEntry(parseEntry(buffer.subarray(at, at + length), shift));
      at += length;
    }
    buffer = buffer.subarray(at);
  }
}

/** @returns undefined when it is not all there yet, 0 when there is none */
function entryLength(buffer: Buffer, at: number): number | undefined {
  if (buffer.length - at < ENTRY.bytes) return undefined;
  if (buffer.readUInt32LE(at) !== ENTRY.magic) return 0;
  const [name, extra, comment] = [28, 30, 32].map((field) => buffer.readUInt16LE(at + field));
  const length = ENTRY.bytes + name! + extra! + comment!;
  return buffer.length - at < length ? undefined : length;
}

function parseEntry(entry: Buffer, shift: number): ZipEntry {
  const flags = entry.readUInt16LE(8);
  const { bytes, packedBytes, offset } = entryNumbers(entry);
  return {
    name: entryName(entry, (flags & UTF8_FLAG) !== 0),
    ...{ bytes, packedBytes },
    method: entry.readUInt16LE(10),
    system: entry.readUInt8(5),
    mode: entry.readUInt16LE(40),
    offset: offset + shift,
    isEncrypted: (flags & ENCRYPTED_FLAG) !== 0,
  };
}

const UTF8_FLAG = 0x800;
const ENCRYPTED_FLAG = 1;

function entryName(entry: Buffer, isUtf8: boolean): string {
  const bytes = entry.subarray(ENTRY.bytes, ENTRY.bytes + entry.readUInt16LE(28));
  const name = isUtf8 ? bytes.toString("utf8") : decodeCp437(bytes);
  return name.split("\0", 1)[0]!;
}

/** What names are written in that do not say otherwise: APPNOTE.TXT, appendix D. */
function decodeCp437(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replace(/[\x80-\xff]/g, (byte) => CP437[byte.charCodeAt(0) - 0x80]!);
}

const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
  "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** Zip64's field has, in this order, those that do not fit in their place. */
function entryNumbers(entry: Buffer): { bytes: number; packedBytes: number; offset: number } {
  const numbers = {
    bytes: entry.readUInt32LE(24),
    packedBytes: entry.readUInt32LE(20),
    offset: entry.readUInt32LE(42),
  };
  const begin = ENTRY.bytes + entry.readUInt16LE(28);
  const extra = entry.subarray(begin, begin + entry.readUInt16LE(30));
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    for (const name of ["bytes", "packedBytes", "offset"] as const) {
      if (numbers[name] !== ELSEWHERE || next + 8 > extra.length) continue;
      numbers[name] = Number(extra.readBigUInt64LE(next));
      next += 8;
    }
    break;
  }
  return numbers;
}
