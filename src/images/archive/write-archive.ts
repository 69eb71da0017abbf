/**
 * Writes the archive of an image: the same bytes whichever engine saved it.
 *
 * The format is docker-archive as every engine loads it and the Nua orchestrator reads it:
 * `DIGEST.tar` for each layer, uncompressed and lowest first; `DIGEST.json`, the image's config
 * byte for byte; `manifest.json`. All headers
 * have mode 0644, owner 0 and time 0. (`repositories` is not needed: every engine since Docker
 * 1.10 reads manifest.json.)
 */
import { resolve } from "node:path";
import { archiveError } from "../../lib/archive-error.ts";
import { withoutPrefix, withPrefix } from "../../lib/digest.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { ArchiveOutput, type Spool } from "./archive-output.ts";
import type { Beginning } from "./begin-archive.ts";
import { type ArchiveForm, PLAIN_FORM, type Written } from "./destination.ts";
import { ensureFreeSpace } from "./disk.ts";
import { LayerSequence } from "./layer-sequence.ts";
import { ArchiveScan } from "./scan-archive.ts";
import { type SelectedImage, selectImage } from "./select-image.ts";
import { formatThin, type NeededImage, THIN_MEMBER } from "./thin.ts";

/** The files of an archive: itself, or its parts. */
export function archiveFiles({ file, parts }: SavedArchive): string[] {
  return parts.length === 0 ? [file] : parts.map((part) => part.file);
}

/** What is known of an image (of several: of the first) whose archive has been written. */
export interface WrittenImage extends Written {
  /** `sha256:…`, the image's id in every engine but one with a containerd store. */
  imageConfigDigest: string;
  /** Lowest first; a layer that the image has twice is listed twice. */
  layers: { digest: string; bytes: number }[];
}

/** An archive that has been written, or was there already. */
export interface SavedArchive extends WrittenImage {
  /** Absolute path. */
  file: string;
}

/** An image as it is wanted in an archive. */
export interface WantedImage {
  /** The one tag that the archive gives to the image. */
  tag: string;
  /** For an engine, what it is to call the image in place of that. */
  loadAs?: string | undefined;
  /** Digests of the uncompressed layers, lowest first, as `image inspect` tells them. */
  diffIds: readonly string[];
}

export interface ImageRequest {
  /** What `docker save` or `podman save` prints: of the images wanted, in whatever layout. */
  source: ByteChunks;
  /** Further archives, for layers that the first leaves out. */
  bases?: readonly ByteChunks[];
  expect: WantedImage & {
    /** Further images in the same archive; a layer that several have is in it once. */
    others?: readonly WantedImage[] | undefined;
    /** Digest of a layer that comes before all others. */
    first?: string | undefined;
    /** How large the archive will be, roughly; without it a full disk is noticed later. */
    bytes?: number | undefined;
  };
  /** Layers that are left out, and the image that has them. */
  thin?: { tag: string; diffIds: readonly string[] } | undefined;
  /** Layers that are at hand already, by digest without prefix; see {@link openKnownLayers}. */
  known?: ReadonlyMap<string, Spool> | undefined;
  /** What of the archive is written already. */
  beginning?: Beginning | undefined;
  /** What the archive has to wait for until it gets its name; when it fails, there is none. */
  approval?: Promise<void> | null;
  /** Honoured at each chunk; a source that hangs has to honour it itself. */
  signal?: AbortSignal | undefined;
  /** @param bytes read from the source so far */
  onProgress?: ((bytes: number) => void) | undefined;
}

export interface WriteArchiveRequest extends ImageRequest {
  /** The file to write; an older archive of the same app is replaced. */
  target: string;
  form?: ArchiveForm;
}

/**
 * Memory stays flat whatever the size of the image. Writes `FILE.sha256` beside the archive.
 * @throws NuaError (archive) when the disk is full, or the stream is not that image, whole
 * @throws the signal's reason, and whatever the source throws; no file is left then
 */
export async function writeArchive(request: WriteArchiveRequest): Promise<SavedArchive> {
  const { target, expect, form = PLAIN_FORM } = request;
  const attempt = `Save archive "${target}"`;
  const { beginning } = request;
  const tags = [expect, ...(expect.others ?? [])].map(({ tag }) => tag);
  await using output =
    beginning?.output ?? (await ArchiveOutput.toFile(target, attempt, { ...form, tags }));
  if (!beginning) await ensureFreeSpace(output.folder, expect.bytes ?? 0, attempt);
  return { file: resolve(target), ...(await writeImage(output, request)) };
}

