/** Finds the offsets of members in an archive of ours, from the headers alone. */
import type { FileHandle } from "node:fs/promises";
import type { FileExtent } from "../../lib/input-file.ts";
import { isZeroBlock, parseTarHeader, TAR_BLOCK, tarPadding } from "../../lib/tar/header.ts";

/** As many as an archive of all base images would have, and far more. */
const MEMBERS_LIMIT = 10_000;

/** @throws Error when it has very many, or when the file is not headers and contents alone, to its very last byte */
export async function listMembers(
  handle: FileHandle,
  fileSize: number,
): Promise<Map<string, FileExtent>> {
  const members = new Map<string, FileExtent>();
  const block = new Uint8Array(TAR_BLOCK);
  let offset = 0;
  for (;;) {
    const { bytesRead } = await handle.read(block, 0, TAR_BLOCK, offset);
    if (bytesRead < TAR_BLOCK) throw new Error("cut short");
    if (isZeroBlock(block)) break;
    const { name, size } = parseTarHeader(block);
    if (members.size >= MEMBERS_LIMIT) throw new Error("too many members");
    members.set(name, { begin: offset + TAR_BLOCK, size });
    offset += TAR_BLOCK + size + tarPadding(size);
  }
  if (offset + 2 * TAR_BLOCK !== fileSize) throw new Error("of another length");
  return members;
}
