/** Searches a stream of bytes for fixed texts. */
export class TextSearch {
  readonly #needles: readonly Buffer[];
  readonly #longest: number;
  readonly #found = new Set<number>();
  /** The end of what came before: a text may begin there. */
  #before: Buffer = Buffer.alloc(0);

  /** @param texts none of them empty */
  constructor(texts: readonly string[]) {
    this.#needles = texts.map((text) => Buffer.from(text, "utf8"));
    this.#longest = Math.max(1, ...this.#needles.map(({ length }) => length));
  }

  add(chunk: Uint8Array): void {
    const piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const reach = this.#longest - 1;
    const seam = Buffer.concat([this.#before, piece.subarray(0, reach)]);
    for (const [index, needle] of this.#needles.entries()) {
      if (this.#found.has(index)) continue;
      if (seam.includes(needle) || piece.includes(needle)) this.#found.add(index);
    }
    // A copy, as the chunk is only valid until the next one.
    const end = piece.length >= reach ? piece : Buffer.concat([this.#before, piece]);
    this.#before = Buffer.from(end.subarray(Math.max(0, end.length - reach)));
  }

  /** Indexes of the texts that were there. */
  get found(): ReadonlySet<number> {
    return this.#found;
  }
}
