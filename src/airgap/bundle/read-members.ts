/**
 * Reads the members of a bundle, strictly. There is one way to write it, so that whatever differs
 * from that by a bit is damage: headers are compared byte for byte, what fills a block up is zero,
 * and the last member seals all that is before it.
 */
import { type ArchivePlace, archiveError } from "../../lib/archive-error.ts";
import type { NuaError } from "../../lib/errors.ts";
import { fileChunks } from "../../lib/input-file.ts";
import { type ByteChunks, ByteReader } from "../../lib/tar/byte-reader.ts";
import {
  encodeTarHeader,
  isZeroBlock,
  parseTarHeader,
  TAR_BLOCK,
  TarFormatError,
  tarPadding,
} from "../../lib/tar/header.ts";
import { MEMBER } from "../../source/bundle-members.ts";

export interface BundleMember {
  name: string;
  size: number;
  place: Required<ArchivePlace>;
  /** To be read before the next member is asked for; what is left is passed over. */
  content: ByteChunks;
}

export function memberMode(name: string): number {
  return name === MEMBER.binary ? 0o755 : 0o644;
}

/** What to do about a file that is not as it was written. */
export const DAMAGED_HINT = "bring the file here again, and compare it with its .sha256";

/**
 * All members but the seal, which is verified at the end.
 * @throws NuaError (archive), with member and offset, when the file is damaged or no bundle
 */
export async function* readMembers(
  source: ByteChunks,
  attempt: string,
): AsyncGenerator<BundleMember, void, undefined> {
  const reader = new SealedReader(source, attempt);
  try {
    for (;;) {
      const { name, size, offset, block } = await reader.header();
      const place = { attempt, member: name, offset };
      if (name === MEMBER.seal) return await reader.verifySeal(place, size);
      reader.count(block);
      const content = new MemberContent(reader, size, place);
      yield { name, size, place, content };
      await content.skipRest();
    }
  } finally {
    await reader.close();
  }
}

/** Whether a file begins as a bundle does; the rest is not read. */
export async function isBundle(file: string): Promise<boolean> {
  const reader = new SealedReader(fileChunks(file), `Read bundle "${file}"`);
  try {
    const { name, size } = await reader.header();
    if (name !== MEMBER.binary) return name === MEMBER.index;
    await new MemberContent(reader, size, { attempt: "", member: name, offset: 0 }).skipRest();
    return (await reader.header()).name === MEMBER.index;
  } finally {
    await reader.close();
  }
}

// --- internal ---

const SEAL_BYTES = 65;

/** Digests what it reads. */
class SealedReader {
  readonly #attempt: string;
  readonly #reader: ByteReader;
  readonly #hasher = new Bun.CryptoHasher("sha256");

  constructor(source: ByteChunks, attempt: string) {
    this.#reader = new ByteReader(source);
    this.#attempt = attempt;
  }

  get offset(): number {
    return this.#reader.offset;
  }

  count(bytes: Uint8Array): void {
    this.#hasher.update(bytes);
  }

  /** Not counted yet: that of the seal is not part of what it seals. */
  async header(): Promise<{ name: string; size: number; offset: number; block: Uint8Array }> {
    const { offset } = this.#reader;
    const fault = (problem: string, cause?: unknown) => {
      return archiveError({ attempt: this.#attempt, offset }, problem, {
        cause,
        hint: offset === 0 ? NO_BUNDLE_HINT : DAMAGED_HINT,
      });
    };
    const block = (await this.#reader.takeAll(TAR_BLOCK)).slice();
    if (block.length < TAR_BLOCK) throw fault(`it ends before its "${MEMBER.seal}"`);
    if (isZeroBlock(block)) throw fault(`its "${MEMBER.seal}" is missing`);
    try {
      const { name, size } = parseTarHeader(block);
      const expected = encodeTarHeader({ name, size, mode: memberMode(name) });
      if (Buffer.compare(block, expected) === 0) return { name, size, offset, block };
      throw fault(`the header of "${name}" is not as bundles have it`);
    } catch (error) {
      if (error instanceof TarFormatError) throw fault(error.message, error);
      throw error;
    }
  }

  async take(limit: number): Promise<Uint8Array | undefined> {
    const chunk = await this.#reader.take(limit);
    if (chunk !== undefined) this.#hasher.update(chunk);
    return chunk;
  }

  async verifySeal(place: ArchivePlace, size: number): Promise<void> {
    const expected = `${this.#hasher.digest("hex")}\n`;
    if (size !== SEAL_BYTES) throw damaged(place, "it is not a digest");
    const rest = TAR_BLOCK - SEAL_BYTES + 2 * TAR_BLOCK;
    const seal = Buffer.from(await this.#reader.takeAll(SEAL_BYTES)).toString("latin1");
    if (seal !== expected) {
      throw damaged(place, seal.length < SEAL_BYTES ? CUT_SHORT : "the bytes before it are others");
    }
    const end = (await this.#reader.takeAll(rest)).slice();
    if (end.length < rest) throw damaged({ attempt: this.#attempt }, "it ends before its end mark");
    const isEnd = isZeroBlock(end) && (await this.#reader.take(1)) === undefined;
    if (!isEnd)
      throw damaged({ attempt: this.#attempt, offset: this.offset }, "it has bytes after its end");
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }
}

const CUT_SHORT = "the file ends in the middle of it";

const NO_BUNDLE_HINT = "give a file that nua-build bundle has written";

/** The bytes of one member; knows how many have not been read. */
class MemberContent implements ByteChunks {
  readonly #reader: SealedReader;
  readonly #place: ArchivePlace;
  readonly #padding: number;
  #left: number;

  constructor(reader: SealedReader, size: number, place: ArchivePlace) {
    this.#reader = reader;
    this.#place = place;
    this.#padding = tarPadding(size);
    this.#left = size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    while (this.#left > 0) {
      const chunk = await this.#reader.take(this.#left);
      if (chunk === undefined) throw this.#cutShort();
      this.#left -= chunk.length;
      yield chunk;
    }
  }

  async skipRest(): Promise<void> {
    for await (const _ of this);
    for (let left = this.#padding; left > 0; ) {
      const chunk = await this.#reader.take(left);
      if (chunk === undefined) throw this.#cutShort();
      if (!isZeroBlock(chunk))
        throw damaged(this.#place, "what fills its last block up is not zero");
      left -= chunk.length;
    }
  }

  #cutShort(): NuaError {
    return damaged(this.#place, `${CUT_SHORT}, at byte ${this.#reader.offset}`);
  }
}

function damaged(place: ArchivePlace, problem: string): NuaError {
  return archiveError(place, problem, { hint: DAMAGED_HINT });
}
