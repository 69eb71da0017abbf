/** Reads small, untrusted text files: never blocks on a pipe, never reads beyond a limit. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { readFlags } from "./regular-file.ts";

/** What is wrong with the content of a file that should be a text. */
export class UnreadableError extends Error {}

/**
 * The text of a file, without the mark that UTF-8 may begin with.
 * @param limit bytes that it may have
 * @throws UnreadableError when it is larger, or not UTF-8
 * @throws Error when it is no regular file (a pipe would never end); and what the system says
 */
export function readTextFile(file: string, limit: number): string {
  const descriptor = openSync(file, readFlags({ follow: true }));
  try {
    const info = fstatSync(descriptor);
    if (info.isDirectory()) throw new Error("it is a folder");
    if (!info.isFile()) throw new Error("it is no regular file");
    const bytes = Buffer.allocUnsafe(Math.min(info.size, limit) + 1);
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, bytes, length, bytes.length - length, null);
      length += count;
      if (count === 0) break;
      if (length === bytes.length) {
        if (length > limit) throw new UnreadableError(`it has more than ${limit} bytes`);
        throw new UnreadableError("it grew while it was read");
      }
    }
    return decode(bytes.subarray(0, length));
  } finally {
    closeSync(descriptor);
  }
}

// --- internal ---

function decode(bytes: Buffer): string {
  const isUtf16 =
    bytes.length > 1 && ["fffe", "feff"].includes(bytes.subarray(0, 2).toString("hex"));
  if (isUtf16) throw new UnreadableError("it is UTF-16: save it as UTF-8");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableError("it is not UTF-8");
  }
}
