/**
 * An archive file in the making: members go to a temporary file beside the target, which takes
 * the target's name when it is whole. Whatever ends it before that, nothing is left.
 */
import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { ByteChunks } from "./byte-reader.ts";
import { formatChecksum } from "./checksum-file.ts";
import { diskError } from "./disk.ts";
import { fileChunks } from "./input-file.ts";
import { OutputFile, type WriteBuffers } from "./output-file.ts";
import { encodeTarHeader, TAR_BLOCK, tarPadding } from "./tar-header.ts";

/** Content that waits in a file of its own for its turn in the archive. */
export interface Spool {
  bytes: number;
  content: ByteChunks;
  remove(): Promise<void>;
}

export class ArchiveOutput implements AsyncDisposable {
  /** Absolute path of the finished archive. */
  readonly target: string;
  readonly attempt: string;
  readonly #hasher = new Bun.CryptoHasher("sha256");
  readonly #files = new Map<string, OutputFile>();
  readonly #stem: string;
  /** For what is spooled, one file at a time: there may be thousands of them. */
  readonly #spoolBuffers = createBuffers();
  #file: OutputFile | undefined;
  #spools = 0;

  private constructor(target: string, attempt: string) {
    this.target = resolve(target);
    this.attempt = attempt;
    const random = randomBytes(6).toString("hex");
    this.#stem = join(this.folder, `.${basename(this.target)}.${random}`);
  }

  /** @throws NuaError (archive) when the folder is missing or not writable */
  static async create(target: string, attempt: string): Promise<ArchiveOutput> {
    const output = new ArchiveOutput(target, attempt);
    output.#file = await output.#open("part", createBuffers());
    return output;
  }

  get folder(): string {
    return dirname(this.target);
  }

  /** @param member `content` has exactly `size` bytes */
  async append(member: { name: string; size: number; content: ByteChunks }): Promise<void> {
    await this.#write(encodeTarHeader(member));
    for await (const chunk of member.content) await this.#write(chunk);
    await this.#write(new Uint8Array(tarPadding(member.size)));
  }

  async appendBytes(name: string, bytes: Uint8Array): Promise<void> {
    await this.append({ name, size: bytes.length, content: single(bytes) });
  }

  /** Sets content aside, beside the target. */
  async spool(content: ByteChunks): Promise<Spool> {
    this.#spools += 1;
    const file = await this.#open(`${this.#spools}.part`, this.#spoolBuffers);
    for await (const chunk of content) await file.write(chunk);
    await file.close({ sync: false });
    return {
      bytes: file.bytes,
      content: fileChunks(file.path),
      remove: () => this.#remove(file),
    };
  }

  /**
   * Ends the archive, and gives it and its checksum file their names.
   * @throws NuaError (archive) when the disk is full or the target is a folder
   */
  async commit(): Promise<{ bytes: number; sha256: string }> {
    await this.#write(new Uint8Array(2 * TAR_BLOCK));
    const file = this.#file!;
    await file.close({ sync: true });
    const sha256 = this.#hasher.digest("hex");
    const checksum = await this.#open("sha256.part", this.#spoolBuffers);
    await checksum.write(formatChecksum(sha256, this.target));
    await checksum.close({ sync: true });
    try {
      // In this order a crash leaves an archive without checksum, never one with a wrong one.
      await rm(`${this.target}.sha256`, { force: true });
      await rename(file.path, this.target);
      await rename(checksum.path, `${this.target}.sha256`);
      await syncFolder(this.folder);
    } catch (cause) {
      throw diskError(this.attempt, this.target, cause);
    }
    this.#files.clear();
    return { bytes: file.bytes, sha256 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of [...this.#files.values()]) await this.#remove(file);
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.#hasher.update(chunk);
    await this.#file!.write(chunk);
  }

  async #open(suffix: string, buffers: WriteBuffers): Promise<OutputFile> {
    const { attempt } = this;
    const file = await OutputFile.create(`${this.#stem}.${suffix}`, { attempt, buffers });
    this.#files.set(file.path, file);
    return file;
  }

  async #remove(file: OutputFile): Promise<void> {
    await file.abandon();
    await rm(file.path, { force: true });
    this.#files.delete(file.path);
  }
}

// --- internal ---

/** Large enough that the count of calls does not matter. */
const PIECE = 1024 * 1024;

function createBuffers(): WriteBuffers {
  return [new Uint8Array(PIECE), new Uint8Array(PIECE)];
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** So that the new names survive a power cut as well. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
