/** What is in an archive, read from the file alone: no engine is needed. */
import { withPrefix } from "./digest.ts";
import { type ImageConfig, parseJson } from "./image-json.ts";
import { findLayerFile } from "./layer-file.ts";
import { openArchive } from "./open-archive.ts";
import { ArchiveScan } from "./scan-archive.ts";
import { type SelectedImage, selectImage } from "./select-image.ts";

export interface ArchiveLayer {
  /** `sha256:…` of the uncompressed layer. */
  digest: string;
  /** Uncompressed. */
  bytes: number;
  /** The command that made it; empty when the image does not say. */
  createdBy: string;
}

export interface ArchiveSummary {
  tags: string[];
  /** `sha256:…` */
  configDigest: string;
  labels: Record<string, string>;
  /** The image's config, with every key that it has. */
  config: ImageConfig;
  /** Lowest first. */
  layers: ArchiveLayer[];
  /** The normalized nua-config in the image; absent when it is not an image of Nua. */
  nuaConfig?: unknown;
}

/**
 * Reads an archive as Docker, podman, skopeo and others write it (docker-archive or OCI layout,
 * itself gzip, xz or zstd compressed or not) to its end, and verifies every digest in it.
 * Memory stays flat. (Offsets in messages count in the decompressed stream.)
 * @throws NuaError (archive), with the member and its offset, when anything is wrong with it
 */
export async function readArchive(file: string): Promise<ArchiveSummary> {
  const attempt = `Read archive "${file}"`;
  const { chunks, totalBytes } = await openArchive(file, attempt);
  const scan = new ArchiveScan(attempt);
  const nuaConfigs = new Map<string, Uint8Array>();
  for await (const layer of scan.layers(chunks, { totalBytes })) {
    const found = await findLayerFile(layer, NUA_CONFIG, attempt);
    if (found) nuaConfigs.set(layer.name, found);
  }
  const image = selectImage(scan);
  const holder = image.layers.findLast(({ name }) => nuaConfigs.has(name));
  const place = { attempt, member: holder?.name, offset: holder?.offset };
  return {
    tags: image.tags,
    configDigest: image.configDigest,
    labels: image.config.config?.Labels ?? {},
    config: image.config,
    layers: describeLayers(image),
    ...(holder && { nuaConfig: parseJson(nuaConfigs.get(holder.name)!, place) }),
  };
}

// --- internal ---

/** As it stands in a layer. */
const NUA_CONFIG = "nua/metadata/nua-config.json";

/** An entry of the history belongs to a layer, unless it says that it made none. */
function describeLayers({ config, layers }: SelectedImage): ArchiveLayer[] {
  const history = (config.history ?? []).filter((entry) => entry.empty_layer !== true);
  return layers.map(({ diffId, bytes }, index) => ({
    digest: withPrefix(diffId),
    bytes,
    createdBy: history[index]?.created_by ?? "",
  }));
}
