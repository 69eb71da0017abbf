/** Writes an archive to standard output. */
import { join } from "node:path";
import { NuaError } from "../../lib/errors.ts";
import type { Session } from "../../session/session.ts";
import { createTempFolder } from "../../session/temp-folder.ts";
import { ArchiveOutput } from "../archive/archive-output.ts";
import { CompressedDestination } from "../archive/compress.ts";
import type { ArchiveForm } from "../archive/destination.ts";
import { diskError } from "../archive/disk.ts";
import { StreamDestination } from "../archive/stream-destination.ts";
import { type ImageRequest, type SavedArchive, writeImage } from "../archive/write-archive.ts";
import { isBrokenPipe } from "./load-stream.ts";
import { STANDARD_OUTPUT } from "./target.ts";

/** @throws NuaError (archive) when its reader stops before the end */
export async function writeToStdout(
  request: ImageRequest,
  { compression }: ArchiveForm,
  session: Session,
): Promise<SavedArchive> {
  await using folder = await createTempFolder(session.settings.buildDir);
  const stream = new StreamDestination(process.stdout);
  const destination =
    compression === null ? stream : new CompressedDestination(stream, compression);
  const place = {
    destination,
    stem: join(folder.path, "archive"),
    attempt: "Save to standard output",
  };
  await using output = new ArchiveOutput(place);
  try {
    return { file: STANDARD_OUTPUT, ...(await writeImage(output, request)) };
  } catch (cause) {
    if (!isBrokenPipe(cause))
      throw isSystemError(cause) ? diskError(place.attempt, "-", cause) : cause;
    throw new NuaError("archive", `${place.attempt}: its reader stopped before the end`, {
      hint: "see what the next program of the pipe says",
      cause,
    });
  }
}

// --- internal ---

/** Such as of standard output that leads to a full disk. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
