/**
 * Writes an image archive member by member; layers that come too early wait in temporary files.
 * Whatever ends it before its end, nothing is left.
 */
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileChunks } from "../../lib/input-file.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import { TAR_END, tarMember } from "../../lib/tar/write.ts";
import { CompressedDestination } from "./compress.ts";
import type { ArchiveForm, Destination, Written } from "./destination.ts";
import { createBuffers, FileDestination } from "./file-destination.ts";
import { isArchiveOfSame } from "./is-alike.ts";
import { OutputFile } from "./output-file.ts";

/** Content that waits in a file of its own for its turn in the archive. */
export interface Spool {
  bytes: number;
  content: ByteChunks;
  remove(): Promise<void>;
}

export interface OutputPlace {
  destination: Destination;
  /** The beginning of the paths of temporary files. */
  stem: string;
  /** For messages, such as `Save archive "app.tar"`. */
  attempt: string;
}

export class ArchiveOutput implements AsyncDisposable {
  readonly attempt: string;
  /** Where temporary files are. */
  readonly folder: string;
  readonly #destination: Destination;
  readonly #stem: string;
  readonly #spooled = new Set<OutputFile>();
  /** For what is spooled, one file at a time: there may be thousands of them. */
  readonly #spoolBuffers = createBuffers();
  #spools = 0;

  constructor({ destination, stem, attempt }: OutputPlace) {
    this.attempt = attempt;
    this.folder = dirname(stem);
    this.#destination = destination;
    this.#stem = stem;
  }

  /**
   * @param form.tags of the images that the archive will hold: older archives of theirs are replaced
   * @throws NuaError (archive) when the folder is missing or not writable, or something else is in
   *   the way
   */
  static async toFile(
    target: string,
    attempt: string,
    { tags, compression, partBytes }: ArchiveForm & { tags: readonly string[] },
  ): Promise<ArchiveOutput> {
    const isAlike = (file: string) => isArchiveOfSame(file, tags);
    const file = await FileDestination.create({ target, attempt, partBytes, isAlike });
    const destination = compression === null ? file : new CompressedDestination(file, compression);
    return new ArchiveOutput({ destination, stem: file.stem, attempt });
  }

  /** @param member `content` has exactly `size` bytes */
  async append({
    content,
    ...member
  }: {
    name: string;
    size: number;
    content: ByteChunks | Uint8Array;
  }): Promise<void> {
    for await (const chunk of tarMember(member, content)) await this.#destination.write(chunk);
  }

  async appendBytes(name: string, bytes: Uint8Array): Promise<void> {
    await this.append({ name, size: bytes.length, content: bytes });
  }

  /** Has the system write to the disk what there is so far; nobody waits for it. */
  syncSoon(): void {
    this.#destination.syncSoon?.();
  }

  /** Sets content aside, in a temporary file. */
  async spool(content: ByteChunks): Promise<Spool> {
    this.#spools += 1;
    const path = `${this.#stem}.spool${this.#spools}.part`;
    const options = { attempt: this.attempt, buffers: this.#spoolBuffers };
    const file = await OutputFile.create(path, options);
    this.#spooled.add(file);
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
  async commit(): Promise<Written> {
    await this.#destination.write(TAR_END);
    return this.#destination.commit();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of [...this.#spooled]) await this.#remove(file);
    await this.#destination[Symbol.asyncDispose]();
  }

  async #remove(file: OutputFile): Promise<void> {
    await file.abandon();
    await rm(file.path, { force: true });
    this.#spooled.delete(file);
  }
}
