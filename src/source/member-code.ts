/** What members of an archive are, where they are programs or libraries of machine code. */
import { closeSync, openSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { NuaError } from "../lib/errors.ts";
import {
  isMachineCode,
  type MachineCode,
  readCodeOf,
  readMachineCode,
} from "../lib/machine-code.ts";
import type { ArchiveMember } from "./archive-member.ts";

export function codeOfBytes(bytes: Uint8Array): MachineCode | undefined {
  if (!isMachineCode(bytes)) return undefined;
  return readMachineCode((offset, length) => bytes.subarray(offset, offset + length));
}

/**
 * Of a member that is too large for memory: what it is linked with may stand anywhere in it.
 * @param work a folder where it is for as long as it is looked at
 */
export async function codeOfStream(
  member: ArchiveMember,
  work: string,
): Promise<MachineCode | undefined> {
  const file = join(work, "member");
  try {
    return (await copyCode(member, file)) ? codeOfFile(file) : undefined;
  } catch (error) {
    // What is damaged is told of by whatever unpacks it.
    if (error instanceof NuaError && error.code === "archive") return undefined;
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}

/** @param file there for nobody else */
export function codeOfFile(file: string): MachineCode | undefined {
  const handle = openSync(file, "r");
  try {
    return readCodeOf(handle);
  } finally {
    closeSync(handle);
  }
}

// --- internal ---

/** @returns false, and nothing is copied, where its first bytes say that it is something else */
async function copyCode({ chunks }: ArchiveMember, file: string): Promise<boolean> {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    for await (const chunk of chunks()) {
      if (handle === undefined && !isMachineCode(chunk)) return false;
      handle ??= await open(file, "wx");
      await handle.writeFile(chunk);
    }
    return handle !== undefined;
  } finally {
    await handle?.close();
  }
}
