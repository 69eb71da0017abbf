/**
 * Makes an image reproducible: removes what depends on when, where and by which engine it was
 * built.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex, withPrefix } from "../../lib/digest.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { createBuffers } from "../archive/file-destination.ts";
import { OutputFile } from "../archive/output-file.ts";
import { ArchiveScan } from "../archive/scan-archive.ts";
import { type SelectedImage, selectImage } from "../archive/select-image.ts";
import { FileTree } from "./file-tree.ts";
import { type NormalizedLayer, normalizeConfig } from "./normalize-config.ts";
import { applyLayer, type LayerContent, readLayer } from "./read-layer.ts";
import { layerBytes, listChanges } from "./write-layer.ts";

/**
 * No time in a reproducible image is later than that, unless SOURCE_DATE_EPOCH says otherwise:
 * 2 January 1980, in seconds since 1970. A zip file, such as a Python wheel, cannot tell an
 * earlier one in any time zone.
 */
export const DEFAULT_EPOCH = 315_619_200;

export interface NormalizedImage {
  /** `sha256:…` */
  configDigest: string;
  configBytes: Uint8Array;
  /** Lowest first. */
  layers: (NormalizedLayer & { file: string; bytes: number })[];
}

export interface NormalizeRequest {
  /** What the engine saves: of one image, in whatever layout. */
  source: ByteChunks;
  /** Digests of its uncompressed layers, lowest first. */
  diffIds: readonly string[];
  /** How many of them are those of base images, whose times do not depend on `epoch`. */
  baseLayers: number;
  /** Seconds since 1970: no time in the image is later than that. */
  epoch: number;
  /** An empty folder for the layers; it has to outlive the result. */
  folder: string;
  /** For messages. */
  attempt: string;
  signal?: AbortSignal | undefined;
}

/** @throws NuaError (archive) when the disk is full or the stream is not that image, whole */
export async function normalizeImage(request: NormalizeRequest): Promise<NormalizedImage> {
  const { image, stored } = await storeLayers(request);
  const tree = new FileTree();
  const layers: NormalizedImage["layers"] = [];
  for (const [index, { diffId }] of image.layers.entries()) {
    request.signal?.throwIfAborted();
    const epoch = index < request.baseLayers ? DEFAULT_EPOCH : request.epoch;
    const { file, content } = stored.get(diffId)!;
    applyLayer(content, epoch, tree);
    const changes = listChanges(tree, tree.takeChanges());
    if (changes.length > 0) {
      const written = await writeLayer(layerBytes(changes, file), request, index);
      layers.push({ ...written, epoch, index });
    }
    const isNeededAgain = image.layers.slice(index + 1).some((other) => other.diffId === diffId);
    if (!isNeededAgain) await rm(file);
  }
  const configBytes = normalizeConfig(image.config, layers, request.epoch);
  return { configBytes, configDigest: withPrefix(sha256Hex(configBytes)), layers };
}

// --- internal ---

/** A layer as the engine has it. */
interface StoredLayer {
  /** Its uncompressed bytes. */
  file: string;
  content: LayerContent;
}

/**
 * Puts each layer into a file, and looks at what passes by on its way there: what it becomes shows
 * only when those below are known.
 * @returns the layers by their digests
 */
async function storeLayers(
  request: NormalizeRequest,
): Promise<{ image: SelectedImage; stored: Map<string, StoredLayer> }> {
  const { attempt, folder } = request;
  const scan = new ArchiveScan(attempt);
  const options = { attempt, buffers: createBuffers() };
  const stored = new Map<string, StoredLayer>();
  for await (const layer of scan.layers(request.source)) {
    request.signal?.throwIfAborted();
    const file = await OutputFile.create(join(folder, `${layer.offset}.raw`), options);
    try {
      const content = await readLayer(copying(layer.content, file), attempt);
      await file.close({ sync: false });
      stored.set((await layer.finish()).diffId, { file: file.path, content });
    } finally {
      await file.abandon();
    }
  }
  return { image: selectImage(scan, request.diffIds), stored };
}

async function* copying(content: ByteChunks, file: OutputFile): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    await file.write(chunk);
    yield chunk;
  }
}

async function writeLayer(
  content: ByteChunks,
  { folder, attempt }: NormalizeRequest,
  index: number,
): Promise<{ diffId: string; file: string; bytes: number }> {
  const hasher = new Bun.CryptoHasher("sha256");
  const options = { attempt, buffers: createBuffers() };
  const file = await OutputFile.create(join(folder, `${index}.tar`), options);
  try {
    for await (const chunk of content) {
      hasher.update(chunk);
      await file.write(chunk);
    }
    await file.close({ sync: false });
  } finally {
    await file.abandon();
  }
  return { diffId: withPrefix(hasher.digest("hex")), file: file.path, bytes: file.bytes };
}
