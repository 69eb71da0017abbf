/** Compresses what is written to a destination, in flat memory. */
import { once } from "node:events";
import type { Transform } from "node:stream";
import { constants, createGzip, createZstdCompress } from "node:zlib";
import type { Destination, WriteCompression, Written } from "./destination.ts";

/**
 * The same bytes give the same compressed bytes: neither name nor time is written, and the
 * compressor gets pieces of one size, however the bytes come, since where a piece ends shows in
 * what it writes.
 */
export class CompressedDestination implements Destination {
  readonly #inner: Destination;
  readonly #transform: Transform;
  readonly #pump: Promise<void>;
  #piece = Buffer.allocUnsafe(PIECE_BYTES);
  #filled = 0;
  #failure: { error: unknown } | undefined;

  constructor(inner: Destination, compression: WriteCompression) {
    this.#inner = inner;
    this.#transform = createTransform(compression);
    this.#pump = this.#run().catch((error: unknown) => {
      this.#failure = { error };
      this.#transform.destroy();
    });
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let begin = 0; begin < chunk.length; ) {
      const part = chunk.subarray(begin, begin + PIECE_BYTES - this.#filled);
      this.#piece.set(part, this.#filled);
      this.#filled += part.length;
      begin += part.length;
      if (this.#filled === PIECE_BYTES) await this.#compressPiece();
    }
  }

  async commit(): Promise<Written> {
    this.#throwIfFailed();
    this.#transform.end(this.#piece.subarray(0, this.#filled));
    await this.#pump;
    this.#throwIfFailed();
    return this.#inner.commit();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#transform.destroy();
    await this.#pump;
    await this.#inner[Symbol.asyncDispose]();
  }

  async #compressPiece(): Promise<void> {
    this.#throwIfFailed();
    const piece = this.#piece;
    // Another one each time: the transform keeps what it got for as long as it likes.
    this.#piece = Buffer.allocUnsafe(PIECE_BYTES);
    this.#filled = 0;
    if (this.#transform.write(piece)) return;
    await Promise.race([once(this.#transform, "drain"), this.#pump]).catch(() => {});
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }

  async #run(): Promise<void> {
    for await (const chunk of this.#transform as AsyncIterable<Uint8Array>) {
      await this.#inner.write(chunk);
    }
  }
}

// --- internal ---

const PIECE_BYTES = 256 * 1024;

function createTransform({ format, level }: WriteCompression): Transform {
  if (format === "gzip") return createGzip(level === undefined ? {} : { level });
  const params = level === undefined ? {} : { [constants.ZSTD_c_compressionLevel]: level };
  return createZstdCompress({ params });
}
