/**
 * The JSON documents inside an image archive.
 *
 * Sources of the formats: Docker Image Specification v1.2 (manifest.json, config), OCI Image
 * Format Specification v1.1 (index, manifest, descriptors).
 */
import * as v from "valibot";
import { type ArchivePlace, archiveError } from "../../lib/archive-error.ts";

/** `sha256:` and 64 hexadecimal digits. */
export const digestSchema = v.pipe(
  v.string(),
  v.regex(/^sha256:[0-9a-f]{64}$/, "expected sha256: and 64 hexadecimal digits"),
);

/** manifest.json of `docker save` and `podman save`: one entry for each image. */
export const dockerManifestSchema = v.pipe(
  v.array(
    v.object({
      Config: v.string(),
      RepoTags: v.nullish(v.array(v.string()), []),
      Layers: v.nullish(v.array(v.string()), []),
    }),
  ),
  v.minLength(1, "expected an image"),
);

const descriptorSchema = v.object({
  mediaType: v.optional(v.string(), ""),
  digest: digestSchema,
  platform: v.optional(
    v.object({ architecture: v.optional(v.string(), ""), os: v.optional(v.string(), "") }),
  ),
  annotations: v.nullish(v.record(v.string(), v.string()), {}),
});

/** index.json, or an image index inside blobs/. */
export const ociIndexSchema = v.object({ manifests: v.array(descriptorSchema) });

export const ociManifestSchema = v.object({
  config: descriptorSchema,
  layers: v.array(descriptorSchema),
});

/** The config of an image; keys that nothing here reads are kept. */
export const imageConfigSchema = v.looseObject({
  architecture: v.optional(v.string()),
  os: v.optional(v.string()),
  created: v.nullish(v.string()),
  config: v.nullish(v.looseObject({ Labels: v.nullish(v.record(v.string(), v.string())) })),
  rootfs: v.looseObject({ diff_ids: v.nullish(v.array(digestSchema), []) }),
  history: v.nullish(
    v.array(
      v.looseObject({
        created_by: v.optional(v.string()),
        empty_layer: v.optional(v.boolean()),
      }),
    ),
  ),
});

export type DockerManifest = v.InferOutput<typeof dockerManifestSchema>;
export type OciIndex = v.InferOutput<typeof ociIndexSchema>;
export type OciDescriptor = v.InferOutput<typeof descriptorSchema>;
export type ImageConfig = v.InferOutput<typeof imageConfigSchema>;

/** @throws NuaError (archive) when the bytes are not JSON, or not of that shape */
export function parseDocument<Schema extends v.GenericSchema>(
  schema: Schema,
  bytes: Uint8Array,
  place: ArchivePlace,
): v.InferOutput<Schema> {
  // The first problem is told; a list of all of them could be longer than the document.
  const parsed = v.safeParse(schema, parseJson(bytes, place), { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  throw archiveError(place, `${path === null ? "" : `${path}: `}${issue.message}`);
}

/** @throws NuaError (archive) when the bytes are not JSON in UTF-8, or would take far more memory */
export function parseJson(bytes: Uint8Array, place: ArchivePlace): unknown {
  if (!isModest(bytes)) {
    throw archiveError(
      place,
      "it is not JSON that is read: nested too deeply, or with too many values",
    );
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw archiveError(place, "it is not JSON", { cause });
  }
}

// --- internal ---

/** No document here goes deeper than ten. */
const DEPTH_LIMIT = 64;
/** Lists, objects and what is in them: an exchange of a bundle has twenty. */
const VALUES_LIMIT = 4_000_000;

/** Three bytes of text may become a list of fifty: counted before there are any. */
function isModest(bytes: Uint8Array): boolean {
  let depth = 0;
  let values = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isText) {
      if (byte === CHARACTER.backslash) at += 1;
      else if (byte === CHARACTER.quote) isText = false;
    } else if (byte === CHARACTER.quote) isText = true;
    else if (byte === CHARACTER.comma) values += 1;
    else if (byte === CHARACTER.openList || byte === CHARACTER.openObject) {
      depth += 1;
      values += 4;
      if (depth > DEPTH_LIMIT) return false;
    } else if (byte === CHARACTER.closeList || byte === CHARACTER.closeObject) depth -= 1;
    if (values > VALUES_LIMIT) return false;
  }
  return true;
}

const CHARACTER = {
  quote: 0x22,
  comma: 0x2c,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;
