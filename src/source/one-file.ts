/**
 * Sources that are one file, and no archive: a program, as it is or compressed, a script, a jar. They
 * are packed as an archive with that file in it; of a Debian package its archive of files is taken.
 */
import { open, rename, rm } from "node:fs/promises";
import { type Compression, detectCompression } from "../images/archive/compression.ts";
import { createBuffers } from "../images/archive/file-destination.ts";
import { OutputFile } from "../images/archive/output-file.ts";
import { UnpackLimitError } from "../images/archive/unpack-limits.ts";
import { NuaError } from "../lib/errors.ts";
import { extentChunks, fileChunks } from "../lib/input-file.ts";
import { isMachineCode } from "../lib/machine-code.ts";
import type { ByteChunks } from "../lib/tar/byte-reader.ts";
import { TAR_END, tarMember } from "../lib/tar/write.ts";
import { APP_PATH } from "../protocol/words.ts";
import { type ArchiveRequest, asInput, KEY } from "./archive-member.ts";
import { decompressArchive } from "./archive-members.ts";
import { findDebianFiles } from "./debian-package.ts";
import { codeOfFile } from "./member-code.ts";

/**
 * Packs a file that is no archive as one, in its place.
 * @param url what it is called there, for the name of the program
 * @throws NuaError (input) for a web page, and for a program of another system
 */
export async function packOneFile(request: ArchiveRequest, url: string): Promise<void> {
  const { file } = request;
  const head = await firstBytes(fileChunks(file));
  const name = fileName(url);
  const compression = detectCompression(head);
  if (findDebian(head)) return replace(request, (target) => takeDebian(request, target));
  if (isZip(head) && JAR.test(name)) {
    return replace(request, (target) => pack(request, { name, mode: 0o644 }, target));
  }
  if (compression === undefined) return packProgram(request, head, name);
  const inner = await firstBytes(decompressArchive(request));
  if (!isMachineCode(inner) && !isScript(inner) && !isPage(inner)) return;
  await replace(request, (target) => expand(request, target));
  await packProgram(request, inner, withoutCompression(name, compression));
}

// --- internal ---

const HEAD_BYTES = 512;

const JAR = /\.(?:jar|war)$/i;

const ENDINGS: Readonly<Record<Compression, RegExp>> = {
  ...{ gzip: /\.gz$/i, zstd: /\.zst$/i, xz: /\.xz$/i, bzip2: /\.bz2$/i },
};

async function packProgram(request: ArchiveRequest, head: Uint8Array, name: string): Promise<void> {
  if (isPage(head))
    throw fault(request, "it is a web page, and neither a program nor an archive", PAGE_HINT);
  if (!isMachineCode(head) && !isScript(head)) return;
  const code = codeOfFile(request.file);
  if (code?.format === "other") {
    throw fault(request, `it is a program for ${code.system}`, "name the one for Linux");
  }
  await replace(request, (target) => pack(request, { name, mode: 0o755 }, target));
}

const PAGE_HINT = "the address of the file itself is needed: see what a browser is sent there";

function fault({ attempt, key = KEY }: ArchiveRequest, problem: string, hint: string): NuaError {
  return new NuaError("input", `${attempt}: ${problem}`, {
    step: key,
    hint,
  });
}

async function firstBytes(chunks: ByteChunks): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      parts.push(chunk.slice(0, HEAD_BYTES));
      bytes += chunk.length;
      if (bytes >= HEAD_BYTES) break;
    }
  } catch (error) {
    // Whoever unpacks it tells what is damaged.
    if (!(error instanceof NuaError) || error.code === "input") throw error;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}

const isScript = (head: Uint8Array) => head[0] === 0x23 && head[1] === 0x21;
const isZip = (head: Uint8Array) => Buffer.from(head.subarray(0, 2)).toString("latin1") === "PK";
const findDebian = (head: Uint8Array) =>
  Buffer.from(head.subarray(0, 21)).toString("latin1") === "!<arch>\ndebian-binary";

function isPage(head: Uint8Array): boolean {
  return /^(?:\uFEFF)?\s*<(?:!doctype\s+html|html|head|body)\b/i.test(Buffer.from(head).toString());
}

/** The last part of an address, as a file is called. */
function fileName(url: string): string {
  const path = url.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const last = path.slice(path.lastIndexOf("/") + 1);
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {}
  const isPlain = APP_PATH.accepts(name) && !/[/\\]/.test(name) && name !== "." && name !== "";
  return isPlain ? name : "program";
}

function withoutCompression(name: string, compression: Compression): string {
  return name.replace(ENDINGS[compression], "") || "program";
}

/** The file becomes what is made of it. */
async function replace(
  request: ArchiveRequest,
  make: (target: string) => Promise<void>,
): Promise<void> {
  const target = `${request.file}.made`;
  try {
    await make(target);
    await rename(target, request.file);
  } catch (error) {
    if (!(error instanceof NuaError) || error.code === "input") throw error;
    const isOfArchive = error.code === "archive" || error instanceof UnpackLimitError;
    throw isOfArchive ? asInput(request, error) : error;
  } finally {
    await rm(target, { force: true });
  }
}

async function write(chunks: ByteChunks, target: string, attempt: string): Promise<void> {
  const output = await OutputFile.create(target, { attempt, buffers: createBuffers() });
  try {
    for await (const chunk of chunks) await output.write(chunk);
    await output.close({ sync: false });
  } finally {
    await output.abandon();
  }
}

async function pack(
  { file, attempt }: ArchiveRequest,
  { name, mode }: { name: string; mode: number },
  target: string,
): Promise<void> {
  const { size } = Bun.file(file);
  const member = tarMember({ name, mode, size }, fileChunks(file));
  await write(
    (async function* () {
      yield* member;
      yield TAR_END;
    })(),
    target,
    attempt,
  );
}

/** As much as an archive of that size may become. */
async function expand(request: ArchiveRequest, target: string): Promise<void> {
  const { attempt, limits } = request;
  const plain = decompressArchive(request);
  let left = limits.bytes;
  await write(
    (async function* () {
      for await (const chunk of plain) {
        left -= chunk.length;
        if (left < 0) throw fault(request, "unpacked it is larger than it may be", LIMIT_HINT);
        yield chunk;
      }
    })(),
    target,
    attempt,
  );
}

const LIMIT_HINT = "allow more with NUA_UNPACKED_LIMIT, in MB";

async function takeDebian(request: ArchiveRequest, target: string): Promise<void> {
  const place = await findDebianFiles(request.file);
  if (place === undefined) {
    throw fault(request, "it is a damaged Debian package", "fetch it again");
  }
  const handle = await open(request.file, "r");
  try {
    await write(extentChunks(handle, place), target, request.attempt);
  } finally {
    await handle.close();
  }
}
