/** Packs base images for a bundle: each layer once, compressed. */
import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { diskError } from "../../images/archive/disk.ts";
import { createBuffers } from "../../images/archive/file-destination.ts";
import { OutputFile, type WriteBuffers } from "../../images/archive/output-file.ts";
import { ArchiveScan } from "../../images/archive/scan-archive.ts";
import type { ScannedLayer } from "../../images/archive/scanned-layer.ts";
import { selectImage } from "../../images/archive/select-image.ts";
import { showProgress } from "../../images/transfer/show-progress.ts";
import { withoutPrefix } from "../../lib/digest.ts";
import { NuaError } from "../../lib/errors.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import type { Session } from "../../session/session.ts";
import { type BlobFile, compressTo } from "./blob-file.ts";
import type { BundleImage } from "./bundle-index.ts";

export interface PackedImages {
  images: BundleImage[];
  /** By digest; their files are in the folder. */
  blobs: Map<string, BlobFile>;
}

/**
 * @param tags of images that the engine holds
 * @param folder which is there, for the blobs
 * @param held digests of blobs that are wanted nowhere, such as those of an older bundle
 * @throws NuaError (archive) when the disk is full or the engine's stream damaged, (engine) when
 *   it does not hold an image
 */
export async function packImages(
  tags: readonly string[],
  session: Session,
  folder: string,
  held: ReadonlySet<string> = new Set(),
): Promise<PackedImages> {
  const blobs = new Map<string, BlobFile>();
  if (tags.length === 0) return { images: [], blobs };
  const engine = await session.engine();
  const facts = await Promise.all(tags.map((tag) => engine.getImage(tag)));
  const wanted = new Set(facts.flatMap(({ diffIds }) => diffIds.map(withoutPrefix)));
  const attempt = `Pack images ${tags.join(", ")}`;
  session.report.step(attempt);
  const scan = new ArchiveScan(attempt);
  const buffers = createBuffers();
  try {
    for await (const layer of scan.layers(watch(engine.save(...tags), session))) {
      const { promisedDiffId } = layer;
      if (promisedDiffId !== undefined && held.has(promisedDiffId)) continue;
      const [digest, blob] = await packLayer(layer, { folder, attempt, buffers });
      if (wanted.has(digest) && !held.has(digest)) blobs.set(digest, blob);
      else await rm(blob.file, { force: true });
    }
  } finally {
    session.report.progress("");
  }
  const images: BundleImage[] = [];
  for (const [at, tag] of tags.entries()) {
    const image = selectImage(scan, facts[at]!.diffIds, tag);
    if (image.layers.some(({ isLeftOut }) => isLeftOut)) throw incomplete(attempt, tag);
    const config = withoutPrefix(image.configDigest);
    const file = join(folder, config);
    await writeFile(file, image.configBytes).catch((cause: unknown) => {
      throw diskError(attempt, file, cause);
    });
    if (!held.has(config)) blobs.set(config, { file, bytes: image.configBytes.length });
    const layers = facts[at]!.diffIds.map((diffId) => ({ diffId, content: withoutPrefix(diffId) }));
    images.push({ tag, config, layers });
  }
  return { images, blobs };
}

// --- internal ---

async function packLayer(
  layer: ScannedLayer,
  { folder, attempt, buffers }: { folder: string; attempt: string; buffers: WriteBuffers },
): Promise<[digest: string, blob: BlobFile]> {
  const part = join(folder, `layer.${randomBytes(6).toString("hex")}.part`);
  const file = await OutputFile.create(part, { attempt, buffers });
  try {
    await compressTo(layer.content, (chunk) => file.write(chunk));
    const { diffId, bytes } = await layer.finish();
    await file.close({ sync: false });
    const path = join(folder, `${diffId}.zst`);
    await rename(part, path);
    return [diffId, { file: path, bytes, compression: "zstd" }];
  } finally {
    await file.abandon();
    await rm(part, { force: true });
  }
}

async function* watch(source: ByteChunks, session: Session): AsyncGenerator<Uint8Array> {
  const onProgress = showProgress(session);
  let bytes = 0;
  for await (const chunk of source) {
    session.signal.throwIfAborted();
    bytes += chunk.length;
    yield chunk;
    onProgress(bytes);
  }
}

function incomplete(attempt: string, tag: string): NuaError {
  return new NuaError("engine", `${attempt}: the engine leaves layers of ${tag} out`, {
    hint: `have the engine fetch all of it: docker pull ${tag}, or build it again`,
  });
}
