/** Writes tar archives: one member after the other, and the end. Nothing else here writes a header. */

import type { ByteChunks } from "./byte-reader.ts";
import { encodeTarHeader, fitsInHeader, TAR_BLOCK, type TarHeader, tarPadding } from "./header.ts";
import { formatPaxRecords } from "./pax.ts";
import { ATTRIBUTE_PREFIX } from "./read.ts";

/** A member to be written: by default a regular file with mode 0644, owner 0, time 0. */
export interface NewTarMember extends Partial<TarHeader> {
  name: string;
  /** Bytes of its content. */
  size: number;
  /** Extended attributes, by name. */
  attributes?: ReadonlyMap<string, Uint8Array>;
}

/** The two blocks of zeros at the end of an archive. */
export const TAR_END = new Uint8Array(2 * TAR_BLOCK);

/**
 * All bytes of a member; the same ones for the same member, whoever wrote it.
 * @throws Error when the content has another length than the header says
 */
export async function* tarMember(
  member: NewTarMember,
  content: ByteChunks | Uint8Array = new Uint8Array(),
): AsyncGenerator<Uint8Array, void, undefined> {
  const { before, after } = frameMember(member);
  yield before;
  let bytes = 0;
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    bytes += chunk.length;
    yield chunk;
  }
  if (bytes !== member.size) {
    throw new Error(`the content of "${member.name}" has ${bytes} bytes, not ${member.size}`);
  }
  yield after;
}

/**
 * What stands around a member's content, for whoever writes that piece by piece: its header (with
 * a pax header where a plain one does not do), and the zeros that fill its last block up.
 */
export function frameMember({ attributes = new Map(), ...header }: NewTarMember): {
  before: Uint8Array;
  after: Uint8Array;
} {
  const records = new Map<string, Uint8Array>();
  const plain = { ...header };
  for (const [field, key] of LONG_NAMES) {
    const text = header[field] ?? "";
    if (fitsInHeader(text)) continue;
    records.set(key, Buffer.from(text));
    plain[field] = "";
  }
  for (const name of [...attributes.keys()].sort()) {
    records.set(`${ATTRIBUTE_PREFIX}${name}`, attributes.get(name)!);
  }
  const after = new Uint8Array(tarPadding(header.size));
  if (records.size === 0) return { before: encodeTarHeader(plain), after };
  const extended = formatPaxRecords(records);
  const parts = [
    encodeTarHeader({ name: "PaxHeader", size: extended.length, type: "x" }),
    extended,
    new Uint8Array(tarPadding(extended.length)),
    encodeTarHeader({ ...plain, name: plain.name || "PaxHeader" }),
  ];
  return { before: Buffer.concat(parts), after };
}

// --- internal ---

const LONG_NAMES = [
  ["name", "path"],
  ["linkName", "linkpath"],
] as const satisfies [keyof TarHeader, string][];
