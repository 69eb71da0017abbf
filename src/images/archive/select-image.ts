/** Which image a scanned archive holds: pure, from its JSON documents. */
import { archiveError } from "../../lib/archive-error.ts";
import { sha256Hex, withoutPrefix, withPrefix } from "../../lib/digest.ts";
import {
  dockerManifestSchema,
  type ImageConfig,
  imageConfigSchema,
  type OciDescriptor,
  type OciIndex,
  ociIndexSchema,
  ociManifestSchema,
  parseDocument,
} from "./image-json.ts";
import type { ArchiveScan, LayerRecord, ScannedDocument } from "./scan-archive.ts";
import { type NeededImage, parseThin, THIN_MEMBER } from "./thin.ts";

export interface SelectedImage {
  tags: string[];
  config: ImageConfig;
  /** As they are in the archive; their digest is the image's id in most engines. */
  configBytes: Uint8Array;
  /** `sha256:…` */
  configDigest: string;
  /** Lowest first; verified against the config. */
  layers: ImageLayer[];
  /** What a thin archive leaves out; empty for any other. */
  needs: NeededImage[];
}

/** A layer of the image; one that the archive leaves out was not verified. */
export interface ImageLayer extends LayerRecord {
  isLeftOut: boolean;
}

/**
 * @param diffIds the layers of the image that is wanted, when the archive may hold several
 * @param tag of that image, in case that several have those layers
 * @throws NuaError (archive) when there is none or more than one, or a layer is missing or wrong
 */
export function selectImage(
  scan: ArchiveScan,
  diffIds?: readonly string[],
  tag?: string,
): SelectedImage {
  const candidates = listImages(scan).map((image) => readConfig(scan, image));
  const wanted = diffIds
    ? candidates.filter(({ config }) => isSameList(config.rootfs.diff_ids, diffIds))
    : candidates;
  const fitting = preferHost(wanted);
  // The very layers may belong to several images, which differ in how they are run.
  const image = fitting.find(({ tags }) => tag !== undefined && tags.includes(tag)) ?? fitting[0];
  if (image === undefined) throw archiveError(scan, "it does not hold the image that is wanted");
  if (!diffIds && fitting.length > 1) {
    const tags = wanted.flatMap((candidate) => candidate.tags);
    throw archiveError(scan, `it holds ${wanted.length} images: ${tags.join(", ")}`, {
      hint: "save each image into an archive of its own",
    });
  }
  return complete(scan, image);
}

/**
 * All images of an archive, in its order; of one for several platforms, that for this machine.
 * @throws NuaError (archive) when there is none, or a layer is missing or wrong
 */
export function selectImages(scan: ArchiveScan): SelectedImage[] {
  const candidates = listImages(scan).map((image) => readConfig(scan, image));
  if (candidates.length === 0) throw archiveError(scan, "it holds no image");
  const byTag = Map.groupBy(candidates, ({ tags }) => tags.join());
  // Without a tag there is nothing to tell images from platforms of one image.
  return [...byTag.values()].map((alike) => complete(scan, preferHost(alike)[0]!));
}

// --- internal ---

/** An image as a manifest tells it; names are those of members. */
interface ImageEntry {
  tags: string[];
  config: string;
  layers: string[];
}

type Candidate = Omit<SelectedImage, "layers" | "needs"> & { layerNames: string[] };

function complete(scan: ArchiveScan, image: Candidate): SelectedImage {
  const needs = readNeeds(scan);
  return { ...image, layers: matchLayers(scan, image, needs), needs };
}

function readNeeds(scan: ArchiveScan): NeededImage[] {
  const document = scan.documents.get(THIN_MEMBER);
  return document === undefined ? [] : parseThin(document.bytes, document.place);
}

function listImages(scan: ArchiveScan): ImageEntry[] {
  const manifest = scan.documents.get("manifest.json");
  if (manifest) {
    return parseDocument(dockerManifestSchema, manifest.bytes, manifest.place).map((entry) => ({
      tags: entry.RepoTags ?? [],
      config: entry.Config,
      layers: entry.Layers ?? [],
    }));
  }
  const index = scan.documents.get("index.json");
  if (index) return listOciImages(scan, index);
  throw archiveError(scan, 'it has neither "manifest.json" nor "index.json"', {
    hint: "give an archive as docker save, podman save or skopeo copy write it",
  });
}

