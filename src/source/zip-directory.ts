/** What a zip file says that it holds. Source of the format: APPNOTE.TXT 6.3.10, 4.3.12 to 4.3.16. */
import { type FileHandle, open } from "node:fs/promises";

export interface ZipEntry {
  /** Of the content when it is unpacked: what reads zip files gives out no more than that. */
  bytes: number;
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

// --- internal ---

const ZIP_MAGIC: readonly string[] = ["PK\x03\x04", "PK\x05\x06"];
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
    return large ?? { begin: Math.max(0, end - tail.readUInt32LE(at + 12)), end };
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
  return { begin: Math.max(0, at - Number(record.readBigUInt64LE(40))), end: at };
}

async function readEntries(
  handle: FileHandle,
  { begin, end }: Extent,
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
      onEntry({ bytes: entryBytes(buffer.subarray(at, at + length)) });
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

function entryBytes(entry: Buffer): number {
  const bytes = entry.readUInt32LE(24);
  if (bytes !== ELSEWHERE) return bytes;
  const begin = ENTRY.bytes + entry.readUInt16LE(28);
  const extra = entry.subarray(begin, begin + entry.readUInt16LE(30));
  for (let at = 0; at + 12 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    // Zip64's field begins with the size, where that is elsewhere.
    if (extra.readUInt16LE(at) === 1) return Number(extra.readBigUInt64LE(at + 4));
  }
  return bytes;
}
