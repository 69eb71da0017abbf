/** Reads and verifies a bundle in one pass. */
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { decompress } from "../../images/archive/compression.ts";
import { createBuffers } from "../../images/archive/file-destination.ts";
import { OutputFile, type WriteBuffers } from "../../images/archive/output-file.ts";
import { type ArchivePlace, archiveError } from "../../lib/archive-error.ts";
import { sha256Hex } from "../../lib/digest.ts";
import { NuaError } from "../../lib/errors.ts";
import { type ByteChunks, readWhole } from "../../lib/tar/byte-reader.ts";
import { MEMBER } from "../../source/bundle-members.ts";
import { type BundleBlob, type BundleIndex, blobMember, parseIndex } from "./bundle-index.ts";
import { type BundleMember, DAMAGED_HINT, readMembers } from "./read-members.ts";

/** What of a bundle is kept. */
export interface Extraction {
  /** A folder that is there; blobs get the names of their digests. */
  folder: string;
  wanted: (sha256: string) => boolean;
  /** Told each file before it is made. */
  onFile: (path: string) => void;
}

export interface ReadOptions {
  /** For messages, such as `Read bundle "app.nua"`. */
  attempt: string;
  extraction?: Extraction | undefined;
}

export interface ReadBundle {
  index: BundleIndex;
  /** SHA-256 of the index: the name by which other bundles know this one. */
  id: string;
  hasBinary: boolean;
}

/** @throws NuaError (archive), with member and offset, when anything is wrong with it */
export async function readBundle(source: ByteChunks, options: ReadOptions): Promise<ReadBundle> {
  const { attempt } = options;
  const members = readMembers(source, attempt);
  try {
    const { hasBinary, index, id } = await readFront(members, attempt);
    const lock = await take(members, MEMBER.lock, attempt);
    await drain(lock.content);
    const buffers = createBuffers();
    for (const blob of index.blobs) {
      const member = await take(members, blobMember(blob), attempt);
      if (member.size !== blob.stored.bytes) {
        throw damaged(
          member.place,
          `it has ${member.size} bytes, in the index ${blob.stored.bytes}`,
        );
      }
      await readBlob(blob, member, { ...options, buffers });
    }
    const further = await members.next();
    if (!further.done) throw damaged(further.value.place, "bundles have no such member here");
    return { index, id, hasBinary };
  } finally {
    await members.return();
  }
}

/**
 * The index alone, from the beginning of the file; what comes after it is not read.
 * @throws NuaError (archive) when there is none
 */
export async function readFront(
  members: AsyncIterator<BundleMember, void>,
  attempt: string,
): Promise<ReadBundle> {
  const first = await nextMember(members, MEMBER.index, attempt);
  const hasBinary = first.name === MEMBER.binary;
  if (hasBinary) await drain(first.content);
  const member = hasBinary ? await nextMember(members, MEMBER.index, attempt) : first;
  expectName(member, MEMBER.index);
  const bytes = await readWhole(member.content, INDEX_LIMIT);
  if (bytes === undefined) throw damaged(member.place, `it has more than ${INDEX_LIMIT} bytes`);
  return { index: parseIndex(bytes, member.place), id: sha256Hex(bytes), hasBinary };
}

// --- internal ---

/** An exchange takes half a kilobyte; nothing that is built has asked a hundred thousand things. */
const INDEX_LIMIT = 64 * 1024 * 1024;

type Members = AsyncGenerator<BundleMember, void, undefined>;

async function nextMember(
  members: AsyncIterator<BundleMember, void>,
  expected: string,
  attempt: string,
): Promise<BundleMember> {
  const next = await members.next();
  if (!next.done) return next.value;
  throw damaged({ attempt, member: expected }, "it is missing");
}

async function take(members: Members, name: string, attempt: string): Promise<BundleMember> {
  const member = await nextMember(members, name, attempt);
  expectName(member, name);
  return member;
}

function expectName(member: BundleMember, name: string): void {
  if (member.name !== name) throw damaged(member.place, `expected "${name}" in its place`);
}

async function readBlob(
  blob: BundleBlob,
  { content, place }: BundleMember,
  { extraction, buffers, attempt }: ReadOptions & { buffers: WriteBuffers },
): Promise<void> {
  const isZstd = blob.stored.compression === "zstd";
  const plain = isZstd ? decompress(content, "zstd", place) : content;
  const checked = verified(plain, blob, place);
  try {
    if (extraction?.wanted(blob.sha256)) {
      const path = join(extraction.folder, blob.sha256);
      await extract(checked, path, { extraction, buffers, attempt });
    } else {
      await drain(checked);
    }
  } catch (error) {
    // What decompresses knows of no bundles.
    if (!(error instanceof NuaError) || error.hint !== undefined) throw error;
    throw new NuaError(error.code, error.message, { hint: DAMAGED_HINT, cause: error });
  }
}

async function extract(
  content: ByteChunks,
  path: string,
  {
    extraction,
    buffers,
    attempt,
  }: { extraction: Extraction; buffers: WriteBuffers; attempt: string },
): Promise<void> {
  const part = `${path}.part`;
  extraction.onFile(path);
  const file = await OutputFile.create(part, { attempt, buffers });
  try {
    for await (const chunk of content) await file.write(chunk);
    await file.close({ sync: false });
    await rename(part, path);
  } finally {
    await file.abandon();
    await rm(part, { force: true });
  }
}

/** @throws NuaError (archive) after the last byte when they are not those of the blob */
async function* verified(
  content: ByteChunks,
  { sha256, bytes }: BundleBlob,
  place: ArchivePlace,
): AsyncGenerator<Uint8Array> {
  const hasher = new Bun.CryptoHasher("sha256");
  let read = 0;
  for await (const chunk of content) {
    read += chunk.length;
    if (read > bytes) break;
    hasher.update(chunk);
    yield chunk;
  }
  if (read !== bytes) {
    const count = read > bytes ? "more than" : String(read);
    const figures = read > bytes ? `${count} the ${bytes}` : `${count}, not the ${bytes}`;
    throw damaged(place, `it holds ${figures} bytes of the index`);
  }
  if (hasher.digest("hex") !== sha256)
    throw damaged(place, "its digest is not the one in its name");
}

async function drain(content: ByteChunks): Promise<void> {
  for await (const _ of content);
}

function damaged(place: ArchivePlace, problem: string) {
  return archiveError(place, problem, { hint: DAMAGED_HINT });
}
