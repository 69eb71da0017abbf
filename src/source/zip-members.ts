/** Lists the members of a zip file, and reads what is in them. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createInflateRaw, inflateRawSync } from "node:zlib";
import { archiveError } from "../lib/archive-error.ts";
import type { ByteChunks } from "../lib/tar/byte-reader.ts";
import { type ArchiveMember, type ArchiveRequest, pathOf } from "./archive-member.ts";
import { ZIP_HEADER_BYTES, type ZipEntry, zipContentOffset } from "./zip-directory.ts";

/** Each in the order of the directory. @throws NuaError (input) for a name that leads outside */
export async function* zipMembers(
  request: ArchiveRequest,
  entries: readonly ZipEntry[],
): AsyncGenerator<ArchiveMember> {
  const handle = openSync(request.file, "r");
  try {
    for (const entry of entries) {
      request.signal.throwIfAborted();
      const name = zipName(entry);
      const isLink = (entry.mode & KIND_BITS) === LINK_MODE;
      const target = isLink ? zipContent(handle, entry, LONGEST_PATH) : undefined;
      yield {
        path: pathOf(request, name),
        kind: isLink ? "link" : name.endsWith("/") ? "folder" : "file",
        mode: entry.mode & 0o7777 || 0o644,
        target: target === undefined ? "" : Buffer.from(target).toString("utf8"),
        bytes: entry.bytes,
        read: async (limit) => zipContent(handle, entry, limit),
        chunks: () => zipChunks(request, entry),
      };
    }
  } finally {
    closeSync(handle);
  }
}

// --- internal ---

/** Systems that zip files were made on, whose programs write a separator of their own. */
const WINDOWS: readonly number[] = [0, 10];

const LINK_MODE = 0o120000;
const KIND_BITS = 0o170000;

/** Of a path, on Linux; no link has a longer target. */
const LONGEST_PATH = 4096;

/** As unzip does: old programs on Windows write their own separator. */
function zipName({ name, system }: ZipEntry): string {
  return WINDOWS.includes(system) && !name.includes("/") ? name.replaceAll("\\", "/") : name;
}

/** Undefined for what is larger, damaged, encrypted or packed in a rare way. */
function zipContent(handle: number, entry: ZipEntry, limit: number): Uint8Array | undefined {
  const { bytes, packedBytes, method, isEncrypted, offset } = entry;
  if (bytes > limit || packedBytes > limit + ZIP_SLACK || isEncrypted) return undefined;
  try {
    const begin = zipContentOffset(readAt(handle, offset, ZIP_HEADER_BYTES), entry);
    const packed = readAt(handle, begin, packedBytes);
    if (method === 0) return packed.subarray(0, bytes);
    return method === 8 ? inflateRawSync(packed, { maxOutputLength: limit + 1 }) : undefined;
  } catch {
    return undefined;
  }
}

async function* zipChunks({ file, attempt }: ArchiveRequest, entry: ZipEntry): ByteChunks {
  const { name, bytes, packedBytes, method, isEncrypted, offset } = entry;
  const fault = (problem: string, cause?: unknown) =>
    archiveError({ attempt, member: name }, problem, { cause });
  if (isEncrypted) throw fault("it is encrypted");
  if (method !== 0 && method !== 8) throw fault(`it is packed by method ${method}`);
  if (packedBytes === 0) return;
  const head = await Bun.file(file)
    .slice(offset, offset + ZIP_HEADER_BYTES)
    .arrayBuffer();
  let left = bytes;
  try {
    const begin = zipContentOffset(Buffer.from(head), entry);
    const packed = createReadStream(file, { start: begin, end: begin + packedBytes - 1 });
    for await (const chunk of method === 0 ? packed : packed.pipe(createInflateRaw())) {
      left -= chunk.length;
      if (left < 0) break;
      yield chunk;
    }
  } catch (cause) {
    throw fault("it is damaged", cause);
  }
  if (left !== 0) throw fault("it is damaged");
}

/** What deflate may add to what it cannot make smaller. */
const ZIP_SLACK = 64 * 1024;

function readAt(handle: number, offset: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(handle, buffer, 0, length, offset));
}
