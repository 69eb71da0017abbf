/** Reads one file out of an image, up to a limit. */
import { CommandError, NuaError } from "../lib/errors.ts";
import { runProgram, streamProgram } from "../lib/process.ts";
import { readWhole } from "../lib/tar/byte-reader.ts";
import { readTar } from "../lib/tar/read.ts";
import { containerName } from "../runs/own-names.ts";
import { engineFailure } from "./failures.ts";

/**
 * From a container that is never started, so that it works for an image without a shell.
 * @param client the engine's client
 * @returns undefined when there is no such file
 * @throws NuaError (check) when it is larger than any that nua-build writes
 */
export async function readImageFile(
  client: string,
  { image, path }: { image: string; path: string },
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  // An interrupt that kept its name from us would leave the container behind: no signal here.
  const create = [client, "create", ...containerName(), "--", image, "none"];
  const created = await runProgram(create);
  if (created.exitCode !== 0) throw engineFailure(create, created);
  const container = created.stdout.trim();
  try {
    signal?.throwIfAborted();
    return await readCopied(client, { container, path }, signal);
  } finally {
    // Also after an interrupt, hence without the signal.
    await runProgram([client, "rm", "--force", container]);
  }
}

// --- internal ---

/** Bytes. */
const FILE_LIMIT = 16 * 1024 * 1024;

/** @param place the container and the path in it, as the client's `cp` takes them */
async function readCopied(
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
