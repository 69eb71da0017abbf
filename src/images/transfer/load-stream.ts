/** Loads an image stream into the engine, verified on the way. */
import { join } from "node:path";
import type { ImageFacts } from "../../engine/image-facts.ts";
import { NuaError } from "../../lib/errors.ts";
import { freeingBuffers } from "../../lib/free-buffers.ts";
import type { ByteChunks } from "../../lib/tar/byte-reader.ts";
import type { Session } from "../../session/session.ts";
import { createTempFolder } from "../../session/temp-folder.ts";
import { ArchiveOutput } from "../archive/archive-output.ts";
import { StreamDestination } from "../archive/stream-destination.ts";
import { type ImageRequest, type WantedImage, writeImage } from "../archive/write-archive.ts";

export interface LoadStreamRequest
  extends WantedImage,
    Pick<ImageRequest, "source" | "thin" | "bases"> {
  /** Further images that the source holds. */
  others?: readonly WantedImage[] | undefined;
  /** For messages, such as `Load archive "app.tar"`. */
  attempt: string;
}

/**
 * Verifies on the way, and reads the images back afterwards.
 * @returns the engine's images, in the order of the request
 * @throws NuaError (archive) when the stream is damaged, (engine) when the engine refuses it or
 *   holds another image under a tag afterwards
 */
export async function loadStream(
  request: LoadStreamRequest,
  session: Session,
): Promise<ImageFacts[]> {
  const { tag, loadAs, diffIds, others = [], attempt, ...parts } = request;
  const engine = await session.engine();
  await using folder = await createTempFolder(session.settings.buildDir);
  await using loading = engine.startLoading();
  const destination = new StreamDestination(loading.stdin);
  const place = { destination, stem: join(folder.path, "archive"), attempt };
  await using output = new ArchiveOutput(place);
  const { signal } = session;
  const expect = { tag, loadAs, diffIds, others };
  const failure = await writeImage(output, { ...parts, expect, signal }).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  // An engine that refuses closes the pipe: its own words tell more than the broken pipe.
  if (failure && !isBrokenPipe(failure.error)) throw failure.error;
  await loading.finish();
  return await Promise.all(
    [expect, ...others].map(async (wanted) => {
      const name = wanted.loadAs ?? wanted.tag;
      const image = await engine.getImage(name);
      if (image.diffIds.join() === wanted.diffIds.join()) return image;
      throw new NuaError("engine", `${attempt}: the engine holds another "${name}"`, {
        hint: `remove it: docker image rm ${name}`,
      });
    }),
  );
}

/**
 * The same for bytes that are in that layout already, and that hold no other layers than the
 * engine lacks.
 * @throws NuaError (engine) when the engine refuses the image
 */
export async function loadBytes(
  source: ByteChunks,
  attempt: string,
  session: Session,
): Promise<void> {
  const engine = await session.engine();
  await using loading = engine.startLoading();
  const destination = new StreamDestination(loading.stdin);
  try {
    // What is written to a pipe, too, takes its time to be given back.
    for await (const chunk of freeingBuffers(source)) {
      session.signal.throwIfAborted();
      await destination.write(chunk);
    }
    await destination.commit();
  } catch (error) {
    // An engine that refuses closes the pipe: its own words tell more than the broken pipe.
    if (!isBrokenPipe(error)) throw error;
    session.report.detail(`${attempt}: the engine stopped reading`);
  }
  await loading.finish();
}

/** Whether nobody reads any more what is written. */
export function isBrokenPipe(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EPIPE" || code === "ERR_STREAM_DESTROYED" || code === "ECONNRESET";
}
