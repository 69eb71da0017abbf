/** Config and layer files -> a docker-archive stream, as `docker load` reads it. */
import { withoutPrefix } from "../../lib/digest.ts";
import { fileChunks } from "../../lib/input-file.ts";
import { TAR_END, tarMember } from "../../lib/tar/write.ts";

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
    if (file !== undefined) yield* tarMember({ name, size: bytes }, fileChunks(file));
  }
  const configs = new Map(images.map((image) => [configName(image), image.configBytes]));
  for (const [name, bytes] of configs) yield* tarMember({ name, size: bytes.length }, bytes);
  const manifest = images.map((image) => ({
    Config: configName(image),
    RepoTags: [image.tag],
    Layers: image.layers.map(memberName),
  }));
  const bytes = new TextEncoder().encode(JSON.stringify(manifest));
  yield* tarMember({ name: "manifest.json", size: bytes.length }, bytes);
  yield TAR_END;
}

// --- internal ---

function memberName({ diffId }: StreamedLayer): string {
  return `${withoutPrefix(diffId)}.tar`;
}

function configName({ configDigest }: StreamedImage): string {
  return `${withoutPrefix(configDigest)}.json`;
}
