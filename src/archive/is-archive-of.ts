/** Whether the archive that is there already is of an image: then it need not be written again. */
import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import { findChecksum } from "./checksum-file.ts";
import { sha256Hex, withoutPrefix, withPrefix } from "./digest.ts";
import {
  dockerManifestSchema,
  type ImageConfig,
  imageConfigSchema,
  parseDocument,
} from "./image-json.ts";
import type { FileExtent } from "./input-file.ts";
import { listMembers } from "./list-members.ts";
import { pickRunConfig } from "./run-config.ts";
import type { SavedArchive } from "./write-archive.ts";

/** What is known of the image; all of it has to fit. */
export interface ImageIdentity {
  tag: string;
  /** `sha256:…`; the surest, but engines with a containerd store do not tell it. */
  configDigest?: string | undefined;
  /** Digests of the uncompressed layers, lowest first. */
  diffIds?: readonly string[] | undefined;
  /** What a thin archive of it leaves out. */
  thin?: { tag: string; diffIds: readonly string[] } | undefined;
  /** How a container of it is run. */
  config?: Readonly<Record<string, unknown>> | undefined;
  /** When the image was made, as its config writes it. */
  created?: string | undefined;
}

/**
 * Compares headers, manifest and config of an archive that {@link writeArchive} has written.
 * The layers are not read: that the file is unharmed is taken from its size, and from its
 * checksum file being no older than the archive.
 * @returns the archive; undefined when it is of another image, missing, compressed or damaged
 */
export async function isArchiveOf(
  file: string,
  identity: ImageIdentity,
): Promise<SavedArchive | undefined> {
  const sha256 = await findChecksum(file);
  if (sha256 === undefined) return undefined;
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const image = await readImage(handle, size, identity.thin?.diffIds ?? []);
    if (image === undefined || !isImage(image, identity)) return undefined;
    const { configDigest: imageConfigDigest, layers } = image;
    return { file: resolve(file), bytes: size, sha256, parts: [], imageConfigDigest, layers };
  } catch {
    // Whatever is wrong with it: it will be written anew.
    return undefined;
  } finally {
    await handle.close();
  }
}

// --- internal ---

interface FoundImage {
  tags: string[];
  configDigest: string;
  config: ImageConfig;
  layers: { digest: string; bytes: number }[];
}

/** Of each document; what is longer was not written by us. */
const DOCUMENT_LIMIT = 4 * 1024 * 1024;

async function readImage(
  handle: FileHandle,
  fileSize: number,
  leftOut: readonly string[],
): Promise<FoundImage | undefined> {
  const members = await listMembers(handle, fileSize);
  const place = { attempt: "Compare archive" };
  const manifestBytes = await readExtent(handle, members.get("manifest.json"));
  const [entry, second] = parseDocument(dockerManifestSchema, manifestBytes, place);
  if (entry === undefined || second !== undefined) return undefined;
  const configBytes = await readExtent(handle, members.get(entry.Config));
  const config = parseDocument(imageConfigSchema, configBytes, place);
  const hex = sha256Hex(configBytes);
  const names = (config.rootfs.diff_ids ?? []).map((digest) => `${withoutPrefix(digest)}.tar`);
  const absent = new Set(leftOut.map((digest) => `${withoutPrefix(digest)}.tar`));
  const isWhole = names.every((name) => members.has(name) !== absent.has(name));
  if (!isWhole || entry.Config !== `${hex}.json` || !isSame(entry.Layers, names)) return undefined;
  const layers = names.map((name) => ({
    digest: withPrefix(name.replace(/\.tar$/, "")),
    bytes: members.get(name)?.size ?? 0,
  }));
  return { tags: entry.RepoTags ?? [], configDigest: withPrefix(hex), config, layers };
}

function isImage({ tags, configDigest, config }: FoundImage, identity: ImageIdentity): boolean {
  return (
    isSame(tags, [identity.tag]) &&
    (identity.configDigest ?? configDigest) === configDigest &&
    (identity.created ?? config.created) === config.created &&
    (!identity.config || isSameRunConfig(identity.config, config.config ?? {})) &&
    (!identity.diffIds || isSame(config.rootfs.diff_ids, identity.diffIds))
  );
}

function isSameRunConfig(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): boolean {
  return JSON.stringify(pickRunConfig(left)) === JSON.stringify(pickRunConfig(right));
}

async function readExtent(handle: FileHandle, extent: FileExtent | undefined): Promise<Uint8Array> {
  if (extent === undefined || extent.size > DOCUMENT_LIMIT) throw new Error("missing");
  const bytes = new Uint8Array(extent.size);
  await handle.read(bytes, 0, extent.size, extent.begin);
  return bytes;
}

function isSame(left: readonly string[] | null | undefined, right: readonly string[]): boolean {
  return left?.length === right.length && right.every((value, index) => left[index] === value);
}
