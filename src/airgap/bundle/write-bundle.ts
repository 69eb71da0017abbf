/**
 * Writes a bundle: one tar file with an index, a lock and blobs. It is not compressed as a whole,
 * so that `tar -xf FILE nua-build` finds the program in any place.
 */
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Written } from "../../images/archive/destination.ts";
import { diskError, ensureFreeSpace } from "../../images/archive/disk.ts";
import { FileDestination } from "../../images/archive/file-destination.ts";
import { sha256Hex } from "../../lib/digest.ts";
import { fileChunks } from "../../lib/input-file.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { frameMember, TAR_END, tarMember } from "../../lib/tar/write.ts";
import { VERSION } from "../../protocol/version.ts";
import { MEMBER } from "../../source/bundle-members.ts";
import { type BlobFile, chooseForm, writeBlob } from "./blob-file.ts";
import {
  type BundleBlob,
  type BundleIndex,
  type BundleReference,
  type BundleRequest,
  type BundleSubject,
  blobMember,
  formatIndex,
  parseIndex,
} from "./bundle-index.ts";
import { listNeeds } from "./list-items.ts";
import { formatLock } from "./lock.ts";
import { isBundle, memberMode } from "./read-members.ts";

export interface WriteBundleRequest {
  /** The file to write; replaced if it is there. */
  target: string;
  subject: BundleSubject;
  /**
   * Where contents are, by digest; of those that are not needed none is written. All that are
   * needed have to be there, but those of base images: without them, these travel apart.
   */
  blobs: ReadonlyMap<string, BlobFile>;
  /** The bundle that the far side has: what that holds is left out. */
  since?: OlderBundle | null | undefined;
  /** Of a request: what was missed, and where. */
  request?: BundleRequest | null | undefined;
  /** The program's own file, to go with it. */
  binary?: string | undefined;
  /** Seconds since 1970: what the lock gives as its time. */
  epoch?: number | undefined;
  /**
   * Has the last word on the whole file before that takes the target's name: what was there stays
   * there when it throws.
   */
  approve?: ((file: string) => Promise<void>) | undefined;
  signal: AbortSignal;
  /** @param bytes written so far */
  onProgress?: ((bytes: number) => void) | undefined;
}

/** What is known of a bundle that another is written on top of. */
export interface OlderBundle extends BundleReference {
  /** Digests of all blobs that the far side has with it. */
  blobs: ReadonlySet<string>;
}

export interface WrittenBundle extends Written {
  file: string;
  index: BundleIndex;
  /** SHA-256 of the index: the name by which other bundles know this one. */
  id: string;
}

/**
 * Memory stays flat whatever the size of the blobs. Writes `FILE.sha256` beside the bundle. The
 * same request gives the same bytes.
 * @throws NuaError (archive) when the disk is full, or a blob is not what its name says
 * @throws the signal's reason; no file is left then
 */
export async function writeBundle(request: WriteBundleRequest): Promise<WrittenBundle> {
  const attempt = `Write bundle "${request.target}"`;
  const wanted = chooseBlobs(request);
  const blobs: BundleBlob[] = [];
  for (const [sha256, blob] of wanted.written) {
    request.signal.throwIfAborted();
    const stored = await chooseForm(blob, { sha256, attempt });
    blobs.push({ sha256, bytes: blob.bytes, stored });
  }
  const bytes = formatIndex(createIndex(request, blobs, wanted.absent));
  const index = parseIndex(bytes, { attempt, member: MEMBER.index });
  const lock = formatLock({ index, epoch: request.epoch });
  await using file = await FileDestination.create({
    ...{ target: request.target, attempt, partBytes: null },
    isAlike: isBundle,
  });
  const total = blobs.reduce((sum, { stored }) => sum + stored.bytes, bytes.length + lock.length);
  await ensureFreeSpace(dirname(file.target), total, attempt);
  const output = new SealedOutput(file, request);
  if (request.binary !== undefined) await appendBinary(output, request.binary, attempt);
  await output.append(MEMBER.index, bytes.length, bytes);
  await output.append(MEMBER.lock, lock.length, lock);
  for (const blob of blobs) {
    const { before, after } = frameMember(headerOf(blobMember(blob), blob.stored.bytes));
    const from = wanted.written.get(blob.sha256)!;
    await output.write(before);
    await writeBlob(from, blob.stored, { ...blob, attempt }, output.write);
    await output.write(after);
  }
  await output.seal();
  await request.approve?.(await file.close());
  request.signal.throwIfAborted();
  return { file: file.target, index, id: sha256Hex(bytes), ...(await file.commit()) };
}

// --- internal ---

/** Those that go into the file, sorted, and those that are left out. */
function chooseBlobs({ subject, blobs, since }: WriteBundleRequest) {
  const older = new Set(since?.blobs ?? []);
  const written = new Map<string, BlobFile>();
  const absent: string[] = [];
  const needs = listNeeds(subject);
  for (const sha256 of [...needs.keys()].sort()) {
    if (older.has(sha256)) {
      absent.push(sha256);
      continue;
    }
    const blob = blobs.get(sha256);
    if (blob !== undefined) written.set(sha256, blob);
    // Base images may travel apart.
    else if (needs.get(sha256)?.item.kind !== "image") {
      throw new Error(`the blob ${sha256} of the bundle is nowhere`);
    }
  }
  return { written, absent };
}

function createIndex(
  { subject, since, request }: WriteBundleRequest,
  blobs: BundleBlob[],
  absent: string[],
): BundleIndex {
  return {
    version: 1,
    tool: VERSION,
    linuxBase: subject.linuxBase,
    app: subject.app ?? "",
    apps: subject.apps,
    images: subject.images,
    exchanges: subject.exchanges,
    blobs,
    since: since ? { index: since.index, name: since.name, absent } : null,
    request: request ? { ...request, held: [...request.held].sort() } : null,
  };
}

async function appendBinary(output: SealedOutput, path: string, attempt: string): Promise<void> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw diskError(attempt, path, cause);
  });
  await output.append(MEMBER.binary, size, fileChunks(path));
}

/** Members, and at their end the digest of all bytes before it. */
class SealedOutput {
  readonly #file: FileDestination;
  readonly #hasher = new Bun.CryptoHasher("sha256");
  readonly #options: Pick<WriteBundleRequest, "signal" | "onProgress">;
  #bytes = 0;

  constructor(file: FileDestination, options: Pick<WriteBundleRequest, "signal" | "onProgress">) {
    this.#file = file;
    this.#options = options;
  }

  readonly write = async (chunk: Uint8Array): Promise<void> => {
    this.#options.signal.throwIfAborted();
    this.#hasher.update(chunk);
    await this.#file.write(chunk);
    this.#bytes += chunk.length;
    this.#options.onProgress?.(this.#bytes);
  };

  async append(name: string, size: number, content: ByteChunks | Uint8Array): Promise<void> {
    for await (const chunk of tarMember(headerOf(name, size), content)) await this.write(chunk);
  }

  async seal(): Promise<void> {
    const seal = new TextEncoder().encode(`${this.#hasher.digest("hex")}\n`);
    const member = tarMember(headerOf(MEMBER.seal, seal.length), seal);
    for await (const part of member) await this.#file.write(part);
    await this.#file.write(TAR_END);
  }
}

function headerOf(name: string, size: number) {
  return { name, size, mode: memberMode(name) };
}
