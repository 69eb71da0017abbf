/** Damages bundles, for tests. */
import { open, writeFile } from "node:fs/promises";
import { blobMember, formatIndex, parseIndex } from "../../src/airgap/bundle/bundle-index.ts";
import { memberMode } from "../../src/airgap/bundle/read-members.ts";
import { fileChunks } from "../../src/lib/input-file.ts";
import { readWhole } from "../../src/lib/tar/byte-reader.ts";
import { readTar } from "../../src/lib/tar/read.ts";
import { frameMember, TAR_END } from "../../src/lib/tar/write.ts";
import type { Exchange } from "../../src/protocol/exchanges.ts";
import { MEMBER } from "../../src/source/bundle-members.ts";
import { sha256 } from "./image-archive.ts";

/**
 * Writes a bundle again without the contents of some answers, which it still tells to be there.
 * @returns the addresses of those that it does not hold
 */
export async function leaveOut(
  file: string,
  target: string,
  isLeftOut: (exchange: Exchange) => boolean,
): Promise<string[]> {
  const members = await readBundleMembers(file);
  const index = parseIndex(members.get(MEMBER.index)!, { attempt: "Edit a bundle" });
  const exchanges = index.exchanges.filter(isLeftOut);
  const gone = new Set(exchanges.map(({ content }) => content));
  const blobs = index.blobs.filter((blob) => !gone.has(blob.sha256));
  members.set(MEMBER.index, formatIndex({ ...index, blobs }));
  const kept = [...members].filter(([name]) => !name.startsWith("blobs/"));
  const parts = [
    ...kept,
    ...blobs.map((blob) => [blobMember(blob), members.get(blobMember(blob))!]),
  ];
  await writeFile(target, seal(parts as [string, Uint8Array][]));
  return exchanges.map(({ url }) => url);
}

/** The members of a bundle by name, in their order, as they are stored; without the last one. */
export async function readBundleMembers(file: string): Promise<Map<string, Uint8Array>> {
  const members = new Map<string, Uint8Array>();
  for await (const { name, content } of readTar(fileChunks(file), { attempt: "Read a bundle" })) {
    members.set(name, (await readWhole(content, Number.MAX_SAFE_INTEGER))!);
  }
  members.delete(MEMBER.seal);
  return members;
}

/** In the middle of a file. */
export async function flipBit(path: string): Promise<void> {
  const handle = await open(path, "r+");
  const middle = Math.floor((await handle.stat()).size / 2);
  const byte = new Uint8Array(1);
  await handle.read(byte, 0, 1, middle);
  byte[0]! ^= 1;
  await handle.write(byte, 0, 1, middle);
  await handle.close();
}

/** A bundle of these members, sealed as a whole one is. */
export function seal(members: readonly [name: string, bytes: Uint8Array][]): Uint8Array {
  const sealed = Buffer.concat(members.map(([name, bytes]) => member(name, bytes)));
  const digest = Buffer.from(`${sha256(sealed)}\n`);
  return Buffer.concat([sealed, member(MEMBER.seal, digest), TAR_END]);
}

// --- internal ---

function member(name: string, bytes: Uint8Array): Uint8Array {
  const frame = frameMember({ name, size: bytes.length, mode: memberMode(name) });
  return Buffer.concat([frame.before, bytes, frame.after]);
}
