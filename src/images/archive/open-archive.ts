/** Opens an archive file, compressed or not, as a stream of tar bytes. */
import { open } from "node:fs/promises";
import { archiveError } from "../../lib/archive-error.ts";
import { CommandError } from "../../lib/errors.ts";
import { fileChunks } from "../../lib/input-file.ts";
import { streamProgram } from "../../lib/process.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import {
  ARCHIVE_EXPANSION,
  type Compression,
  decompress,
  detectCompression,
  limitExpansion,
  MAGIC_BYTES,
} from "./compression.ts";
import { diskError } from "./disk.ts";
import { findParts } from "./parts.ts";

export interface OpenedArchive {
  compression: Compression | undefined;
  /** Of the tar stream; unknown when it is compressed. */
  totalBytes: number | undefined;
  chunks: ByteChunks;
}

/**
 * @param file an archive, or what its parts are named after
 * @param attempt for messages, such as `Read archive "app.tar"`
 * @throws NuaError (archive) when the file cannot be read, is of an unknown compression, or in
 *   parts of which one is missing
 */
export async function openArchive(file: string, attempt: string): Promise<OpenedArchive> {
  const parts = await findParts(file, attempt);
  const [first = file] = parts;
  const { head, bytes } = await readHead(first).catch((cause: unknown) => {
    throw diskError(attempt, first, cause, "read");
  });
  if (bytes === 0) throw archiveError({ attempt }, "the file has no bytes");
  const compression = detectCompression(head);
  const chunks = joinedChunks(parts);
  if (compression !== undefined) {
    return { compression, totalBytes: undefined, chunks: plain(chunks, compression, attempt) };
  }
  return { compression, totalBytes: parts.length === 1 ? bytes : undefined, chunks };
}

// --- internal ---

async function readHead(file: string): Promise<{ head: Uint8Array; bytes: number }> {
  const handle = await open(file, "r");
  try {
    const head = new Uint8Array(MAGIC_BYTES);
    await handle.read(head, 0, MAGIC_BYTES, 0);
    return { head, bytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

async function* joinedChunks(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files) yield* fileChunks(file);
}

function plain(chunks: ByteChunks, compression: Compression, attempt: string): ByteChunks {
  if (compression === "gzip" || compression === "zstd") {
    return decompress(chunks, compression, { attempt }, ARCHIVE_EXPANSION);
  }
  if (compression === "xz") return decompressXz(chunks, attempt);
  throw archiveError({ attempt }, `archives compressed by ${compression} are not supported`, {
    hint: "decompress the file first",
  });
}

/** Node has no xz: the program does it. Without its limit, a header of a few bytes takes gigabytes. */
const XZ = ["xz", "--decompress", "--stdout", "--memlimit-decompress=256MiB"];

async function* decompressXz(chunks: ByteChunks, attempt: string): AsyncGenerator<Uint8Array> {
  let read = 0;
  const limit = { place: { attempt }, expansion: ARCHIVE_EXPANSION };
  async function* counted() {
    for await (const chunk of chunks) {
      read += chunk.length;
      yield chunk;
    }
  }
  try {
    yield* limitExpansion(streamProgram(XZ, { stdin: counted() }), () => read, limit);
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const isMissing = cause.exitCode === null;
    const problem = isMissing ? 'the program "xz" is needed for it' : "its xz stream is damaged";
    const hint = isMissing ? "install xz-utils, or decompress the file first" : undefined;
    throw archiveError({ attempt }, problem, { hint, cause });
  }
}
