/**
 * Writes an image as an OCI image layout, from which remote builders read base images. Source: OCI
 * Image Layout Specification 1.0.
 */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { archiveError } from "../../lib/archive-error.ts";
import { sha256Hex, withPrefix } from "../../lib/digest.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { createBuffers } from "./file-destination.ts";
import { OutputFile } from "./output-file.ts";
import { ArchiveScan } from "./scan-archive.ts";
import { selectImage } from "./select-image.ts";

export interface LayoutRequest {
  /** The folder to write; made when missing. */
  folder: string;
  /** What `docker save` or `podman save` prints. */
  source: ByteChunks;
  /** Digests of the uncompressed layers, lowest first. */
  diffIds: readonly string[];
  /** For messages. */
  attempt: string;
}

/**
 * Layers are stored uncompressed, each once.
 * @returns the digest of the image's manifest
 * @throws NuaError (archive) when the stream is damaged, or the disk is full
 */
export async function writeOciLayout(request: LayoutRequest): Promise<string> {
  const { folder, attempt, diffIds } = request;
  const blobs = join(folder, "blobs/sha256");
  await mkdir(blobs, { recursive: true });
  const scan = new ArchiveScan(attempt);
  const buffers = createBuffers();
  for await (const layer of scan.layers(request.source)) {
    const path = join(folder, "layer.part");
    const file = await OutputFile.create(path, { attempt, buffers });
    try {
      for await (const chunk of layer.content) await file.write(chunk);
      await file.close({ sync: false });
      await rename(path, join(blobs, (await layer.finish()).diffId));
    } finally {
      await file.abandon();
      await rm(path, { force: true });
    }
  }
  const image = selectImage(scan, diffIds);
  if (image.layers.some(({ isLeftOut }) => isLeftOut)) throw archiveError(scan, "it is thin");
  const config = await writeBlob(blobs, image.configBytes, "image.config.v1+json");
  const layers = image.layers.map(({ diffId, bytes }) => ({
    mediaType: mediaType("image.layer.v1.tar"),
    digest: withPrefix(diffId),
    size: bytes,
  }));
  const manifest = json({ schemaVersion: 2, mediaType: MANIFEST, config, layers });
  const descriptor = await writeBlob(blobs, manifest, "image.manifest.v1+json");
  await writeFile(join(folder, "index.json"), json({ schemaVersion: 2, manifests: [descriptor] }));
  await writeFile(join(folder, "oci-layout"), json({ imageLayoutVersion: "1.0.0" }));
  return descriptor.digest;
}

// --- internal ---

const MANIFEST = mediaType("image.manifest.v1+json");

function mediaType(name: string): string {
  return `application/vnd.oci.${name}`;
}

async function writeBlob(blobs: string, bytes: Uint8Array, type: string) {
  const hex = sha256Hex(bytes);
  await writeFile(join(blobs, hex), bytes);
  return { mediaType: mediaType(type), digest: withPrefix(hex), size: bytes.length };
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
