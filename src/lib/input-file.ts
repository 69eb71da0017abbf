/** Reads files in large pieces. */
import { type FileHandle, open } from "node:fs/promises";
import { openRegular } from "./regular-file.ts";

/** The bytes of a file. A chunk is only valid until the next one is asked for. */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const buffer = new Uint8Array(Math.min(size || PIECE, PIECE));
    // To its end and from where it is: it may be a pipe, which has no size.
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/**
 * SHA-256 of a regular file, in hexadecimal digits.
 * @throws an error of the file system
 */
export async function digestFile(path: string): Promise<string> {
  const handle = await openRegular(path);
  try {
    const hasher = new Bun.CryptoHasher("sha256");
    const { size } = await handle.stat();
    for await (const chunk of extentChunks(handle, { begin: 0, size })) hasher.update(chunk);
    return hasher.digest("hex");
  } finally {
    await handle.close();
  }
}

/** A piece of a file. */
export interface FileExtent {
  /** Bytes from the start of the file. */
  begin: number;
  size: number;
}

/**
 * The bytes of a piece of a file. A chunk is only valid until the next one is asked for.
 * @returns how many there were: fewer than wanted, where the file ends before
 */
export async function* extentChunks(
  handle: FileHandle,
  { begin, size }: FileExtent,
): AsyncGenerator<Uint8Array, number, undefined> {
  const buffer = new Uint8Array(Math.min(size, PIECE));
  let done = 0;
  while (done < size) {
    const wanted = Math.min(buffer.length, size - done);
    const { bytesRead } = await handle.read(buffer, 0, wanted, begin + done);
    if (bytesRead === 0) break;
    yield buffer.subarray(0, bytesRead);
    done += bytesRead;
  }
  return done;
}

// --- internal ---

const PIECE = 1024 * 1024;
