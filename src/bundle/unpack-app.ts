/** A tar file of an app's folder -> the folder; nothing of it lands outside, or leads there. */
import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { archiveError, placeOf } from "../archive/archive-error.ts";
import { diskError } from "../archive/disk.ts";
import { createBuffers } from "../archive/file-destination.ts";
import { fileChunks } from "../archive/input-file.ts";
import { OutputFile } from "../archive/output-file.ts";
import { readTar, type TarMember } from "../archive/read-tar.ts";

/**
 * Writes the app's folder again.
 * @param tar its tar file
 * @param root the folder to write; it must not be there, and is gone again when anything fails
 * @throws NuaError (archive) for a file that leads out of the folder, or when the disk is full
 */
export async function unpackApp(tar: string, root: string, signal: AbortSignal): Promise<void> {
  const attempt = `Unpack app "${basename(root)}"`;
  await mkdir(root).catch((cause: unknown) => {
    throw diskError(attempt, root, cause);
  });
  try {
    const links: TarMember[] = [];
    const buffers = createBuffers();
    for await (const member of readTar(fileChunks(tar), { attempt })) {
      signal.throwIfAborted();
      const path = safePath(root, member, attempt);
      if (member.type === "5") makeFolder(path, member.mode);
      else if (member.type === "2") links.push(member);
      else if (member.type === "0") await writeMember(path, member, { attempt, buffers });
      else throw archiveError(placeOf(attempt, member), "it is no file, folder or link");
    }
    // After everything else, so that nothing is written through one of them.
    for (const link of links) makeLink(root, link, attempt);
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    const isSystem = error instanceof Error && "syscall" in error;
    throw isSystem ? diskError(attempt, root, error) : error;
  }
}

// --- internal ---

function safePath(root: string, member: TarMember, attempt: string): string {
  const segments = member.name.replace(/\/$/, "").split("/");
  const isSafe = segments.every((name) => name !== "" && name !== "." && name !== "..");
  if (!isSafe) throw archiveError(placeOf(attempt, member), "its name leads out of the folder");
  return join(root, ...segments);
}

function makeFolder(path: string, mode: number): void {
  mkdirSync(path, { recursive: true });
  // Whatever umask there is here.
  chmodSync(path, mode | 0o700);
}

async function writeMember(
  path: string,
  { content, mode }: TarMember,
  options: Parameters<typeof OutputFile.create>[1],
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const file = await OutputFile.create(path, options);
  try {
    for await (const chunk of content) await file.write(chunk);
    await file.close({ sync: false });
    chmodSync(path, mode);
  } finally {
    await file.abandon();
  }
}

/** One that leads out of the folder may lead nowhere, but not to what is of this machine. */
function makeLink(root: string, link: TarMember, attempt: string): void {
  const path = safePath(root, link, attempt);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(link.linkName, path);
  if (!existsSync(path)) return;
  const target = realpathSync(path);
  if (`${target}${sep}`.startsWith(`${realpathSync(root)}${sep}`)) return;
  throw archiveError(placeOf(attempt, link), `it leads out of the folder, to "${target}"`);
}
