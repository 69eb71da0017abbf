/** A file of which some parts are read: in pages, each once, and not many of them. */

/** Bytes of a file at an offset: fewer than asked for at its end. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

/** A file that is not what its header says. */
export class Damaged extends Error {}

export const BEYOND = "it ends before what its header tells of";

export class FilePages {
  readonly #read: ReadAt;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(read: ReadAt) {
    this.#read = read;
  }

  /** @throws Damaged at the end of the file */
  at(offset: number, length: number): DataView {
    const start = this.#inPage(offset);
    if (start + length > PAGE) return this.#across(offset, length);
    const page = this.#page(Math.floor(offset / PAGE));
    if (start + length > page.length) throw new Damaged(BEYOND);
    return new DataView(page.buffer, page.byteOffset + start, length);
  }

  /** A text that ends with a zero. */
  text(offset: number): string {
    let found = "";
    for (let at = offset; found.length <= LONGEST_NAME; ) {
      const rest = this.#page(Math.floor(at / PAGE)).subarray(this.#inPage(at));
      const end = rest.subarray(0, LONGEST_NAME).indexOf(0);
      const part = rest.subarray(0, end < 0 ? LONGEST_NAME : end);
      found += Buffer.from(part.buffer, part.byteOffset, part.length).toString("latin1");
      if (end >= 0) return found;
      if (part.length === 0) throw new Damaged(BEYOND);
      at += part.length;
    }
    throw new Damaged("it has a name without an end");
  }

  #inPage(offset: number): number {
    if (!Number.isSafeInteger(offset) || offset < 0) throw new Damaged(BEYOND);
    return offset % PAGE;
  }

  #page(page: number): Uint8Array {
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    if (this.#pages.size >= MOST_PAGES) throw new Damaged("its parts are scattered");
    const bytes = new Uint8Array(this.#read(page * PAGE, PAGE));
    this.#pages.set(page, bytes);
    return bytes;
  }

  #across(offset: number, length: number): DataView {
    const bytes = Uint8Array.from({ length }, (_, index) => this.at(offset + index, 1).getUint8(0));
    return new DataView(bytes.buffer);
  }
}

// --- internal ---

const PAGE = 64 * 1024;
const MOST_PAGES = 256;
/** Characters: of a library, or of a folder. */
const LONGEST_NAME = 4096;