function listOciImages(scan: ArchiveScan, index: ScannedDocument, depth = 0): ImageEntry[] {
  const { manifests } = parseDocument(ociIndexSchema, index.bytes, index.place);
  return manifests.filter(isRunnable).flatMap((descriptor) => {
    const document = scan.documents.get(blobName(descriptor));
    // Of an image for several platforms an engine saves those that it holds.
    if (document === undefined) return [];
    const tags = tagsOf(descriptor);
    if (isIndex(descriptor) && depth < INDEX_DEPTH) {
      return listOciImages(scan, document, depth + 1).map((image) => ({
        ...image,
        tags: [...tags, ...image.tags],
      }));
    }
    const { config, layers } = parseDocument(ociManifestSchema, document.bytes, document.place);
    return { tags, config: blobName(config), layers: layers.map(blobName) };
  });
}

const INDEX_DEPTH = 3;

/** Attestations (provenance, SBOM) stand in an index beside the image, for no platform. */
function isRunnable({ platform, annotations }: OciIndex["manifests"][number]): boolean {
  return platform?.os !== "unknown" && !annotations?.["vnd.docker.reference.type"];
}

function isIndex({ mediaType }: OciDescriptor): boolean {
  return /image\.index|manifest\.list/.test(mediaType);
}

function blobName({ digest }: OciDescriptor): string {
  return `blobs/sha256/${withoutPrefix(digest)}`;
}

/** containerd writes the whole name; others the tag alone, or the name in its place. */
function tagsOf({ annotations }: OciDescriptor): string[] {
  const name =
    annotations?.["io.containerd.image.name"] ?? annotations?.["org.opencontainers.image.ref.name"];
  return name === undefined ? [] : [name.replace(/^docker\.io\/(library\/)?/, "")];
}

function readConfig(scan: ArchiveScan, image: ImageEntry): Candidate {
  const document = scan.documents.get(scan.resolve(image.config));
  if (document === undefined) {
    throw archiveError(scan, `the image config "${image.config}" is missing`);
  }
  return {
    tags: image.tags,
    config: parseDocument(imageConfigSchema, document.bytes, document.place),
    configBytes: document.bytes,
    configDigest: withPrefix(sha256Hex(document.bytes)),
    layerNames: image.layers,
  };
}

/** The candidates for this machine's processor, if there are any; else all. */
function preferHost(candidates: Candidate[]): Candidate[] {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const fitting = candidates.filter(({ config }) => config.architecture === architecture);
  return fitting.length > 0 ? fitting : candidates;
}

function matchLayers(
  scan: ArchiveScan,
  { config, layerNames }: Candidate,
  needs: readonly NeededImage[],
): ImageLayer[] {
  const diffIds = config.rootfs.diff_ids ?? [];
  if (diffIds.length !== layerNames.length) {
    const counts = `${layerNames.length} layers, its config ${diffIds.length}`;
    throw archiveError(scan, `the manifest lists ${counts}`);
  }
  const leftOut = new Map(
    needs.flatMap(({ layers }) => layers.map((layer) => [layer.digest, layer])),
  );
  return layerNames.map((name, index) => {
    const record = scan.layerRecords.get(scan.resolve(name));
    if (record === undefined) {
      const needed = leftOut.get(diffIds[index] ?? "");
      if (needed === undefined) throw archiveError(scan, `the layer "${name}" is missing`);
      const diffId = withoutPrefix(needed.digest);
      return { name, offset: 0, diffId, bytes: needed.bytes, isLeftOut: true };
    }
    const actual = withPrefix(record.diffId);
    if (actual !== diffIds[index]) {
      const place = { attempt: scan.attempt, member: record.name, offset: record.offset };
      throw archiveError(place, `its digest is ${actual}, in the config ${diffIds[index]}`);
    }
    return { ...record, isLeftOut: false };
  });
}

function isSameList(left: readonly string[] | null | undefined, right: readonly string[]): boolean {
  return left?.length === right.length && right.every((value, index) => left[index] === value);
}
