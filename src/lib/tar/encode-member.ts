/** A tar member's whole header: plain where that will do, with a pax header before it otherwise. */

import { encodeTarHeader, fitsInHeader, type TarHeader, tarPadding } from "./header.ts";
import { formatPaxRecords } from "./pax.ts";
import { ATTRIBUTE_PREFIX } from "./read.ts";

/**
 * The bytes before a member's content; the same ones for the same header, whoever wrote it.
 * @param attributes extended attributes, by name
 */
export function encodeTarMember(
  header: TarHeader,
  attributes: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const records = new Map<string, Uint8Array>();
  const plain = { ...header };
  for (const [field, key] of LONG_NAMES) {
    if (fitsInHeader(header[field])) continue;
    records.set(key, Buffer.from(header[field]));
    plain[field] = "";
  }
  for (const name of [...attributes.keys()].sort()) {
    records.set(`${ATTRIBUTE_PREFIX}${name}`, attributes.get(name)!);
  }
  if (records.size === 0) return encodeTarHeader(plain);
  const content = formatPaxRecords(records);
  return Buffer.concat([
    encodeTarHeader({ name: "PaxHeader", size: content.length, type: "x" }),
    content,
    new Uint8Array(tarPadding(content.length)),
    encodeTarHeader({ ...plain, name: plain.name || "PaxHeader" }),
  ]);
}

// --- internal ---

const LONG_NAMES = [
  ["name", "path"],
  ["linkName", "linkpath"],
] as const satisfies [keyof TarHeader, string][];
