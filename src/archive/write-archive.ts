/**
 * Writes the archive of an image: the same bytes whichever engine saved it.
 *
 * The format is docker-archive as every engine loads it and the Nua orchestrator reads it:
 * `DIGEST.tar` for each layer, uncompressed and in the order of the digests; `DIGEST.json`, the
 * image's config byte for byte; `manifest.json`, in which layers stand lowest first. All headers
 * have mode 0644, owner 0 and time 0. (`repositories` is not needed: every engine since Docker
 * 1.10 reads manifest.json.)
 */
import { ArchiveOutput } from "./archive-output.ts";
import type { ByteChunks } from "./byte-reader.ts";
import { withoutPrefix, withPrefix } from "./digest.ts";
import { ensureFreeSpace } from "./disk.ts";
import { LayerSequence } from "./layer-sequence.ts";
import { ArchiveScan } from "./scan-archive.ts";
import { type SelectedImage, selectImage } from "./select-image.ts";

/** An archive that has been written, or was there already. */
export interface SavedArchive {
  /** Absolute path. */
  file: string;
  bytes: number;
  /** Of the file, in hexadecimal digits. */
  sha256: string;
  /** `sha256:…`, the image's id in every engine but one with a containerd store. */
  imageConfigDigest: string;
  /** Lowest first; a layer that the image has twice is listed twice. */
  layers: { digest: string; bytes: number }[];
}

export interface WriteArchiveRequest {
  /** What `docker save` or `podman save` prints: of one image, in whatever layout. */
  source: ByteChunks;
  /** The file to write; replaced if it is there. */
  target: string;
  expect: {
    /** The one tag that the archive gives to the image. */
    tag: string;
    /** Digests of the uncompressed layers, lowest first, as `image inspect` tells them. */
    diffIds: readonly string[];
    /** Digest of a layer that comes before all others; the rest is in the order of the digests. */
    first?: string | undefined;
    /** How large the archive will be, roughly; without it a full disk is noticed later. */
    bytes?: number | undefined;
  };
  /** Honoured at each chunk; a source that hangs has to honour it itself. */
  signal?: AbortSignal | undefined;
  /** @param bytes read from the source so far */
  onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Memory stays flat whatever the size of the image. Writes `FILE.sha256` beside the archive.
 * @throws NuaError (archive) when the disk is full, or the stream is not that image, whole
 * @throws the signal's reason, and whatever the source throws; no file is left then
 */
export async function writeArchive(request: WriteArchiveRequest): Promise<SavedArchive> {
  const { target, expect, signal } = request;
  const attempt = `Save archive "${target}"`;
  await using output = await ArchiveOutput.create(target, attempt);
  await ensureFreeSpace(output.folder, expect.bytes ?? 0, attempt);
  const scan = new ArchiveScan(attempt);
  const sequence = new LayerSequence(output, expect.diffIds, expect.first);
  for await (const layer of scan.layers(watch(request))) await sequence.add(layer);
  const image = selectImage(scan, expect.diffIds);
  const manifest = formatManifest(image, expect.tag);
  await output.appendBytes(configName(image), image.configBytes);
  await output.appendBytes("manifest.json", new TextEncoder().encode(manifest));
  signal?.throwIfAborted();
  return {
    file: output.target,
    ...(await output.commit()),
    imageConfigDigest: image.configDigest,
    layers: image.layers.map(({ diffId, bytes }) => ({ digest: withPrefix(diffId), bytes })),
  };
}

// --- internal ---

async function* watch(request: WriteArchiveRequest): AsyncGenerator<Uint8Array> {
  const { source, signal, onProgress } = request;
  let bytes = 0;
  let collected = 0;
  signal?.throwIfAborted();
  for await (const chunk of source) {
    bytes += chunk.length;
    yield chunk;
    signal?.throwIfAborted();
    onProgress?.(bytes);
    if (bytes - collected < COLLECT_EVERY) continue;
    // The runtime is slow to give back the buffers of a pipe: 140 MB at the peak in place of 95.
    Bun.gc(true);
    collected = bytes;
  }
}

const COLLECT_EVERY = 64 * 1024 * 1024;

function configName(image: SelectedImage): string {
  return `${withoutPrefix(image.configDigest)}.json`;
}

function formatManifest(image: SelectedImage, tag: string): string {
  const entry = {
    Config: configName(image),
    RepoTags: [tag],
    Layers: image.layers.map(({ diffId }) => `${diffId}.tar`),
  };
  return `${JSON.stringify([entry])}\n`;
}
