/** Writes an archive to a stream: standard output, or the input of `docker load`. */
import type { Writable } from "node:stream";
import type { Destination, Written } from "./destination.ts";

export class StreamDestination implements Destination {
  readonly #stream: Writable;
  readonly #hasher = new Bun.CryptoHasher("sha256");
  #bytes = 0;
  #failure: { error: unknown } | undefined;
  /** Called when the stream takes more, or never will. */
  #wake: () => void = () => {};

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("drain", () => this.#wake());
    stream.on("close", () => this.#wake());
    stream.on("error", (error) => {
      this.#failure ??= { error };
      this.#wake();
    });
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#throwIfFailed();
    this.#hasher.update(chunk);
    this.#bytes += chunk.length;
    // A copy: the stream keeps it beyond the time for which the chunk is valid.
    if (!this.#stream.write(Buffer.from(chunk)) && !this.#stream.destroyed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#throwIfFailed();
  }

  async commit(): Promise<Written> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#stream.end(resolve);
    });
    this.#throwIfFailed();
    return { bytes: this.#bytes, sha256: this.#hasher.digest("hex"), parts: [] };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
