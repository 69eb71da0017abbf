/** Reads files in large pieces. */
import { open } from "node:fs/promises";

/** The bytes of a file. A chunk is only valid until the next one is asked for. */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const buffer = new Uint8Array(Math.min(Math.max(size, 1), PIECE));
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

// --- internal ---

const PIECE = 1024 * 1024;
