/** Reads one file out of a container, up to a limit. */

import { CommandError, NuaError } from "../lib/errors.ts";
import { streamProgram } from "../lib/process.ts";
import { readWhole } from "../lib/tar/byte-reader.ts";
import { readTar } from "../lib/tar/read.ts";

/**
 * @param client the engine's client
 * @param place the container and the path in it, as the client's `cp` takes them
 * @returns undefined when there is no such file
 * @throws NuaError (check) when it is larger than any that nua-build writes
 */
export async function readCopied(
  client: string,
  { container, path }: { container: string; path: string },
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const attempt = `Read "${path}" of the image`;
  const copied = streamProgram([client, "cp", `${container}:${path}`, "-"], { signal });
  try {
    for await (const { type, size, content } of readTar(copied, { attempt })) {
      if (type !== "0") return undefined;
      const bytes = size > FILE_LIMIT ? undefined : await readWhole(content, FILE_LIMIT);
      if (bytes !== undefined) return new TextDecoder().decode(bytes);
      throw new NuaError("check", `${attempt}: it is larger than ${FILE_LIMIT} bytes`);
    }
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
  return undefined;
}

// --- internal ---

/** Bytes. */
const FILE_LIMIT = 16 * 1024 * 1024;
