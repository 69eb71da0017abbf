/** Reads a tar archive as a stream: ustar, pax and GNU, in whatever size, in flat memory. */

import { archiveError } from "../archive-error.ts";
import type { NuaError } from "../errors.ts";
import { type ByteChunks, ByteReader } from "./byte-reader.ts";
import {
  isZeroBlock,
  parseTarHeader,
  TAR_BLOCK,
  TarFormatError,
  type TarHeader,
  tarPadding,
} from "./header.ts";
import { parsePaxRecords } from "./pax.ts";

export interface TarMember extends TarHeader {
  /** Extended attributes of the file, by name; their values are bytes. */
  attributes: ReadonlyMap<string, Uint8Array>;
  /** Of its header (the extended one, if there is one), from the start of the stream. */
  offset: number;
  /** Of its content. */
  contentOffset: number;
  /** The content, to be read before the next member is asked for; what is left is skipped. */
  content: ByteChunks;
}

export interface ReadTarOptions {
  /** For messages, such as `Read archive "app.tar"`. */
  attempt: string;
  /** Length of the stream, when it is known: an impossible size is then noticed at its header. */
  totalBytes?: number | undefined;
}

/** How Docker, and star before it, call extended attributes in pax headers. */
export const ATTRIBUTE_PREFIX = "SCHILY.xattr.";

/**
 * Reads the source to its very end, so that it may say that it failed.
 * @throws NuaError (archive), with member and offset, when the stream is damaged or cut short
 */
export async function* readTar(
  source: ByteChunks,
  options: ReadTarOptions,
): AsyncGenerator<TarMember, void, undefined> {
  const reader = new ByteReader(source);
  try {
    for (;;) {
      const offset = reader.offset;
      const header = await readHeader(reader, options);
      if (header === undefined) break;
      const fault = (problem: string) =>
        archiveError({ attempt: options.attempt, member: header.name, offset }, problem);
      if (reader.offset + header.size > (options.totalBytes ?? Number.POSITIVE_INFINITY)) {
        throw fault(`it claims ${header.size} bytes, more than the archive has`);
      }
      const contentOffset = reader.offset;
      const content = new MemberContent(reader, header.size, fault);
      yield { ...header, offset, contentOffset, content };
      await content.skipRest();
    }
    await reader.skip(Number.POSITIVE_INFINITY);
  } finally {
    await reader.close();
  }
}

// --- internal ---

/** Long names and attributes; more than this is not a name. */
const EXTENSION_LIMIT = 1024 * 1024;

/** What headers say about the member that follows them. */
type Extension = Partial<
  Pick<TarMember, "name" | "linkName" | "size" | "uid" | "gid" | "attributes">
>;

type ExtendedHeader = Omit<TarMember, "offset" | "contentOffset" | "content">;

/** The next member's header with its extensions applied; undefined at the end of the archive. */
async function readHeader(
  reader: ByteReader,
  options: ReadTarOptions,
): Promise<ExtendedHeader | undefined> {
  const begin = reader.offset;
  const fault = (problem: string, cause?: unknown) =>
    archiveError({ attempt: options.attempt, offset: begin }, problem, { cause });
  const extension: Extension = {};
  for (;;) {
    const block = await reader.takeAll(TAR_BLOCK);
    if (block.length === 0 && reader.offset === begin) return undefined;
    if (block.length < TAR_BLOCK) throw fault("it ends in the middle of a header");
    if (isZeroBlock(block)) {
      const next = await reader.takeAll(TAR_BLOCK);
      // One zeroed block among headers is damage, not an end.
      if (!isZeroBlock(next)) throw fault("a header is missing");
      return undefined;
    }
    try {
      const header = parseTarHeader(block);
      if (!(header.type in EXTENSIONS))
        return withoutContent({ attributes: NO_ATTRIBUTES, ...header, ...extension });
      const bytes = await readExtension(reader, header);
      Object.assign(extension, EXTENSIONS[header.type]?.(bytes));
    } catch (error) {
      if (error instanceof TarFormatError) throw fault(error.message, error);
      throw error;
    }
  }
}

/** Links, devices and folders have no content, although old programs gave them a size. */
function withoutContent(header: ExtendedHeader): ExtendedHeader {
  return /[1-6]/.test(header.type) ? { ...header, size: 0 } : header;
}

/** By type flag, what a header's content says about the member that follows. */
const EXTENSIONS: Readonly<Record<string, (bytes: Uint8Array) => Extension>> = {
  x: readPax,
  // Global records: nothing in them tells one member's name or size.
  g: () => ({}),
  L: (bytes) => ({ name: pathOf(untilNul(bytes)) }),
  K: (bytes) => ({ linkName: pathOf(untilNul(bytes)) }),
};

const NO_ATTRIBUTES: ReadonlyMap<string, Uint8Array> = new Map();

function readPax(bytes: Uint8Array): Extension {
  const extension: Extension = {};
  const attributes = new Map<string, Uint8Array>();
  for (const [key, value] of parsePaxRecords(bytes)) {
    if (key.startsWith(ATTRIBUTE_PREFIX)) {
      attributes.set(key.slice(ATTRIBUTE_PREFIX.length), value);
    } else Object.assign(extension, PAX_KEYS[key]?.(new TextDecoder().decode(value)));
  }
  return attributes.size === 0 ? extension : { ...extension, attributes };
}

const PAX_KEYS: Readonly<Record<string, (text: string) => Extension>> = {
  path: (text) => ({ name: pathOf(text) }),
  linkpath: (text) => ({ linkName: pathOf(text) }),
  size: (text) => ({ size: parseDecimal(text) }),
  uid: (text) => ({ uid: parseDecimal(text) }),
  gid: (text) => ({ gid: parseDecimal(text) }),
};

/** No system takes a longer path, or one with a zero byte: Linux, limits.h. */
const PATH_LIMIT = 4096;

function pathOf(text: string): string {
  if (text.length > PATH_LIMIT) throw new TarFormatError(`a name has ${text.length} characters`);
  if (text.includes("\0")) throw new TarFormatError("a name has a zero byte");
  return text;
}

function parseDecimal(digits: string): number {
  const value = Number(digits);
  if (/^\d+$/.test(digits) && Number.isSafeInteger(value)) return value;
  throw new TarFormatError("a number in its pax header is not one, or too large");
}

function untilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

async function readExtension(reader: ByteReader, header: TarHeader): Promise<Uint8Array> {
  if (header.size > EXTENSION_LIMIT) {
    throw new TarFormatError(`an extended header claims ${header.size} bytes`);
  }
  const length = header.size + tarPadding(header.size);
  const bytes = await reader.takeAll(length);
  if (bytes.length < length) throw new TarFormatError("it ends in the middle of a header");
  return bytes.subarray(0, header.size);
}

/** The bytes of one member; knows how many have not been read. */
class MemberContent implements ByteChunks {
  readonly #reader: ByteReader;
  readonly #padding: number;
  readonly #fault: (problem: string) => NuaError;
  #left: number;

  constructor(reader: ByteReader, size: number, fault: (problem: string) => NuaError) {
    this.#reader = reader;
    this.#padding = tarPadding(size);
    this.#fault = fault;
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
    const length = this.#left + this.#padding;
    if ((await this.#reader.skip(length)) < length) throw this.#cutShort();
    this.#left = 0;
  }

  #cutShort(): NuaError {
    return this.#fault(`the archive ends in the middle of it, at byte ${this.#reader.offset}`);
  }
}
