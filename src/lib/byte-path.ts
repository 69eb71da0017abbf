/**
 * Paths as bytes: names of files need not be UTF-8.
 *
 * As text, each byte that is none stands for itself as a lone
 * surrogate, U+DC80 to U+DCFF, as in Python ("surrogateescape", PEP 383): nothing is lost, and
 * names that differ stay different.
 */
import { readdirSync } from "node:fs";

/** What the file system takes: text, or the bytes of a path that is not UTF-8. */
export type Place = string | Buffer;

/** @param path as text; see above */
export function toPlace(path: string): Place {
  return path.isWellFormed() ? path : Buffer.concat([...escapedParts(path)]);
}

/** The path as text, for bytes of the file system. */
export function fromBytes(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (!text.includes(REPLACEMENT) || Buffer.from(text, "utf8").equals(bytes)) return text;
  let decoded = "";
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    decoded +=
      length === 0
        ? String.fromCharCode(FIRST + bytes[at]!)
        : bytes.toString("utf8", at, at + length);
    at += length || 1;
  }
  return decoded;
}

/** The names in a folder, as text. */
export function namesIn(folder: Place): string[] {
  const names = readdirSync(folder);
  // Only where there may be one that is not UTF-8: buffers take several times longer.
  if (!names.some((name) => name.includes(REPLACEMENT))) return names;
  return readdirSync(folder, { encoding: "buffer" }).map((name) => fromBytes(name));
}

/** A path below another; the runtime's own function would change names that are no text. */
export function joinPath(folder: string, path: string): string {
  if (folder === "" || path === "") return folder || path;
  return folder.endsWith("/") ? folder + path : `${folder}/${path}`;
}

/** The folder that a relative path is in; empty at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** For a person: bytes that are no text as `\xff`. */
export function showPath(path: string): string {
  if (path.isWellFormed()) return path;
  return path.replace(/[\uDC80-\uDCFF]/g, (byte) =>
    isLone(byte) ? `\\x${(byte.charCodeAt(0) - FIRST).toString(16)}` : byte,
  );
}

// --- internal ---

const REPLACEMENT = "\uFFFD";
const FIRST = 0xdc00;

function isLone(character: string): boolean {
  return !character.isWellFormed();
}

function* escapedParts(path: string): Generator<Buffer> {
  // Pairs of surrogates are single characters here.
  for (const character of path) {
    yield isLone(character)
      ? Buffer.from([character.charCodeAt(0) - FIRST])
      : Buffer.from(character, "utf8");
  }
}

/** How many bytes of a character begin here; 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  for (const length of [2, 3, 4]) {
    if (at + length > bytes.length) return 0;
    const text = bytes.toString("utf8", at, at + length);
    if (Buffer.byteLength(text) !== length) continue;
    const isWhole = Buffer.from(text).equals(bytes.subarray(at, at + length));
    if (isWhole && [...text].length === 1) return length;
  }
  return 0;
}
