/**
 * Writes an archive to a temporary file beside the target, and renames it when it is complete; or
 * to several parts, `TARGET.001` and so on. A checksum file stands beside.
 */
import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { sha256Hex } from "../../lib/digest.ts";
import { partStem } from "../../runs/own-names.ts";
import { type Checksum, checksumName, formatChecksums } from "./checksum-file.ts";
import type { Destination, Written } from "./destination.ts";
import { diskError } from "./disk.ts";
import { OutputFile, type WriteBuffers } from "./output-file.ts";
import { type ArchiveNames, findOwnFiles } from "./own-files.ts";
import { partName } from "./parts.ts";
import { noteWritten, waitForClockTick, whileHeld } from "./written-files.ts";

export interface FileRequest extends Omit<ArchiveNames, "isSplit"> {
  /** The most that a part may have; null for one file. */
  partBytes: number | null;
}

interface Part {
  file: OutputFile;
  hasher: Bun.CryptoHasher;
}

export class FileDestination implements Destination {
  /** Absolute path of the finished file, or of its parts without their numbers. */
  readonly target: string;
  /** The beginning of the names of all temporary files. */
  readonly stem: string;
  readonly #attempt: string;
  readonly #names: ArchiveNames;
  readonly #partBytes: number;
  readonly #isSplit: boolean;
  readonly #hasher = new Bun.CryptoHasher("sha256");
  readonly #buffers = createBuffers();
  readonly #parts: Part[] = [];
  #bytes = 0;
  #isClosed = false;
  #isCommitted = false;

  private constructor({ target, attempt, isAlike, partBytes }: FileRequest) {
    this.target = resolve(target);
    this.stem = partStem(this.target);
    this.#attempt = attempt;
    this.#names = { target: this.target, isSplit: partBytes !== null, attempt, isAlike };
    this.#partBytes = partBytes ?? Number.POSITIVE_INFINITY;
    this.#isSplit = partBytes !== null;
  }

  /**
   * @throws NuaError (archive) when the folder is missing or not writable, or something is at the
   *   file's name, or that of its checksums, that nua-build may not replace
   */
  static async create(request: FileRequest): Promise<FileDestination> {
    const destination = new FileDestination(request);
    await whileHeld(destination.target, () => findOwnFiles(destination.#names));
    await destination.#begin();
    return destination;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#hasher.update(chunk);
    this.#bytes += chunk.length;
    for (let begin = 0; begin < chunk.length; ) {
      let part = this.#parts.at(-1)!;
      if (part.file.bytes >= this.#partBytes) {
        await part.file.close({ sync: true });
        part = await this.#begin();
      }
      const piece = chunk.subarray(begin, begin + this.#partBytes - part.file.bytes);
      if (this.#isSplit) part.hasher.update(piece);
      await part.file.write(piece);
      begin += piece.length;
    }
  }

  syncSoon(): void {
    this.#parts.at(-1)?.file.syncSoon();
  }

  /**
   * Brings the last bytes to the disk, for whoever looks at the file before it has its name.
   * @returns the temporary file; of several, the last
   */
  async close(): Promise<string> {
    const { file } = this.#parts.at(-1)!;
    if (!this.#isClosed) await file.close({ sync: true });
    this.#isClosed = true;
    return file.path;
  }

  async commit(): Promise<Written> {
    await this.close();
    const sha256 = this.#hasher.digest("hex");
    const written = this.#parts.map(({ file, hasher }, index) => ({
      temporary: file.path,
      file: this.#isSplit ? partName(this.target, index) : this.target,
      bytes: file.bytes,
      sha256: this.#isSplit ? hasher.digest("hex") : sha256,
    }));
    const checksum = await this.#writeChecksums(written);
    await whileHeld(this.target, async () => {
      await this.#giveNames(written, checksum);
      this.#isCommitted = true;
      await waitForClockTick();
      const files = [...written, { file: checksumName(this.target), sha256: checksum.sha256 }];
      await noteWritten(this.target, { sha256, files });
    });
    const parts = written.map(({ file, bytes, sha256: digest }) => ({
      file,
      bytes,
      sha256: digest,
    }));
    return { bytes: this.#bytes, sha256, parts: this.#isSplit ? parts : [] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isCommitted) return;
    for (const { file } of this.#parts) {
      await file.abandon();
      await rm(file.path, { force: true });
    }
    await rm(`${this.stem}.sha256.part`, { force: true });
  }

  async #begin(): Promise<Part> {
    const path = `${this.stem}.${this.#parts.length}.part`;
    const options = { attempt: this.#attempt, buffers: this.#buffers };
    const part = {
      file: await OutputFile.create(path, options),
      hasher: new Bun.CryptoHasher("sha256"),
    };
    this.#parts.push(part);
    return part;
  }

  async #writeChecksums(files: readonly Checksum[]): Promise<ChecksumFile> {
    const path = `${this.stem}.sha256.part`;
    const options = { attempt: this.#attempt, buffers: this.#buffers };
    const file = await OutputFile.create(path, options);
    const bytes = formatChecksums(files);
    await file.write(bytes);
    await file.close({ sync: true });
    return { temporary: path, sha256: sha256Hex(bytes) };
  }

  async #giveNames(
    written: readonly { temporary: string; file: string }[],
    checksum: ChecksumFile,
  ): Promise<void> {
    const names = written.map(({ file }) => file);
    // Again: it is a while since it was begun, and another build may have written it meanwhile.
    const own = await findOwnFiles(this.#names, names);
    const checksumFile = checksumName(this.target);
    try {
      // In this order a crash leaves an archive without checksum, never one with a wrong one.
      await rm(checksumFile, { force: true });
      for (const { temporary, file } of written) await rename(temporary, file);
      // What is left of the one before: an archive under a name is one file or parts, not both.
      const stale = [...own].filter((file) => file !== checksumFile && !names.includes(file));
      for (const file of stale) await rm(file, { force: true });
      await rename(checksum.temporary, checksumFile);
      await syncFolder(dirname(this.target));
    } catch (cause) {
      throw diskError(this.#attempt, this.target, cause);
    }
  }
}

interface ChecksumFile {
  temporary: string;
  /** Of the file itself. */
  sha256: string;
}

/** Large enough that the count of calls does not matter. */
const PIECE = 1024 * 1024;

export function createBuffers(): WriteBuffers {
  return [new Uint8Array(PIECE), new Uint8Array(PIECE)];
}

// --- internal ---

/** So that the new names survive a power cut as well. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems keep folders in a way that has nothing to be brought to the disk.
    if ((error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
  } finally {
    await handle.close();
  }
}
