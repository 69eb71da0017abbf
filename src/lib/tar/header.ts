/**
 * The 512-byte header of a tar member: pure functions between bytes and data.
 *
 * Source of the formats: POSIX.1-2017 "pax" (ustar, octal fields), GNU tar manual "Basic Tar
 * Format" (base-256 numbers, long names). Our own parser, because nanotar holds a whole archive
 * in memory and cuts names at 100 bytes; an image has gigabytes.
 */

export const TAR_BLOCK = 512;

export interface TarHeader {
  name: string;
  /** Bytes of content that follow, without the padding. */
  size: number;
  /** The type flag as a character: "0" file, "2" symbolic link, "5" directory, "x" pax… */
  type: string;
  /** The target of a link; empty for anything else. */
  linkName: string;
  /** Permissions, with set-user-id, set-group-id and sticky bit. */
  mode: number;
  uid: number;
  gid: number;
  /** Seconds since 1970. */
  mtime: number;
  /** Of a device: major and minor number. */
  device: [number, number];
}

/** Bytes that are not a tar header; the message says what is wrong with them. */
export class TarFormatError extends Error {
  override readonly name = "TarFormatError";
}

/** @throws TarFormatError when the block is not a header, or its checksum is wrong */
export function parseTarHeader(block: Uint8Array): TarHeader {
  verifyChecksum(block);
  const isUstar = latin1(block, FIELD.magic).startsWith("ustar");
  // Between "ustar" and "00" GNU writes spaces, and has its own fields where the prefix is.
  const hasPrefix = isUstar && latin1(block, FIELD.magic)[5] !== " ";
  const prefix = hasPrefix ? text(block, FIELD.prefix) : "";
  const name = text(block, FIELD.name);
  const flag = String.fromCharCode(block[FIELD.type[0]] ?? 0);
  const isOldDirectory = flag === "\0" && name.endsWith("/");
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: parseTarNumber(slice(block, FIELD.size)),
    type: isOldDirectory ? "5" : flag === "\0" || flag === "7" ? "0" : flag,
    linkName: text(block, FIELD.linkName),
    mode: parseTarNumber(slice(block, FIELD.mode)) & 0o7777,
    uid: parseTarNumber(slice(block, FIELD.uid)),
    gid: parseTarNumber(slice(block, FIELD.gid)),
    mtime: parseTime(slice(block, FIELD.mtime)),
    device: [deviceNumber(block, flag, FIELD.major), deviceNumber(block, flag, FIELD.minor)],
  };
}

/** What a header says when nothing else is asked for: a file that is the same at any time. */
const PLAIN_HEADER = { type: "0", linkName: "", mode: 0o644, uid: 0, gid: 0, mtime: 0 } as const;

/**
 * The ustar header of a member; by default of a regular file with mode 0644, owner 0, time 0.
 * Numbers that octal digits cannot hold, such as a size from 8 GiB on, are written in base 256,
 * which every reader of image archives (Go's archive/tar, Python's tarfile, GNU tar) understands.
 * @throws TarFormatError when a name has more than 100 bytes
 */
export function encodeTarHeader(
  member: Pick<TarHeader, "name" | "size"> & Partial<TarHeader>,
): Uint8Array {
  const header = { ...PLAIN_HEADER, ...member };
  if (header.name === "") throw new TarFormatError("the empty name does not fit into a header");
  const block = new Uint8Array(TAR_BLOCK);
  putName(block, FIELD.name, header.name);
  putName(block, FIELD.linkName, header.linkName);
  putNumber(block, FIELD.mode, header.mode);
  putNumber(block, FIELD.uid, header.uid);
  putNumber(block, FIELD.gid, header.gid);
  putNumber(block, FIELD.size, header.size);
  putNumber(block, FIELD.mtime, header.mtime);
  put(block, FIELD.type, header.type);
  put(block, FIELD.magic, "ustar\x0000");
  if (isDevice(header.type)) {
    putNumber(block, FIELD.major, header.device?.[0] ?? 0);
    putNumber(block, FIELD.minor, header.device?.[1] ?? 0);
  }
  put(block, FIELD.checksum, `${checksums(block).unsigned.toString(8).padStart(6, "0")}\0 `);
  return block;
}

/** Whether a name can stand in a header, without an extended one before it. */
export function fitsInHeader(name: string): boolean {
  // Beyond ASCII, readers do not agree on what the bytes of a plain header mean.
  return name.length <= FIELD.name[1] && Buffer.byteLength(name) === name.length;
}

