/** Lists the images in an archive, which may hold several. */
import { withPrefix } from "../../lib/digest.ts";
import { openArchive } from "./open-archive.ts";
import { ArchiveScan } from "./scan-archive.ts";
import { selectImages } from "./select-image.ts";
import type { NeededImage } from "./thin.ts";

export interface ListedImage {
  /** Undefined when neither the archive nor the image's labels give it one. */
  tag: string | undefined;
  /** `sha256:…` */
  configDigest: string;
  /** Digests of the uncompressed layers, lowest first. */
  diffIds: string[];
  /** The images that a thin archive needs; empty for any other. */
  needs: NeededImage[];
}

/**
 * Reads an archive to its end, and verifies every digest in it. Memory stays flat.
 * @throws NuaError (archive), with the member and its offset, when anything is wrong with it
 */
export async function listImages(file: string): Promise<ListedImage[]> {
  const attempt = `Read archive "${file}"`;
  const { chunks, totalBytes } = await openArchive(file, attempt);
  const scan = new ArchiveScan(attempt);
  for await (const layer of scan.layers(chunks, { totalBytes })) await layer.finish();
  return selectImages(scan).map(({ tags, config, configDigest, layers, needs }) => ({
    tag: tags[0] ?? config.config?.Labels?.NUA_TAG,
    configDigest,
    diffIds: layers.map(({ diffId }) => withPrefix(diffId)),
    needs,
  }));
}
