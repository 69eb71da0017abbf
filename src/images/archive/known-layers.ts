/**
 * Layers that existing archives in the same folder hold, so that the engine need not save them.
 * They are copied while the engine still gathers the image.
 */
import { type FileHandle, readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { withoutPrefix } from "../../lib/digest.ts";
import { extentChunks, type FileExtent } from "../../lib/input-file.ts";
import { openRegular } from "../../lib/regular-file.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import type { Spool } from "./archive-output.ts";
import { listMembers } from "./list-members.ts";

/** A layer in another archive is not what its name says: then the engine's has to be taken. */
export class StaleLayerError extends Error {}

export interface KnownLayers extends AsyncDisposable {
  /** By digest without prefix. */
  layers: ReadonlyMap<string, Spool>;
}

/**
 * @param target an archive as {@link writeArchive} writes it, and in whose folder others may be;
 *   anything else has none of the layers
 * @param diffIds the layers that are wanted
 */
export async function openKnownLayers(
  target: string,
  diffIds: readonly string[],
): Promise<KnownLayers> {
  const layers = new Map<string, Spool>();
  const handles: FileHandle[] = [];
  const wanted = new Set(diffIds.map(withoutPrefix));
  for (const file of [resolve(target), ...(await listNeighbours(target))]) {
    if (wanted.size === 0) break;
    const handle = await openRegular(file).catch(() => undefined);
    if (handle === undefined) continue;
    handles.push(handle);
    const members = await listMembers(handle, (await handle.stat()).size).catch(() => undefined);
    for (const digest of wanted) {
      const extent = members?.get(`${digest}.tar`);
      if (extent === undefined) continue;
      const content = verified(handle, extent, digest);
      layers.set(digest, { bytes: extent.size, content, remove: () => Promise.resolve() });
      wanted.delete(digest);
    }
  }
  const close = async () => void (await Promise.all(handles.map((handle) => handle.close())));
  return { layers, [Symbol.asyncDispose]: close };
}

// --- internal ---

/** In how many other archives is looked: a few reads for each. */
const NEIGHBOURS = 8;

/** Other archives beside the target, the newest first. */
async function listNeighbours(target: string): Promise<string[]> {
  const folder = dirname(resolve(target));
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".tar"))
    .map(({ name }) => join(folder, name))
    .filter((file) => file !== resolve(target));
  const times = await Promise.all(
    files.map(async (file) => ({
      file,
      time: (await stat(file).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  return times
    .sort((one, other) => other.time - one.time)
    .slice(0, NEIGHBOURS)
    .map(({ file }) => file);
}

async function* verified(handle: FileHandle, extent: FileExtent, digest: string): ByteChunks {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of extentChunks(handle, extent)) {
    hasher.update(chunk);
    yield chunk;
  }
  if (hasher.digest("hex") !== digest) throw new StaleLayerError(digest);
}