/** The same to any output, which is ended. */
export async function writeImage(
  output: ArchiveOutput,
  request: ImageRequest,
): Promise<WrittenImage> {
  const { expect, signal, thin } = request;
  const { attempt } = output;
  const scan = new ArchiveScan(attempt);
  const leftOut = thin?.diffIds ?? [];
  const wanted = [expect, ...(expect.others ?? [])];
  const order = wanted.flatMap(({ diffIds }) => diffIds);
  const sequence = new LayerSequence(output, order, {
    first: expect.first,
    leftOut,
    known: request.known,
    written: request.beginning?.written,
  });
  // The engine takes a while until it sends anything.
  const source = prefetch(watch(request.source, request));
  await sequence.begin();
  for await (const layer of scan.layers(source)) await sequence.add(layer);
  for (const base of request.bases ?? []) await takeLayers({ base, scan, sequence }, request);
  for (const [diffId, bytes] of sequence.atHand) {
    const name = `${diffId}.tar`;
    if (!scan.layerRecords.has(name))
      scan.layerRecords.set(name, { name, offset: 0, diffId, bytes });
  }
  const images = wanted.map(({ tag, loadAs = tag, diffIds }) => ({
    tag: loadAs,
    ...selectImage(scan, diffIds, tag),
  }));
  const [image] = images as [TaggedImage];
  if (sequence.missing.length > 0) {
    const missing = sequence.missing.map(withPrefix).join(", ");
    throw archiveError({ attempt }, `of its layers ${missing} are missing`);
  }
  if (thin) {
    const needs = formatThin([neededImage(image, thin)]);
    await output.appendBytes(THIN_MEMBER, needs);
  }
  const configs = new Map(images.map((one) => [configName(one), one.configBytes]));
  for (const [name, bytes] of configs) await output.appendBytes(name, bytes);
  const manifest = formatManifest(images);
  await output.appendBytes("manifest.json", new TextEncoder().encode(manifest));
  signal?.throwIfAborted();
  await request.approval;
  return {
    ...(await output.commit()),
    imageConfigDigest: image.configDigest,
    layers: image.layers.map(({ diffId, bytes }) => ({ digest: withPrefix(diffId), bytes })),
  };
}

// --- internal ---

type TaggedImage = SelectedImage & { tag: string };

/** Takes from another archive what the first has left out. */
async function takeLayers(
  { base, scan, sequence }: { base: ByteChunks; scan: ArchiveScan; sequence: LayerSequence },
  request: ImageRequest,
): Promise<void> {
  const other = new ArchiveScan(scan.attempt);
  for await (const layer of other.layers(watch(base, request))) await sequence.add(layer);
  for (const record of other.layerRecords.values()) {
    const name = `${record.diffId}.tar`;
    if (!scan.layerRecords.has(name)) scan.layerRecords.set(name, { ...record, name });
  }
}

function neededImage(
  { layers }: SelectedImage,
  { tag, diffIds }: NonNullable<ImageRequest["thin"]>,
): NeededImage {
  const wanted = layers.filter(({ diffId }) => diffIds.includes(withPrefix(diffId)));
  return {
    tag,
    layers: wanted.map(({ diffId, bytes }) => ({ digest: withPrefix(diffId), bytes })),
  };
}

/** Asks for the first chunk at once, whenever it is read. */
function prefetch(source: AsyncGenerator<Uint8Array>): ByteChunks {
  const first = source.next();
  // Whoever reads it gets the error.
  first.catch(() => {});
  return (async function* () {
    try {
      for (let next = await first; !next.done; next = await source.next()) yield next.value;
    } finally {
      await source.return(undefined);
    }
  })();
}

async function* watch(
  source: ByteChunks,
  { signal, onProgress }: ImageRequest,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  signal?.throwIfAborted();
  for await (const chunk of source) {
    bytes += chunk.length;
    yield chunk;
    signal?.throwIfAborted();
    onProgress?.(bytes);
  }
}

function configName(image: Pick<SelectedImage, "configDigest">): string {
  return `${withoutPrefix(image.configDigest)}.json`;
}

function formatManifest(images: readonly TaggedImage[]): string {
  const entries = images.map(({ tag, ...image }) => ({
    Config: configName(image),
    RepoTags: [tag],
    Layers: image.layers.map(({ diffId }) => `${diffId}.tar`),
  }));
  return `${JSON.stringify(entries)}\n`;
}
