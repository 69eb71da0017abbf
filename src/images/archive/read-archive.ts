/** What is in an archive, read from its bytes alone: no engine is needed. */

import { withPrefix } from "../../lib/digest.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { type ImageConfig, parseJson } from "./image-json.ts";
import { type FileSize, inspectLayer, type LayerContents, largestOf } from "./inspect-layer.ts";
import { openArchive } from "./open-archive.ts";
import { ArchiveScan } from "./scan-archive.ts";
import { type SelectedImage, selectImage } from "./select-image.ts";
import type { NeededImage } from "./thin.ts";

export interface ArchiveLayer {
  /** `sha256:…` of the uncompressed layer. */
  digest: string;
  /** Uncompressed. */
  bytes: number;
  /** The command that made it; empty when the image does not say. */
  createdBy: string;
  /** Whether a thin archive leaves it out. */
  isLeftOut: boolean;
}

export interface ArchiveSummary {
  tags: string[];
  /** `sha256:…` */
  configDigest: string;
  labels: Record<string, string>;
  /** The image that this one was built on, from its labels; null when they do not say. */
  base: string | null;
  /** The image's config, with every key that it has. */
  config: ImageConfig;
  /** Lowest first. */
  layers: ArchiveLayer[];
  /** The largest files in the layers, with the layer that holds each. */
  largestFiles: (FileSize & { layer: string })[];
  /** The images that a thin archive needs; empty for any other. */
  needs: NeededImage[];
  /** The normalized nua-config in the image; absent when it is not an image of Nua. */
  nuaConfig?: unknown;
}

/** Source: OCI Image Format Specification, "Pre-Defined Annotation Keys". */
export const BASE_LABEL = "org.opencontainers.image.base.name";

/**
 * Reads an archive as Docker, podman, skopeo and others write it (docker-archive or OCI layout,
 * itself gzip, xz or zstd compressed or not, in parts or not) to its end, and verifies every
 * digest in it. Memory stays flat. (Offsets in messages count in the decompressed stream.)
 * @throws NuaError (archive), with the member and its offset, when anything is wrong with it
 */
export async function readArchive(file: string): Promise<ArchiveSummary> {
  const attempt = `Read archive "${file}"`;
  const { chunks, totalBytes } = await openArchive(file, attempt);
  return readArchiveStream(chunks, { attempt, totalBytes });
}

/** The same for a stream of tar bytes. @param options.attempt for messages */
export async function readArchiveStream(
  chunks: ByteChunks,
  options: { attempt: string; totalBytes?: number | undefined },
): Promise<ArchiveSummary> {
  const { attempt, totalBytes } = options;
  const scan = new ArchiveScan(attempt);
  const contents = new Map<string, LayerContents>();
  for await (const layer of scan.layers(chunks, { totalBytes })) {
    contents.set(layer.name, await inspectLayer(layer, NUA_CONFIG, attempt));
  }
  const image = selectImage(scan);
  const holder = image.layers.findLast(({ name }) => contents.get(name)?.found);
  const place = { attempt, member: holder?.name, offset: holder?.offset };
  const labels = image.config.config?.Labels ?? {};
  return {
    tags: image.tags,
    configDigest: image.configDigest,
    labels,
    base: labels[BASE_LABEL] ?? null,
    config: image.config,
    layers: describeLayers(image),
    largestFiles: largestOf(listFiles(image, contents)),
    needs: image.needs,
    ...(holder && { nuaConfig: parseJson(contents.get(holder.name)!.found!, place) }),
  };
}

// --- internal ---

/** As it stands in a layer. */
const NUA_CONFIG = "nua/metadata/nua-config.json";

/** An entry of the history belongs to a layer, unless it says that it made none. */
function describeLayers({ config, layers }: SelectedImage): ArchiveLayer[] {
  const history = (config.history ?? []).filter((entry) => entry.empty_layer !== true);
  return layers.map(({ diffId, bytes, isLeftOut }, index) => ({
    digest: withPrefix(diffId),
    bytes,
    createdBy: history[index]?.created_by ?? "",
    isLeftOut,
  }));
}

/** A layer that an image has twice counts once. */
function listFiles({ layers }: SelectedImage, contents: ReadonlyMap<string, LayerContents>) {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  return [...byName.values()].flatMap(({ name, diffId }) =>
    (contents.get(name)?.largest ?? []).map((file) => ({ ...file, layer: withPrefix(diffId) })),
  );
}
