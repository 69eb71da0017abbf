/** A bundle file: its byte stream, and its name in messages. */
import { diskError } from "../../images/archive/disk.ts";
import { fileChunks } from "../../lib/input-file.ts";
import type { ReadBundle } from "./read-bundle.ts";

/** A file that has been read. */
export interface BundleFile extends ReadBundle {
  file: string;
}

export interface SourceOptions {
  signal: AbortSignal;
  /** @param bytes read so far, of all files */
  onProgress?: ((bytes: number) => void) | undefined;
}

/** What is being done, for messages. */
export function attemptOn(file: string): string {
  return `Read bundle "${file}"`;
}

/**
 * @param before bytes of other files that have been read
 * @throws NuaError (archive) when it cannot be read
 */
export async function* bundleChunks(
  file: string,
  { signal, onProgress }: SourceOptions,
  before = 0,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of fileChunks(file)) {
      signal.throwIfAborted();
      yield chunk;
      bytes += chunk.length;
      onProgress?.(before + bytes);
    }
  } catch (cause) {
    const isSystem = cause instanceof Error && "syscall" in cause;
    throw isSystem ? diskError(attemptOn(file), file, cause, "read") : cause;
  }
}
