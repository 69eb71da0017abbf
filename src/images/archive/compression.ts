/** Recognizes compressed streams by their first bytes, and decompresses them in flat memory. */
import { once } from "node:events";
import type { Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { type ArchivePlace, archiveError } from "../../lib/archive-error.ts";
import { NuaError } from "../../lib/errors.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { UnpackLimitError } from "./unpack-limits.ts";

export type Compression = keyof typeof MAGIC;

/** How many first bytes {@link detectCompression} needs. */
export const MAGIC_BYTES = 6;

/** @returns undefined when the bytes begin no compressed stream */
export function detectCompression(head: Uint8Array): Compression | undefined {
  const hex = Buffer.from(head.subarray(0, MAGIC_BYTES)).toString("hex");
  return FORMATS.find((format) => hex.startsWith(MAGIC[format]));
}

/**
 * Decompresses gzip (of any number of members) or zstd (of any number of frames).
 * @throws NuaError (archive) when the stream is damaged, cut short, or a bomb
 * @throws whatever the source throws
 */
export async function* decompress(
  source: ByteChunks,
  format: "gzip" | "zstd",
  place: ArchivePlace,
  expansion: Expansion = LAYER_EXPANSION,
): AsyncGenerator<Uint8Array, void, undefined> {
  const transform: Transform = DECOMPRESSORS[format]({ chunkSize: 256 * 1024 });
  const stopFeeding = new AbortController();
  const feed = new Feed(source, transform, stopFeeding.signal);
  try {
    yield* limitExpansion(transform as AsyncIterable<Uint8Array>, () => feed.bytes, {
      place,
      expansion,
    });
  } catch (error) {
    if (feed.failure) throw feed.failure.error;
    if (error instanceof NuaError) throw error;
    const problem = `its ${format} stream is damaged or cut short`;
    throw archiveError(place, problem, { cause: error });
  } finally {
    stopFeeding.abort();
    transform.destroy();
    await feed.ended;
  }
}

/** How much more than its compressed bytes something may be: `bytes` and `ratio` times as many. */
export interface Expansion {
  bytes: number;
  ratio: number;
}

/**
 * A layer may hold a file of zeros, such as a database that was laid out beforehand. Deflate
 * cannot do better than 1:1032; zstd and xz can, but no content is that empty.
 */
export const LAYER_EXPANSION: Expansion = { bytes: 1024 ** 3, ratio: 1100 };

/** Of a whole archive, which has much else beside such a file. */
export const ARCHIVE_EXPANSION: Expansion = { bytes: 256 * 1024 ** 2, ratio: 200 };

/**
 * Passes on what is decompressed.
 * @param read how many compressed bytes that has taken so far
 * @throws UnpackLimitError (archive) when it is too much for that
 */
export async function* limitExpansion(
  plain: ByteChunks,
  read: () => number,
  { place, expansion }: { place: ArchivePlace; expansion: Expansion },
): AsyncGenerator<Uint8Array, void, undefined> {
  let written = 0;
  for await (const chunk of plain) {
    written += chunk.length;
    if (written > expansion.bytes + expansion.ratio * read()) {
      const { message } = archiveError(place, "it is a decompression bomb");
      const hint = "if you trust it, decompress it first";
      throw new UnpackLimitError("archive", message, { hint });
    }
    yield chunk;
  }
}

// --- internal ---

const MAGIC = {
  gzip: "1f8b",
  zstd: "28b52ffd",
  xz: "fd377a585a00",
  bzip2: "425a68",
} as const;

const FORMATS = Object.keys(MAGIC) as (keyof typeof MAGIC)[];

const DECOMPRESSORS = { gzip: createGunzip, zstd: createZstdDecompress } as const;

/**
 * Writes a source into a transform, at the pace of whoever reads the transform. By hand, since
 * a node pipeline would go on reading the source after its reader has turned to other things.
 */
class Feed {
  bytes = 0;
  failure: { error: unknown } | undefined;
  /** Resolves, never rejects, when the source will not be read any more. */
  readonly ended: Promise<void>;

  constructor(source: ByteChunks, transform: Transform, stop: AbortSignal) {
    this.ended = this.#run(source, transform, stop).catch((error: unknown) => {
      if (stop.aborted) return;
      this.failure = { error };
      transform.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async #run(source: ByteChunks, transform: Transform, stop: AbortSignal): Promise<void> {
    for await (const chunk of source) {
      if (stop.aborted || transform.destroyed) return;
      this.bytes += chunk.length;
      // A copy: the transform keeps it beyond the time for which the chunk is valid.
      const hasRoom = transform.write(Buffer.from(chunk));
      if (!hasRoom) await once(transform, "drain", { signal: stop });
    }
    transform.end();
  }
}
