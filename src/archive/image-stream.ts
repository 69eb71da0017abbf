/** An image out of its parts, as a stream in the layout that every engine loads. */
import { withoutPrefix } from "./digest.ts";
import { fileChunks } from "./input-file.ts";
import { encodeTarHeader, TAR_BLOCK, tarPadding } from "./tar-header.ts";

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
export async function* imageStream(
  { configBytes, configDigest, layers }: StreamedImage,
  tag: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const members = new Map(layers.map((layer) => [memberName(layer), layer]));
  for (const [name, { bytes, file }] of members) {
    if (file === undefined) continue;
    yield encodeTarHeader({ name, size: bytes });
    yield* fileChunks(file);
    yield new Uint8Array(tarPadding(bytes));
  }
  const Config = `${withoutPrefix(configDigest)}.json`;
  const manifest = JSON.stringify([{ Config, RepoTags: [tag], Layers: layers.map(memberName) }]);
  yield* documentMember(Config, configBytes);
  yield* documentMember("manifest.json", new TextEncoder().encode(manifest));
  yield new Uint8Array(2 * TAR_BLOCK);
}

// --- internal ---

function memberName({ diffId }: StreamedLayer): string {
  return `${withoutPrefix(diffId)}.tar`;
}

function* documentMember(name: string, bytes: Uint8Array): Generator<Uint8Array> {
  yield encodeTarHeader({ name, size: bytes.length });
  yield bytes;
  yield new Uint8Array(tarPadding(bytes.length));
}
