/**
 * Lists the members of a source archive of any format, as nua.lib unpacks them.
 *
 * The rules are those of src/python/nua/lib/archive.py and archive_members.py: what they refuse is
 * refused here, in the same words, and what they make of a name is made of it here.
 */
import {
  ARCHIVE_EXPANSION,
  detectCompression,
  limitExpansion,
  MAGIC_BYTES,
} from "../images/archive/compression.ts";
import { openArchive } from "../images/archive/open-archive.ts";
import { UnpackCount, UnpackLimitError } from "../images/archive/unpack-limits.ts";
import { archiveError } from "../lib/archive-error.ts";
import { CommandError, NuaError } from "../lib/errors.ts";
import { fileChunks } from "../lib/input-file.ts";
import { streamProgram } from "../lib/process.ts";
import { type ByteChunks, readWhole } from "../lib/tar/byte-reader.ts";
import { readTar } from "../lib/tar/read.ts";
import {
  type ArchiveMember,
  type ArchiveRequest,
  asInput,
  KEY,
  pathOf,
  refuse,
} from "./archive-member.ts";
import { readZipDirectory, type ZipEntry } from "./zip-directory.ts";
import { zipMembers } from "./zip-members.ts";

/**
 * One pass, in flat memory. What is damaged ends it, where that is no error: the image's unpacker
 * tells more of that.
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
    if (error instanceof UnpackLimitError) throw asInput(request, error);
    request.signal.throwIfAborted();
    if (!(error instanceof NuaError) || error.code === "input") throw error;
    if (request.isWhole) throw asInput(request, error);
  }
}

/** What a compressed file holds; of any other, the file itself. */
export async function* decompressArchive(request: ArchiveRequest): AsyncGenerator<Uint8Array> {
  yield* await openTar(request);
}

// --- internal ---

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
      chunks: () => content,
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

async function openTar(request: ArchiveRequest): Promise<ByteChunks> {
  const { file, attempt } = request;
  const head = new Uint8Array(await Bun.file(file).slice(0, MAGIC_BYTES).arrayBuffer());
  const compression = detectCompression(head);
  return compression === "bzip2" || compression === "xz"
    ? decompressElsewhere(request, PROGRAMS[compression])
    : (await openArchive(file, attempt)).chunks;
}

/** Node has neither. Without its limit, a header of a few bytes makes xz take gigabytes. */
const PROGRAMS = {
  bzip2: ["bzip2", "--decompress", "--stdout"],
  xz: ["xz", "--decompress", "--stdout", "--memlimit-decompress=256MiB"],
} as const;

async function* decompressElsewhere(
  { file, attempt, signal, key = KEY }: ArchiveRequest,
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
      step: key,
      hint: `install ${argv[0] === "xz" ? "xz-utils" : argv[0]}, or pack the source as .tar.gz or .zip`,
      cause,
    });
  }
}
