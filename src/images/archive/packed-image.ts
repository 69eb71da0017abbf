/** The part of an image that is at hand outside the engine. */
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";

export interface PackedImage {
  /** Digests of its layers, without prefix. */
  digests: ReadonlySet<string>;
  /** Those layers, the config and the manifest, in the layout that engines read. */
  chunks(): ByteChunks;
}
