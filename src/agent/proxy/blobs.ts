/** A content-addressed folder: files named by their SHA-256. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** One that is being received. */
export interface BlobWriter {
  write(chunk: Uint8Array): Promise<void>;
  /** @returns null for the digest of nothing at all */
  finish(): Promise<{ content: string | null; bytes: number }>;
  /** It did not come whole. */
  discard(): Promise<void>;
}

export interface BlobFolder {
  begin(): Promise<BlobWriter>;
}

export function createBlobFolder(folder: string): BlobFolder {
  mkdirSync(folder, { recursive: true });
  let count = 0;
  return {
    async begin() {
      count += 1;
      const part = join(folder, `.part-${process.pid}-${count}`);
      const file = await open(part, "w", 0o644);
      const hash = createHash("sha256");
      let bytes = 0;
      return {
        async write(chunk) {
          hash.update(chunk);
          bytes += chunk.length;
          for (let at = 0; at < chunk.length; ) {
            at += (await file.write(chunk, at, chunk.length - at)).bytesWritten;
          }
        },
        async finish() {
          await file.close();
          const content = bytes === 0 ? null : hash.digest("hex");
          const path = join(folder, content ?? "");
          if (content === null || existsSync(path)) await rm(part);
          else await rename(part, path);
          return { content, bytes };
        },
        async discard() {
          await file.close();
          await rm(part, { force: true });
        },
      };
    },
  };
}
