/** Blobs of a bundle: chooses compression, and writes them. */
import { open } from "node:fs/promises";
import { CompressedDestination } from "../../images/archive/compress.ts";
import { detectCompression } from "../../images/archive/compression.ts";
import { diskError } from "../../images/archive/disk.ts";
import { archiveError } from "../../lib/archive-error.ts";
import { fileChunks } from "../../lib/input-file.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";

/** Where the content of a blob is. */
export interface BlobFile {
  file: string;
  /** Of the uncompressed content. */
  bytes: number;
  /** That the file is compressed already; its content was verified when that was done. */
  compression?: "zstd";
}

/** How a blob is to stand in the bundle. */
export interface StoredForm {
  bytes: number;
  compression: "none" | "zstd";
}

/** A blob, for a message. */
export interface BlobPlace {
  sha256: string;
  /** Such as `Write bundle "app.nua"`. */
  attempt: string;
}

/**
 * Compresses it to see what that gives, and verifies it on the way; of one that is compressed
 * already, the first bytes tell.
 * @throws NuaError (archive) when the file cannot be read, or holds something else
 */
export async function chooseForm(blob: BlobFile, place: BlobPlace): Promise<StoredForm> {
  const head = await readHead(blob.file, place);
  if (blob.compression === "zstd") return { bytes: head.fileBytes, compression: "zstd" };
  if (blob.bytes < SMALLEST || isCompressed(head.bytes)) {
    return { bytes: blob.bytes, compression: "none" };
  }
  let bytes = 0;
  await compressTo(verified(blob, place), async (chunk) => {
    bytes += chunk.length;
  });
  const isWorthwhile = bytes <= blob.bytes * WORTHWHILE;
  return isWorthwhile ? { bytes, compression: "zstd" } : { bytes: blob.bytes, compression: "none" };
}

/**
 * Its bytes as they are stored.
 * @throws NuaError (archive) when the file cannot be read, or holds something else
 */
export async function writeBlob(
  blob: BlobFile,
  form: StoredForm,
  place: BlobPlace,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  let written = 0;
  const take = async (chunk: Uint8Array) => {
    written += chunk.length;
    await write(chunk);
  };
  if (blob.compression === "zstd") {
    for await (const chunk of fileChunks(blob.file)) await take(chunk);
  } else if (form.compression === "zstd") {
    await compressTo(verified(blob, place), take);
  } else {
    for await (const chunk of verified(blob, place)) await take(chunk);
  }
  if (written !== form.bytes) throw changed(place);
}

/** The same bytes for the same content. */
export async function compressTo(
  source: ByteChunks,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const inner = {
    write,
    commit: () => Promise.resolve({ bytes: 0, sha256: "", parts: [] }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await using compressed = new CompressedDestination(inner, { format: "zstd", level: LEVEL });
  for await (const chunk of source) await compressed.write(chunk);
  await compressed.commit();
}

// --- internal ---

/** Of the levels that do not slow a build down noticeably, the one with the smallest layers. */
const LEVEL = 6;

/** Of smaller ones a tar header is most. */
const SMALLEST = 512;

/** What is saved has to be worth the time of unpacking it. */
const WORTHWHILE = 0.95;

/** Of zip (wheels) and ar (Debian packages), whose contents are compressed. */
const PACKED = ["504b0304", "213c617263683e0a"];

function isCompressed(head: Uint8Array): boolean {
  const hex = Buffer.from(head).toString("hex");
  return detectCompression(head) !== undefined || PACKED.some((magic) => hex.startsWith(magic));
}

async function readHead(file: string, { attempt }: BlobPlace) {
  try {
    const handle = await open(file, "r");
    try {
      const bytes = new Uint8Array(8);
      await handle.read(bytes, 0, bytes.length, 0);
      return { bytes, fileBytes: (await handle.stat()).size };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw diskError(attempt, file, cause);
  }
}

async function* verified({ file, bytes }: BlobFile, place: BlobPlace): AsyncGenerator<Uint8Array> {
  const hasher = new Bun.CryptoHasher("sha256");
  let read = 0;
  for await (const chunk of fileChunks(file)) {
    hasher.update(chunk);
    read += chunk.length;
    yield chunk;
  }
  if (read !== bytes || hasher.digest("hex") !== place.sha256) throw changed(place);
}

function changed({ attempt, sha256 }: BlobPlace) {
  return archiveError({ attempt }, `what was kept as ${sha256} is something else by now`, {
    hint: "begin again; see that nothing else changes the folder for temporary files",
  });
}
