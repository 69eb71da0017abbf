/** What is known of an image: the output of `image inspect`, parsed. */
import * as v from "valibot";

/** What is known of an image that the engine holds. */
export interface ImageFacts {
  /** `sha256:…`: of the config, or of the manifest in a containerd store. */
  id: string;
  /**
   * Whether the id is that of a manifest: then the engine keeps images in a containerd store,
   * which takes no image whose lower layers are left out.
   */
  isManifest: boolean;
  tags: string[];
  labels: Record<string, string>;
  /** Digests of the uncompressed layers, lowest first. */
  diffIds: string[];
  /** Size in bytes, as the engine counts it. */
  bytes: number;
  user: string;
  cmd: string[];
  /** How a container of it is run, as the engine tells it. */
  config: Record<string, unknown>;
  created: string;
  /** What it runs on, in Docker's words. */
  platform: { os: string; architecture: string; variant: string };
}

/** @throws SyntaxError or ValiError for something else than what engines print */
export function parseImages(json: string): ImageFacts[] {
  return v.parse(imagesSchema, JSON.parse(json)).map(readFacts);
}

/** podman writes out whose images those are that come from no registry. */
export function shortName(tag: string): string {
  return tag.replace(/^localhost\//, "");
}

// --- internal ---

const imagesSchema = v.array(
  v.object({
    Id: v.string(),
    RepoTags: v.nullish(v.array(v.string())),
    RepoDigests: v.nullish(v.array(v.string())),
    /** Of the manifest, from Docker 28 on. */
    Descriptor: v.optional(v.unknown()),
    Created: v.nullish(v.string()),
    Size: v.number(),
    Os: v.optional(v.string(), "linux"),
    Architecture: v.optional(v.string(), ""),
    Variant: v.nullish(v.string()),
    /** podman tells it here. */
    Healthcheck: v.optional(v.unknown()),
    RootFS: v.object({ Layers: v.nullish(v.array(v.string())) }),
    Config: v.nullish(
      v.looseObject({
        Labels: v.nullish(v.record(v.string(), v.string())),
        User: v.nullish(v.string()),
        Cmd: v.nullish(v.array(v.string())),
      }),
    ),
  }),
);

function readFacts(image: v.InferOutput<typeof imagesSchema>[number]): ImageFacts {
  const digests = image.RepoDigests ?? [];
  return {
    id: image.Id,
    isManifest: image.Descriptor != null || digests.some((name) => name.endsWith(`@${image.Id}`)),
    tags: (image.RepoTags ?? []).map(shortName),
    labels: image.Config?.Labels ?? {},
    diffIds: image.RootFS.Layers ?? [],
    bytes: image.Size,
    user: image.Config?.User ?? "",
    cmd: image.Config?.Cmd ?? [],
    config: { Healthcheck: image.Healthcheck, ...image.Config },
    created: image.Created ?? "",
    platform: { os: image.Os, architecture: image.Architecture, variant: image.Variant ?? "" },
  };
}
