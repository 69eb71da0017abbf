/** A stream of bytes; a chunk is only valid until the next one is asked for. */
export type ByteChunks = AsyncIterable<Uint8Array>;

/** Takes a stream apart at given lengths, without copying what merely passes through. */
export class ByteReader {
  /** Bytes taken so far. */
  offset = 0;
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();

  constructor(source: ByteChunks) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next bytes, at least one and at most `limit`; undefined at the end of the stream. */
  async take(limit: number): Promise<Uint8Array | undefined> {
    while (this.#chunk.length === 0) {
      const next = await this.#source.next();
      if (next.done) return undefined;
      this.#chunk = next.value;
    }
    const taken = this.#chunk.subarray(0, limit);
    this.#chunk = this.#chunk.subarray(taken.length);
    this.offset += taken.length;
    return taken;
  }

  /** The next `length` bytes; fewer when the stream ends before. */
  async takeAll(length: number): Promise<Uint8Array> {
    const first = await this.take(length);
    if (first === undefined || first.length === length) return first ?? new Uint8Array();
    const parts = [first.slice()];
    let missing = length - first.length;
    while (missing > 0) {
      const part = await this.take(missing);
      if (part === undefined) break;
      parts.push(part.slice());
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Passes over bytes. @returns how many were there */
  async skip(length: number): Promise<number> {
    let left = length;
    while (left > 0) {
      const part = await this.take(left);
      if (part === undefined) break;
      left -= part.length;
    }
    return length - left;
  }

  /** Tells the source that no more is wanted. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

/** All bytes of a stream; undefined, and the rest unread, when it has more than `limit`. */
export async function readWhole(
  chunks: ByteChunks,
  limit: number,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limit) return undefined;
    parts.push(chunk.slice());
  }
  return Buffer.concat(parts);
}
