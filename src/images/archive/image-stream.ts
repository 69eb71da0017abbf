/** Images out of their parts, as a stream in the layout that every engine loads. */
import { withoutPrefix } from "../../lib/digest.ts";
import { fileChunks } from "../../lib/input-file.ts";
import { encodeTarHeader, TAR_BLOCK, tarPadding } from "../../lib/tar/header.ts";

/** A layer of it; one without a file is left out, for an engine that holds it already. */
export interface StreamedLayer {
  /** `sha256:…` */
  diffId: string;
  /** Bytes of the file. */
  bytes: number;
  /** The uncompressed layer. */
  file?: string | undefined;
}

export interface StreamedImage {
  configBytes: Uint8Array;
  /** `sha256:…` */
  configDigest: string;
  /** Lowest first. */
  layers: readonly StreamedLayer[];
}

/** Its layers, config and manifest. */
export function imageStream(image: StreamedImage, tag: string): AsyncGenerator<Uint8Array, void> {
  return imagesStream([{ ...image, tag }]);
}

/** The same of several images; what they have in common is in it once. */
export async function* imagesStream(
  images: readonly (StreamedImage & { tag: string })[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const layers = images.flatMap((image) => image.layers);
  const members = new Map(layers.map((layer) => [memberName(layer), layer]));
  for (const [name, { bytes, file }] of members) {
    if (file === undefined) continue;
    yield encodeTarHeader({ name, size: bytes });
    yield* fileChunks(file);
    yield new Uint8Array(tarPadding(bytes));
  }
  const configs = new Map(images.map((image) => [configName(image), image.configBytes]));
  for (const [name, bytes] of configs) yield* documentMember(name, bytes);
  const manifest = images.map((image) => ({
    Config: configName(image),
    RepoTags: [image.tag],
    Layers: image.layers.map(memberName),
  }));
  yield* documentMember("manifest.json", new TextEncoder().encode(JSON.stringify(manifest)));
  yield new Uint8Array(2 * TAR_BLOCK);
}

// --- internal ---

function memberName({ diffId }: StreamedLayer): string {
  return `${withoutPrefix(diffId)}.tar`;
}

function configName({ configDigest }: StreamedImage): string {
  return `${withoutPrefix(configDigest)}.json`;
}

function* documentMember(name: string, bytes: Uint8Array): Generator<Uint8Array> {
  yield encodeTarHeader({ name, size: bytes.length });
  yield bytes;
  yield new Uint8Array(tarPadding(bytes.length));
}
