/** A new file, written sequentially with double buffering. */
import { type FileHandle, open } from "node:fs/promises";
import { diskError } from "./disk.ts";

/** Two of them: one fills while the other is being written. */
export type WriteBuffers = [Uint8Array, Uint8Array];

export interface OutputOptions {
  /** For messages, such as `Save archive "app.tar"`. */
  attempt: string;
  /** Of this file alone until it is closed. */
  buffers: WriteBuffers;
}

export class OutputFile {
  readonly path: string;
  /** Written so far. */
  bytes = 0;
  readonly #attempt: string;
  readonly #handle: FileHandle;
  #filling: Uint8Array;
  #resting: Uint8Array;
  #filled = 0;
  #writing: Promise<void> = Promise.resolve();
  #syncing: Promise<void> | undefined;
  #unsynced = 0;
  #isOpen = true;

  private constructor(path: string, handle: FileHandle, options: OutputOptions) {
    this.path = path;
    this.#handle = handle;
    this.#attempt = options.attempt;
    [this.#filling, this.#resting] = options.buffers;
  }

  /** @throws NuaError (archive) when the file cannot be made, or is there already */
  static async create(path: string, options: OutputOptions): Promise<OutputFile> {
    const handle = await open(path, "wx", 0o644).catch((cause: unknown) => {
      throw diskError(options.attempt, path, cause);
    });
    return new OutputFile(path, handle, options);
  }

  /** @throws NuaError (archive) when the disk is full; perhaps only at a later call */
  async write(chunk: Uint8Array): Promise<void> {
    for (let begin = 0; begin < chunk.length; ) {
      const part = chunk.subarray(begin, begin + this.#filling.length - this.#filled);
      this.#filling.set(part, this.#filled);
      this.#filled += part.length;
      begin += part.length;
      if (this.#filled === this.#filling.length) await this.#flush();
    }
    this.bytes += chunk.length;
  }

  /** Ends the file. With `sync`, returns when it is on the disk itself. */
  async close({ sync }: { sync: boolean }): Promise<void> {
    await this.#flush();
    await this.#writing;
    await this.#syncing;
    if (sync) await this.#handle.sync().catch(this.#fail);
    this.#isOpen = false;
    await this.#handle.close().catch(this.#fail);
  }

  /** Ends the file whatever is in it; may be called twice. */
  async abandon(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#writing.catch(() => {});
    await this.#syncing;
    await this.#handle.close().catch(() => {});
  }

  /** Begins to write what has been gathered, when the piece before it is written. */
  async #flush(): Promise<void> {
    await this.#writing;
    this.#writing = this.#writePiece(this.#filling.subarray(0, this.#filled)).catch(this.#fail);
    // It is awaited before anything else happens to the file; until then it is not unhandled.
    this.#writing.catch(() => {});
    [this.#filling, this.#resting] = [this.#resting, this.#filling];
    this.#filled = 0;
  }

  async #writePiece(piece: Uint8Array): Promise<void> {
    for (let begin = 0; begin < piece.length; ) {
      begin += (await this.#handle.write(piece.subarray(begin))).bytesWritten;
    }
    this.#unsynced += piece.length;
    if (this.#unsynced >= SYNC_EVERY) this.syncSoon();
  }

  /** Begins to bring to the disk what has been written. */
  syncSoon(): void {
    if (this.#syncing !== undefined) return;
    this.#unsynced = 0;
    // Beside the writing, so that there is little left to wait for at the end; whether it was
    // successful, the last one tells.
    this.#syncing = this.#handle
      .datasync()
      .catch(() => {})
      .finally(() => {
        this.#syncing = undefined;
      });
  }

  readonly #fail = (cause: unknown): never => {
    throw diskError(this.#attempt, this.path, cause);
  };
}

// --- internal ---

const SYNC_EVERY = 128 * 1024 * 1024;
