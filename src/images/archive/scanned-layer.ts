/**
 * A layer while its archive is being read: its content, decompressed, and its digest at the end.
 */
import { type ArchivePlace, archiveError } from "../../lib/archive-error.ts";
import { digestInName } from "../../lib/digest.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { type Compression, decompress } from "./compression.ts";

export interface LayerSource {
  name: string;
  member: { offset: number; size: number };
  /** As stored. */
  content: ByteChunks;
  compression: Compression | undefined;
  place: ArchivePlace;
}

export class ScannedLayer {
  readonly name: string;
  /** Of the member's header. */
  readonly offset: number;
  /** As stored in the archive. */
  readonly storedBytes: number;
  /** The digest in its name, if it is that of the uncompressed layer; not verified yet. */
  readonly promisedDiffId: string | undefined;
  /** The layer's uncompressed bytes; to be read once. */
  readonly content: ByteChunks;
  readonly #place: ArchivePlace;
  readonly #promised: string | undefined;
  readonly #stored: Meter;
  readonly #uncompressed: Meter;
  #isTrusted = false;

  constructor({ name, member, content, compression, place }: LayerSource) {
    this.name = name;
    this.offset = member.offset;
    this.storedBytes = member.size;
    this.#place = place;
    this.#promised = digestInName(name);
    this.promisedDiffId = compression === undefined ? this.#promised : undefined;
    this.#stored = new Meter(content);
    this.#uncompressed = this.#stored;
    if (compression === "gzip" || compression === "zstd") {
      this.#uncompressed = new Meter(decompress(this.#stored, compression, place));
    } else if (compression !== undefined) {
      throw archiveError(place, `layers compressed by ${compression} are not supported`);
    }
    this.content = this.#uncompressed;
  }

  /**
   * Takes the layer for what its name promises, and reads nothing of it: for one whose content
   * has been verified elsewhere.
   */
  trust(): void {
    this.#isTrusted = true;
  }

  /**
   * Reads what has not been read yet.
   * @returns the digest, in hexadecimal digits, and the length of the uncompressed layer
   * @throws NuaError (archive) when the layer is not what its name promises
   */
  async finish(): Promise<{ diffId: string; bytes: number }> {
    if (this.#isTrusted && this.promisedDiffId !== undefined) {
      return { diffId: this.promisedDiffId, bytes: this.storedBytes };
    }
    await this.#uncompressed.drain();
    await this.#stored.drain();
    if (this.#promised !== undefined && this.#stored.digest !== this.#promised) {
      throw archiveError(this.#place, "its digest is not the one in its name");
    }
    return { diffId: this.#uncompressed.digest, bytes: this.#uncompressed.bytes };
  }

  /** Lets go of what was not read, when something failed. */
  async close(): Promise<void> {
    await this.#uncompressed.close();
    await this.#stored.close();
  }
}

// --- internal ---

/** Counts and digests the bytes that pass through. */
class Meter implements ByteChunks {
  bytes = 0;
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #hasher = new Bun.CryptoHasher("sha256");
  #digest: string | undefined;

  constructor(source: ByteChunks) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const next = await this.#source.next();
      if (next.done) return;
      this.bytes += next.value.length;
      this.#hasher.update(next.value);
      yield next.value;
    }
  }

  async drain(): Promise<void> {
    for await (const _ of this);
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** In hexadecimal digits; the meter is read no further after that. */
  get digest(): string {
    this.#digest ??= this.#hasher.digest("hex");
    return this.#digest;
  }
}
