/** Compresses what is written to a destination, in flat memory. */
import { once } from "node:events";
import type { Transform } from "node:stream";
import { constants, createGzip, createZstdCompress } from "node:zlib";
import type { Destination, Written } from "./destination.ts";

export interface WriteCompression {
  format: "gzip" | "zstd";
  /** 1 to 9 for gzip, 1 to 19 for zstd; undefined is the format's own choice. */
  level: number | undefined;
}

/** The same bytes give the same compressed bytes: neither name nor time is written. */
export class CompressedDestination implements Destination {
  readonly #inner: Destination;
  readonly #transform: Transform;
  readonly #pump: Promise<void>;
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
    this.#throwIfFailed();
    // A copy: the transform keeps it beyond the time for which the chunk is valid.
    if (this.#transform.write(Buffer.from(chunk))) return;
    await Promise.race([once(this.#transform, "drain"), this.#pump]).catch(() => {});
    this.#throwIfFailed();
  }

  async commit(): Promise<Written> {
    this.#transform.end();
    await this.#pump;
    this.#throwIfFailed();
    return this.#inner.commit();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#transform.destroy();
    await this.#pump;
    await this.#inner[Symbol.asyncDispose]();
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

function createTransform({ format, level }: WriteCompression): Transform {
  if (format === "gzip") return createGzip(level === undefined ? {} : { level });
  const params = level === undefined ? {} : { [constants.ZSTD_c_compressionLevel]: level };
  return createZstdCompress({ params });
}
