/** Decompresses zstd source archives, which the image's Python cannot read. */
import {
  ARCHIVE_EXPANSION,
  decompress,
  detectCompression,
  MAGIC_BYTES,
} from "../images/archive/compression.ts";
import { createBuffers } from "../images/archive/file-destination.ts";
import { OutputFile } from "../images/archive/output-file.ts";
import { NuaError } from "../lib/errors.ts";
import { fileChunks } from "../lib/input-file.ts";

/**
 * @param request `target`: the file to make
 * @returns false when it is in another format, or in none
 * @throws NuaError (input) when it is damaged
 */
export async function expandZstd({
  file,
  target,
  attempt,
}: Record<"file" | "target" | "attempt", string>): Promise<boolean> {
  const head = new Uint8Array(await Bun.file(file).slice(0, MAGIC_BYTES).arrayBuffer());
  if (detectCompression(head) !== "zstd") return false;
  const output = await OutputFile.create(target, { attempt, buffers: createBuffers() });
  const plain = decompress(fileChunks(file), "zstd", { attempt }, ARCHIVE_EXPANSION);
  try {
    for await (const chunk of plain) await output.write(chunk);
    await output.close({ sync: false });
    return true;
  } catch (cause) {
    // Of the disk as it is; of the source, what is wrong is wrong with an input.
    if (!(cause instanceof NuaError) || cause.file !== undefined) throw cause;
    throw new NuaError("input", cause.message, { step: "build.src-url", cause });
  } finally {
    await output.abandon();
  }
}
