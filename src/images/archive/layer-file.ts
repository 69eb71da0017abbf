/** Reads one file out of a layer that is a file on the host. */
import { fileChunks } from "../../lib/input-file.ts";
import { readWhole } from "../../lib/tar/byte-reader.ts";
import { readTar } from "../../lib/tar/read.ts";

/**
 * The text of a file as the layer has it.
 * @param layer its tar file, uncompressed
 * @param path from the root of the image
 * @returns undefined where the layer has no regular file there, or a larger one than nua-build
 *   writes: then others have to tell
 * @throws NuaError (archive) when the layer is damaged
 */
export async function readLayerFile(layer: string, path: string): Promise<string | undefined> {
  const wanted = path.replace(/^\/+/, "");
  for await (const { name, type, size, content } of readTar(fileChunks(layer), {
    attempt: `Read layer "${layer}"`,
  })) {
    if (name !== wanted) continue;
    const bytes = type === "0" && size <= LIMIT ? await readWhole(content, LIMIT) : undefined;
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }
  return undefined;
}

// --- internal ---

/** Bytes. */
const LIMIT = 16 * 1024 * 1024;
