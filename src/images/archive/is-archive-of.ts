/** Whether an existing archive holds exactly this image, and need not be written again. */
import type { FileHandle } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { digestInName, sha256Hex, withoutPrefix, withPrefix } from "../../lib/digest.ts";
import { digestFile, extentChunks, type FileExtent } from "../../lib/input-file.ts";
import { type FoundFile, findFile, identify, openRegular } from "../../lib/regular-file.ts";
import { checksumName, readChecksums } from "./checksum-file.ts";
import {
  dockerManifestSchema,
  type ImageConfig,
  imageConfigSchema,
  parseDocument,
} from "./image-json.ts";
import { listMembers } from "./list-members.ts";
import { pickRunConfig } from "./run-config.ts";
import type { SavedArchive } from "./write-archive.ts";
import { isAsWritten, noteWritten, readWritten } from "./written-files.ts";

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
 * Compares an archive that {@link writeArchive} has written with the image, to the last byte:
 * every layer with its digest, and the file with its checksum file. It is only not read again
 * where the file system guarantees that nobody has written to it since.
 * @returns the archive; undefined when it is of another image, missing, compressed or damaged, or
 *   not the user's own
 */
export async function isArchiveOf(
  file: string,
  identity: ImageIdentity,
): Promise<SavedArchive | undefined> {
  const target = resolve(file);
  const handle = await openRegular(target).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const found = await identify(handle);
    // Others may change theirs at any time.
    if (found.uid !== process.geteuid?.()) return undefined;
    const bytes = Number(found.identity.bytes);
    const image = await readImage(handle, bytes, identity.thin?.diffIds ?? []);
    if (image === undefined || !isImage(image, identity)) return undefined;
    const sha256 =
      (await findNoted(target, found)) ?? (await verifyContent(target, { handle, found, image }));
    if (sha256 === undefined) return undefined;
    const { configDigest: imageConfigDigest, layers } = image;
    return { file: target, bytes, sha256, parts: [], imageConfigDigest, layers };
  } catch {
    // Whatever is wrong with it: it will be written anew.
    return undefined;
  } finally {
    await handle.close();
  }
}

// --- internal ---

/** The digest that was noted of an archive and a checksum file nobody has written to since. */
async function findNoted(target: string, found: FoundFile): Promise<string | undefined> {
  const [written, checksum] = await Promise.all([
    readWritten(target),
    findFile(checksumName(target)),
  ]);
  if (written === undefined || checksum === undefined || checksum.special !== null)
    return undefined;
  const isSame =
    (await isAsWritten(written, target, found.identity)) &&
    (await isAsWritten(written, checksumName(target), checksum.identity));
  return isSame ? written.sha256 : undefined;
}

/** Reads all of an archive. @returns its digest, when it and those of the layers are right */
async function verifyContent(
  target: string,
  { handle, found, image }: { handle: FileHandle; found: FoundFile; image: FoundImage },
): Promise<string | undefined> {
  const whole = new Bun.CryptoHasher("sha256");
  let end = 0;
  const read = async (extent: FileExtent) => {
    const hasher = new Bun.CryptoHasher("sha256");
    for await (const chunk of extentChunks(handle, extent)) {
      whole.update(chunk);
      hasher.update(chunk);
    }
    end = extent.begin + extent.size;
    return hasher.digest("hex");
  };
  for (const { extent, sha256 } of image.contents) {
    await read({ begin: end, size: extent.begin - end });
    if ((await read(extent)) !== sha256) return undefined;
  }
  await read({ begin: end, size: Number(found.identity.bytes) - end });
  const sha256 = whole.digest("hex");
  const checksum = await findFile(checksumName(target));
  if (checksum?.special !== null || checksum.uid !== found.uid) return undefined;
  const told = await readChecksums(target);
  if (told.size !== 1 || told.get(basename(target)) !== sha256) return undefined;
  // As it was before it was read: what has changed meanwhile is read again the next time.
  await noteWritten(target, {
    sha256,
    files: [
      { file: target, sha256, identity: found.identity },
      { file: checksumName(target), sha256: await digestFile(checksumName(target)) },
    ],
  });
  return sha256;
}

interface FoundImage {
  tags: string[];
  configDigest: string;
  config: ImageConfig;
  layers: { digest: string; bytes: number }[];
  /** What in the file has to have which digest, in the order of the file. */
  contents: { extent: FileExtent; sha256: string }[];
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
  const contents = [...members]
    .map(([name, extent]) => ({ extent, sha256: digestInName(name) }))
    .filter((content): content is FoundImage["contents"][number] => content.sha256 !== undefined)
    .sort((one, other) => one.extent.begin - other.extent.begin);
  return { tags: entry.RepoTags ?? [], configDigest: withPrefix(hex), config, layers, contents };
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