/** How many zero bytes follow a content of that size. */
export function tarPadding(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
}

/**
 * A number field: octal digits, or base 256 when the first bit is set.
 * @throws TarFormatError when it is neither, negative, or more than can be counted exactly
 */
export function parseTarNumber(field: Uint8Array): number {
  if ((field[0]! & 0x80) !== 0) return parseBase256(field);
  let value = 0;
  let at = 0;
  while (at < field.length && isFiller(field[at]!)) at += 1;
  for (; at < field.length && !isFiller(field[at]!); at += 1) {
    const digit = field[at]! - 0x30;
    if (digit < 0 || digit > 7) throw new TarFormatError("a number in its header is not octal");
    value = value * 8 + digit;
  }
  return value;
}

/** Whether a block can begin a tar archive: a header with a right checksum, or the empty end. */
export function looksLikeTar(head: Uint8Array): boolean {
  if (head.length < TAR_BLOCK) return false;
  const block = head.subarray(0, TAR_BLOCK);
  return isZeroBlock(block) || isChecksumRight(block);
}

export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

// --- internal ---

/** A space or a zero byte, around the digits of a number. */
function isFiller(byte: number): boolean {
  return byte === 0x20 || byte === 0;
}

/** Offset and length of each field. */
const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  linkName: [157, 100],
  magic: [257, 8],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const satisfies Record<string, readonly [number, number]>;

type Field = (typeof FIELD)[keyof typeof FIELD];

function slice(block: Uint8Array, [offset, length]: Field): Uint8Array {
  return block.subarray(offset, offset + length);
}

function latin1(block: Uint8Array, field: Field): string {
  return String.fromCharCode(...slice(block, field));
}

function text(block: Uint8Array, field: Field): string {
  const bytes = slice(block, field);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function put(block: Uint8Array, [offset]: Field, value: string): void {
  new TextEncoder().encodeInto(value, block.subarray(offset));
}

function putName(block: Uint8Array, field: Field, name: string): void {
  if (Buffer.byteLength(name) > field[1]) {
    throw new TarFormatError(`the name "${name}" does not fit into ${field[1]} bytes`);
  }
  put(block, field, name);
}

function putNumber(block: Uint8Array, field: Field, value: number): void {
  const [offset, length] = field;
  const digits = length - 1;
  if (value < 8 ** digits) {
    put(block, field, `${value.toString(8).padStart(digits, "0")}\0`);
    return;
  }
  const view = new DataView(block.buffer, offset, length);
  view.setBigUint64(length - 8, BigInt(value));
  view.setUint8(0, 0x80);
}

/** A time before 1970, or one that no header can tell, says nothing. */
function parseTime(field: Uint8Array): number {
  try {
    return parseTarNumber(field);
  } catch {
    return 0;
  }
}

function isDevice(type: string): boolean {
  return type === "3" || type === "4";
}

function deviceNumber(block: Uint8Array, type: string, field: Field): number {
  return isDevice(type) ? parseTarNumber(slice(block, field)) : 0;
}

function parseBase256(field: Uint8Array): number {
  if (field[0] !== 0x80)
    throw new TarFormatError("a number in its header is negative or too large");
  let value = 0;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  if (!Number.isSafeInteger(value)) throw new TarFormatError("a number in its header is too large");
  return value;
}

function verifyChecksum(block: Uint8Array): void {
  if (!isChecksumRight(block)) throw new TarFormatError("it has no tar header, or a damaged one");
}

function isChecksumRight(block: Uint8Array): boolean {
  let recorded: number;
  try {
    recorded = parseTarNumber(slice(block, FIELD.checksum));
  } catch {
    return false;
  }
  const { unsigned, signed } = checksums(block);
  return recorded === unsigned || recorded === signed;
}

/** Both sums of a header: some old programs added the bytes as signed ones. */
function checksums(block: Uint8Array): { unsigned: number; signed: number } {
  const [begin, length] = FIELD.checksum;
  let unsigned = length * 0x20;
  let high = 0;
  for (let index = 0; index < TAR_BLOCK; index += 1) {
    if (index >= begin && index < begin + length) continue;
    const byte = block[index]!;
    unsigned += byte;
    if (byte > 127) high += 1;
  }
  return { unsigned, signed: unsigned - 256 * high };
}
