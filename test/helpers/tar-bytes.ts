/** Small tar archives for tests, with every fault that one may ask for. */
import { encodeTarHeader, tarPadding } from "../../src/lib/tar/header.ts";

export interface TestMember {
  name: string;
  content?: string | Uint8Array;
  /** The type flag; a regular file by default. */
  type?: string;
  linkName?: string;
}

export const TAR_END = new Uint8Array(1024);

/** A member without the archive's end. */
export function memberBytes({ name, content = "", type = "0", linkName = "" }: TestMember): Buffer {
  const bytes = Buffer.from(content as string);
  const header = Buffer.from(encodeTarHeader({ name, size: bytes.length }));
  header.write(type, 156, "latin1");
  header.write(linkName, 157, "utf8");
  return Buffer.concat([fixChecksum(header), bytes, new Uint8Array(tarPadding(bytes.length))]);
}

export function tarBytes(members: readonly TestMember[]): Buffer {
  return Buffer.concat([...members.map(memberBytes), TAR_END]);
}

/** Makes a header valid again after something in it was changed. */
export function fixChecksum(header: Buffer): Buffer {
  header.fill(" ", 148, 156);
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** Bytes as a stream, in chunks of that size. */
export async function* chunksOf(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let begin = 0; begin < bytes.length; begin += size)
    yield bytes.subarray(begin, begin + size);
}
