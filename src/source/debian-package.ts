/** Finds the archive of files in a Debian package. Source: deb(5), ar(5). */
import { open } from "node:fs/promises";
import type { FileExtent } from "../lib/input-file.ts";

/** @returns undefined where there is none: the package is damaged */
export async function findDebianFiles(file: string): Promise<FileExtent | undefined> {
  const handle = await open(file, "r");
  try {
    const { size: end } = await handle.stat();
    const header = Buffer.alloc(HEADER_BYTES);
    let at = MAGIC_BYTES;
    for (let members = 0; members < MOST_MEMBERS; members += 1) {
      const { bytesRead } = await handle.read(header, 0, HEADER_BYTES, at);
      if (bytesRead < HEADER_BYTES || header.toString("latin1", 58, 60) !== "`\n") return undefined;
      const name = header.toString("latin1", 0, 16).replace(/[\s/]+$/, "");
      const digits = header.toString("latin1", 48, 58).trim();
      if (!/^\d{1,10}$/.test(digits)) return undefined;
      const [begin, size] = [at + HEADER_BYTES, Number(digits)];
      if (begin + size > end) return undefined;
      if (/^data\.tar(\.\w+)?$/.test(name)) return { begin, size };
      // Members begin at even bytes.
      at = begin + size + (size % 2);
    }
    return undefined;
  } finally {
    await handle.close();
  }
}

// --- internal ---

const MAGIC_BYTES = 8;
const HEADER_BYTES = 60;

/** Three, and those that may come: their names begin with "_". */
const MOST_MEMBERS = 20;
