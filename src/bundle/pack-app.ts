/** An app's folder -> a tar file, and back: the part of it that a build looks at. */
import { readlinkSync, statSync } from "node:fs";
import { chmod, lstat, mkdir, open, symlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { archiveError, placeOf } from "../archive/archive-error.ts";
import { encodeTarMember } from "../archive/encode-tar-member.ts";
import { fileChunks } from "../archive/input-file.ts";
import { OutputFile } from "../archive/output-file.ts";
import { readTar, type TarMember } from "../archive/read-tar.ts";
import { TAR_BLOCK, tarPadding } from "../archive/tar-header.ts";
import { isOfApp } from "../plan/staging.ts";
import { type TreeVisitor, walkTree } from "../staging/walk-tree.ts";

/** Where the tar goes, and how. */
export interface PackedApp {
  /** SHA-256 in hexadecimal. */
  sha256: string;
  bytes: number;
}

/**
 * The same bytes for the same files, whoever owns them.
 * @param root the app's folder
 * @param target the file to write
 * @throws NuaError (archive) when the disk is full
 */
export async function packApp(
  root: string,
  target: string,
  signal: AbortSignal,
): Promise<PackedApp> {
  const entries = await listEntries(root, signal);
  const buffers = [new Uint8Array(BUFFER), new Uint8Array(BUFFER)] as [Uint8Array, Uint8Array];
  const output = await OutputFile.create(target, { attempt: `Pack "${root}"`, buffers });
  const hash = new Bun.CryptoHasher("sha256");
  const write = async (bytes: Uint8Array) => {
    hash.update(bytes);
    await output.write(bytes);
  };
  try {
    for (const entry of entries) {
      signal.throwIfAborted();
      await write(encodeTarMember({ ...PLAIN, ...entry.header }, new Map()));
      if (entry.from === undefined) continue;
      let left = entry.header.size;
      for await (const chunk of fileChunks(entry.from)) {
        // A file that grows meanwhile must not shift what follows it.
        await write(chunk.subarray(0, left));
        left -= Math.min(left, chunk.length);
      }
      await write(new Uint8Array(left + tarPadding(entry.header.size)));
    }
    await write(new Uint8Array(2 * TAR_BLOCK));
    await output.close({ sync: false });
  } finally {
    await output.abandon();
  }
  return { sha256: hash.digest("hex"), bytes: output.bytes };
}

/**
 * @param folder to unpack into, which is made
 * @throws NuaError (archive) for a member that would leave the folder
 */
export async function unpackApp(file: string, folder: string, signal: AbortSignal): Promise<void> {
  const attempt = `Unpack app "${file}"`;
  await mkdir(folder, { recursive: true });
  for await (const member of readTar(fileChunks(file), { attempt })) {
    signal.throwIfAborted();
    await checkPath(member, folder, attempt);
    await unpackMember(member, join(folder, member.name));
  }
}

// --- internal ---

/** Bytes, twice. */
const BUFFER = 256 * 1024;

const PLAIN = { uid: 0, gid: 0, device: [0, 0] as [number, number] };

interface Entry {
  header: Pick<TarMember, "name" | "size" | "type" | "linkName" | "mode" | "mtime">;
  /** The file with its content. */
  from?: string;
}

async function listEntries(root: string, signal: AbortSignal): Promise<Entry[]> {
  const entries: Entry[] = [];
  const none = { size: 0, linkName: "" };
  const seconds = (mtimeMs: number) => Math.floor(mtimeMs / 1000);
  const visitor: TreeVisitor = {
    folder(path, from) {
      if (path === "") return;
      const mode = statSync(from).mode & 0o7777;
      entries.push({ header: { ...none, name: `${path}/`, type: "5", mode, mtime: 0 } });
    },
    file(path, from, { size, mode, mtimeMs }) {
      const header = { ...none, name: path, type: "0", size, mode: mode & 0o7777 };
      entries.push({ header: { ...header, mtime: seconds(mtimeMs) }, from });
    },
    link(path, from, { mtimeMs }) {
      const header = { ...none, name: path, type: "2", linkName: readlinkSync(from), mode: 0o777 };
      entries.push({ header: { ...header, mtime: seconds(mtimeMs) } });
    },
    other() {},
  };
  await walkTree({ from: root, accept: isOfApp, signal }, visitor);
  return entries;
}

/** Nothing may be written through a link, whose target may be anywhere. */
async function checkPath(member: TarMember, folder: string, attempt: string): Promise<void> {
  const fault = (problem: string) => archiveError(placeOf(attempt, member), problem);
  const parts = member.name.replace(/\/$/, "").split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    throw fault("its path would leave the app's folder");
  }
  if (!"025".includes(member.type)) throw fault("it is neither a file nor a folder nor a link");
  for (let depth = 1; depth < parts.length; depth += 1) {
    const above = await lstat(join(folder, ...parts.slice(0, depth))).catch(() => undefined);
    if (above !== undefined && !above.isDirectory()) throw fault("its folder is none");
  }
}

async function unpackMember(member: TarMember, target: string): Promise<void> {
  const { type, mode, mtime, linkName } = member;
  if (type === "5") {
    await mkdir(target, { recursive: true });
    return chmod(target, mode | 0o700);
  }
  await mkdir(dirname(target), { recursive: true });
  if (type === "2") return symlink(linkName, target);
  const handle = await open(target, "wx", 0o600);
  try {
    for await (const chunk of member.content) await handle.writeFile(chunk);
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
  await utimes(target, mtime, mtime);
}
