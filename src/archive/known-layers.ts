/**
 * Layers that are taken from the archive that is about to be replaced: of an app that was built
 * again, all but the last are in it. They are copied while the engine still gathers the image.
 */
import { type FileHandle, open } from "node:fs/promises";
import type { Spool } from "./archive-output.ts";
import type { ByteChunks } from "./byte-reader.ts";
import { withoutPrefix } from "./digest.ts";
import { extentChunks, type FileExtent } from "./input-file.ts";
import { listMembers } from "./list-members.ts";

/** A layer in the old archive is not what its name says: then the engine's has to be taken. */
export class StaleLayerError extends Error {}

export interface KnownLayers extends AsyncDisposable {
  /** By digest without prefix. */
  layers: ReadonlyMap<string, Spool>;
}

/**
 * @param file an archive as {@link writeArchive} writes it; anything else has none of the layers
 * @param diffIds the layers that are wanted
 */
export async function openKnownLayers(
  file: string,
  diffIds: readonly string[],
): Promise<KnownLayers> {
  const layers = new Map<string, Spool>();
  const handle = await open(file, "r").catch(() => undefined);
  const close = () => handle?.close() ?? Promise.resolve();
  if (handle === undefined) return { layers, [Symbol.asyncDispose]: close };
  const members = await listMembers(handle, (await handle.stat()).size).catch(() => undefined);
  for (const digest of new Set(diffIds.map(withoutPrefix))) {
    const extent = members?.get(`${digest}.tar`);
    if (extent === undefined || extent.size < WORTHWHILE) continue;
    const content = verified(handle, extent, digest);
    layers.set(digest, { bytes: extent.size, content, remove: () => Promise.resolve() });
  }
  return { layers, [Symbol.asyncDispose]: close };
}

// --- internal ---

/** Bytes: smaller ones come fast enough, and their sizes tell too little apart. */
const WORTHWHILE = 4 * 1024 * 1024;

async function* verified(handle: FileHandle, extent: FileExtent, digest: string): ByteChunks {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of extentChunks(handle, extent)) {
    hasher.update(chunk);
    yield chunk;
  }
  if (hasher.digest("hex") !== digest) throw new StaleLayerError(digest);
}
