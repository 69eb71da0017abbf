/**
 * Lists the members of a source archive of any format, as nua.lib unpacks them.
 *
 * The rules are those of src/python/nua/lib/archive.py and archive_members.py: what they refuse is
 * refused here, in the same words, and what they make of a name is made of it here.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import {
  ARCHIVE_EXPANSION,
  detectCompression,
  limitExpansion,
  MAGIC_BYTES,
} from "../images/archive/compression.ts";
import { openArchive } from "../images/archive/open-archive.ts";
import {
  UnpackCount,
  UnpackLimitError,
  type UnpackLimits,
} from "../images/archive/unpack-limits.ts";
import { archiveError } from "../lib/archive-error.ts";
import { CommandError, NuaError } from "../lib/errors.ts";
import { fileChunks } from "../lib/input-file.ts";
import { streamProgram } from "../lib/process.ts";
import { type ByteChunks, readWhole } from "../lib/tar/byte-reader.ts";
import { readTar } from "../lib/tar/read.ts";
import {
  readZipDirectory,
  ZIP_HEADER_BYTES,
  type ZipEntry,
  zipContentOffset,
} from "./zip-directory.ts";

export interface ArchiveRequest {
  /** The archive: tar, compressed or not, or zip. */
  file: string;
  /** For messages, such as `Unpack source "https://host/app.tar.gz"`. */
  attempt: string;
  /** What it may become. */
  limits: UnpackLimits;
  signal: AbortSignal;
}

export interface ArchiveMember {
  /** Relative, with "/" between names; empty for the top itself. */
  path: string;
  /** A twin is a hard link, to the member at `target`. */
  kind: "file" | "folder" | "link" | "twin";
  /** Permissions. */
  mode: number;
  /** Of a link as it is written; of a twin, the path of the other one. */
  target: string;
  /** Of the content. */
  bytes: number;
  /**
   * The content, while the member is looked at.
   * @returns undefined where it is more than `limit`
   */
  read(limit: number): Promise<Uint8Array | undefined>;
}

/**
 * One pass, in flat memory. What is damaged ends it: the image's unpacker tells more of that.
 * @throws NuaError (input) for what is larger than it may be, for a member that would leave its
 *   folder, and for a compression whose program is missing here
 * @throws the signal's reason
 */
export async function* readMembers(request: ArchiveRequest): AsyncGenerator<ArchiveMember> {
  const count = new UnpackCount(request.limits, { code: "input", attempt: request.attempt });
  try {
    const entries: ZipEntry[] = [];
    const isZip = await readZipDirectory(request.file, (entry) => {
      count.addFiles();
      count.addBytes(entry.bytes);
      entries.push(entry);
    });
    yield* isZip ? zipMembers(request, entries) : tarMembers(request, count);
  } catch (error) {
    if (error instanceof UnpackLimitError) throw asInput(error);
    request.signal.throwIfAborted();
    if (!(error instanceof NuaError) || error.code === "input") throw error;
  }
}

// --- internal ---

function asInput(error: UnpackLimitError): NuaError {
  const { message, hint } = error;
  return new NuaError("input", message, { step: "build.src-url", hint, cause: error });
}

function refuse({ attempt }: ArchiveRequest, name: string, reason: string): NuaError {
  return new NuaError("input", `${attempt}: "${name}": refused, for ${reason}`, {
    step: "build.src-url",
    hint: "if you trust it, pack it anew without that member",
  });
}

/** As pathlib has it: no empty name, no ".". */
function pathOf(request: ArchiveRequest, name: string, member = name): string {
  const names = name.split("/").filter((part) => part !== "" && part !== ".");
  if (name.startsWith("/") || names.includes("..")) {
    throw refuse(request, member, "its name leads outside");
  }
  return names.join("/");
}

// --- tar ---

/** By type flag: POSIX, "ustar"; "7" is a file, too. */
const TAR_KINDS: Readonly<Record<string, ArchiveMember["kind"]>> = {
  ...{ 0: "file", 1: "twin", 2: "link", 5: "folder" },
};

async function* tarMembers(
  request: ArchiveRequest,
  count: UnpackCount,
): AsyncGenerator<ArchiveMember> {
  const { attempt, limits, signal } = request;
  // The stream itself as well: an archive of nothing but headers, or of zeros at its end.
  const streamLimits = { ...limits, bytes: limits.bytes + HEADER_BYTES * limits.files };
  const stream = new UnpackCount(streamLimits, { code: "input", attempt });
  const chunks = counted(await openTar(request), stream, signal);
  for await (const { name, type, mode, linkName, size, content } of readTar(chunks, { attempt })) {
    count.addFiles();
    count.addBytes(size);
    const kind = TAR_KINDS[type];
    const path = pathOf(request, name);
    if (kind === undefined) throw refuse(request, name, "it is neither file, folder nor link");
    yield {
      ...{ path, kind, mode, bytes: size },
      target: kind === "twin" ? pathOf(request, linkName, name) : linkName,
      read: async (limit) => (size > limit ? undefined : await readWhole(content, size)),
    };
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

async function openTar({ file, attempt, signal }: ArchiveRequest): Promise<ByteChunks> {
  const head = new Uint8Array(await Bun.file(file).slice(0, MAGIC_BYTES).arrayBuffer());
  const compression = detectCompression(head);
  return compression === "bzip2" || compression === "xz"
    ? decompressElsewhere({ file, attempt, signal }, PROGRAMS[compression])
    : (await openArchive(file, attempt)).chunks;
}

/** Node has neither. Without its limit, a header of a few bytes makes xz take gigabytes. */
const PROGRAMS = {
  bzip2: ["bzip2", "--decompress", "--stdout"],
  xz: ["xz", "--decompress", "--stdout", "--memlimit-decompress=256MiB"],
} as const;

async function* decompressElsewhere(
  { file, attempt, signal }: Pick<ArchiveRequest, "file" | "attempt" | "signal">,
  argv: readonly string[],
): AsyncGenerator<Uint8Array> {
  const { size } = Bun.file(file);
  const limit = { place: { attempt }, expansion: ARCHIVE_EXPANSION };
  try {
    const plain = streamProgram(argv, { stdin: fileChunks(file), signal });
    yield* limitExpansion(plain, () => size, limit);
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    if (cause.exitCode !== null) throw archiveError({ attempt }, "it is damaged", { cause });
    throw new NuaError("input", `${attempt}: the program "${argv[0]}" is needed for it`, {
      step: "build.src-url",
      hint: `install ${argv[0] === "xz" ? "xz-utils" : argv[0]}, or pack the source as .tar.gz or .zip`,
      cause,
    });
  }
}

// --- zip ---

/** Systems that zip files were made on, whose programs write a separator of their own. */
const WINDOWS: readonly number[] = [0, 10];

const LINK_MODE = 0o120000;
const KIND_BITS = 0o170000;

/** Of a path, on Linux; no link has a longer target. */
const LONGEST_PATH = 4096;

async function* zipMembers(
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
      };
    }
  } finally {
    closeSync(handle);
  }
}

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

/** What deflate may add to what it cannot make smaller. */
const ZIP_SLACK = 64 * 1024;

function readAt(handle: number, offset: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(handle, buffer, 0, length, offset));
}
