/** Sees that the archive of a source does not become more than it may, before anything unpacks it. */

import { openArchive } from "../images/archive/open-archive.ts";
import {
  UnpackCount,
  UnpackLimitError,
  type UnpackLimits,
} from "../images/archive/unpack-limits.ts";
import { NuaError } from "../lib/errors.ts";
import type { ByteChunks } from "../lib/tar/byte-reader.ts";
import { readTar } from "../lib/tar/read.ts";
import { readZipDirectory } from "./zip-directory.ts";

export interface CheckRequest {
  /** The archive: tar, compressed or not, or zip. */
  file: string;
  /** For messages, such as `Unpack source "https://host/app.tar.gz"`. */
  attempt: string;
  limits: UnpackLimits;
  signal: AbortSignal;
}

/**
 * Only reads. What is no archive, or a damaged one, is left to what unpacks it, which keeps the
 * same limits; so is a compression that this machine cannot read.
 * @throws NuaError (input) for what is larger than it may be
 * @throws the signal's reason
 */
export async function checkArchive(request: CheckRequest): Promise<void> {
  const count = new UnpackCount(request.limits, { code: "input", attempt: request.attempt });
  try {
    const isZip = await readZipDirectory(request.file, ({ bytes }) => {
      count.addFiles();
      count.addBytes(bytes);
    });
    if (!isZip) await checkTar(request, count);
  } catch (error) {
    if (error instanceof UnpackLimitError) throw asInput(error);
    request.signal.throwIfAborted();
    if (!(error instanceof NuaError)) throw error;
  }
}

// --- internal ---

async function checkTar(
  { file, attempt, limits, signal }: CheckRequest,
  count: UnpackCount,
): Promise<void> {
  const { chunks } = await openArchive(file, attempt);
  // The stream itself as well: an archive of nothing but headers, or of zeros at its end.
  const stream = new UnpackCount(
    { ...limits, bytes: limits.bytes + HEADER_BYTES * limits.files },
    { code: "input", attempt },
  );
  for await (const { size } of readTar(counted(chunks, stream, signal), { attempt })) {
    count.addFiles();
    count.addBytes(size);
  }
}

/** Bytes around the content of a file: headers of both kinds, and what fills its blocks up. */
const HEADER_BYTES = 2048;

async function* counted(
  chunks: ByteChunks,
  stream: UnpackCount,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    stream.addBytes(chunk.length);
    yield chunk;
  }
}

function asInput(error: UnpackLimitError): NuaError {
  const { message, hint } = error;
  return new NuaError("input", message, { step: "build.src-url", hint, cause: error });
}
