/**
 * An image as an engine built it -> the same image without what depends on when and where that
 * was: times, the order of files, owners' names, leftovers, the engine's way to describe changes.
 */
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex, withPrefix } from "../../lib/digest.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { createBuffers } from "../archive/file-destination.ts";
import { OutputFile, type OutputOptions } from "../archive/output-file.ts";
import { ArchiveScan } from "../archive/scan-archive.ts";
import { type SelectedImage, selectImage } from "../archive/select-image.ts";
import { FileTree } from "./file-tree.ts";
import { type NormalizedLayer, normalizeConfig } from "./normalize-config.ts";
import { applyLayer } from "./read-layer.ts";
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
  const image = await unpack(request);
  const tree = new FileTree();
  const layers: NormalizedImage["layers"] = [];
  for (const [index, { diffId }] of image.layers.entries()) {
    request.signal?.throwIfAborted();
    const epoch = index < request.baseLayers ? DEFAULT_EPOCH : request.epoch;
    const layer = { path: rawFile(request, diffId), attempt: request.attempt, epoch };
    await applyLayer(layer, tree);
    const changes = listChanges(tree, tree.takeChanges());
    if (changes.length > 0) {
      const written = await writeLayer(layerBytes(changes, layer.path), request, index);
      layers.push({ ...written, epoch, index });
    }
    const isNeededAgain = image.layers.slice(index + 1).some((other) => other.diffId === diffId);
    if (!isNeededAgain) await rm(layer.path);
  }
  const configBytes = normalizeConfig(image.config, layers, request.epoch);
  return { configBytes, configDigest: withPrefix(sha256Hex(configBytes)), layers };
}

// --- internal ---

/** Puts each layer into a file: a layer can only be read when those below are known. */
async function unpack(request: NormalizeRequest): Promise<SelectedImage> {
  const scan = new ArchiveScan(request.attempt);
  const buffers = createBuffers();
  for await (const layer of scan.layers(request.source)) {
    request.signal?.throwIfAborted();
    const path = rawFile(request, layer.promisedDiffId ?? `at-${layer.offset}`);
    await writeFile(layer.content, path, { attempt: request.attempt, buffers });
    // An archive that names its layers otherwise tells only at its end what they are.
    const { diffId } = await layer.finish();
    if (layer.promisedDiffId === undefined) await rename(path, rawFile(request, diffId));
  }
  return selectImage(scan, request.diffIds);
}

function rawFile({ folder }: NormalizeRequest, name: string): string {
  return join(folder, `${name}.raw`);
}

async function writeFile(
  content: ByteChunks,
  path: string,
  options: OutputOptions,
): Promise<{ bytes: number; sha256: string }> {
  const hasher = new Bun.CryptoHasher("sha256");
  const file = await OutputFile.create(path, options);
  try {
    for await (const chunk of content) {
      hasher.update(chunk);
      await file.write(chunk);
    }
    await file.close({ sync: false });
  } finally {
    await file.abandon();
  }
  return { bytes: file.bytes, sha256: hasher.digest("hex") };
}

async function writeLayer(
  content: ByteChunks,
  { folder, attempt }: NormalizeRequest,
  index: number,
): Promise<{ diffId: string; file: string; bytes: number }> {
  const file = join(folder, `${index}.tar`);
  const { sha256, bytes } = await writeFile(content, file, { attempt, buffers: createBuffers() });
  return { diffId: withPrefix(sha256), file, bytes };
}
