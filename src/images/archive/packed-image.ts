/** Layers of an image that are files on the host, so that the engine need not save them. */
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";

export interface PackedImage {
  /** Digests of its layers, without prefix. */
  digests: ReadonlySet<string>;
  /** Those layers, the config and the manifest, in the layout that engines read. */
  chunks(): ByteChunks;
  /**
   * The text of a file that the topmost of its layers has: a layer that the engine has taken, and
   * found to be the one of its digest. Undefined where that layer does not tell.
   */
  readTopmost?(path: string): Promise<string | undefined>;
}
