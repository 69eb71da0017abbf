/** What nua-build itself fetches for a build that is captured: archives of sources. */
import { copyFile, link, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Exchange } from "../../protocol/exchanges.ts";
import type { KeepFetched } from "../../session/reading.ts";
import type { BlobFile } from "../bundle/blob-file.ts";

/** @param folder for the files, which the build may change later */
export function keepFetched(folder: string): {
  keep: KeepFetched;
  exchanges: Exchange[];
  blobs: Map<string, BlobFile>;
} {
  const exchanges: Exchange[] = [];
  const blobs = new Map<string, BlobFile>();
  const keep: KeepFetched = async ({ url, file, sha256, bytes, wantedBy }) => {
    await mkdir(folder, { recursive: true });
    const target = join(folder, sha256);
    await link(file, target).catch(() => copyFile(file, target));
    blobs.set(sha256, { file: target, bytes });
    exchanges.push({
      ...{ method: "GET", url, accept: null, body: null, status: 200, headers: {} },
      ...{ content: sha256, bytes, client: "nua-build", wantedBy, detail: null },
    });
  };
  return { keep, exchanges, blobs };
}
