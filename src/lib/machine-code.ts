/** Files of machine code: for which system and machine each is. */
import { readSync } from "node:fs";
import { type Elf, isElf, readElf } from "./elf.ts";
import type { ReadAt } from "./file-pages.ts";

export type MachineCode =
  | { format: "elf"; elf: Elf; isAppImage: boolean }
  | { format: "other"; system: "Windows" | "macOS" };

/** How many first bytes {@link isMachineCode} needs. */
export const CODE_MAGIC_BYTES = 4;

/** Whether it may be worth it to read more. */
export function isMachineCode(head: Uint8Array): boolean {
  const hex = Buffer.from(head.subarray(0, CODE_MAGIC_BYTES)).toString("hex");
  return isElf(head) || hex.startsWith("4d5a") || MACH_O.has(hex);
}

/** @returns undefined for any other file */
export function readMachineCode(read: ReadAt): MachineCode | undefined {
  const head = read(0, 64);
  if (isElf(head)) {
    // Source: AppImage specification, "Type 2 image format".
    const isAppImage = head[8] === 0x41 && head[9] === 0x49 && (head[10] === 1 || head[10] === 2);
    return { format: "elf", elf: readElf(read), isAppImage };
  }
  const hex = Buffer.from(head.subarray(0, CODE_MAGIC_BYTES)).toString("hex");
  if (hex.startsWith("4d5a")) return isPortable(read, head) ? WINDOWS : undefined;
  // So do compiled classes of a well-known language begin; machines of a program are few.
  const isFat = hex === FAT && head.length >= 8 && head[4] === 0 && head[7]! < 32;
  return (hex !== FAT && MACH_O.has(hex)) || isFat ? MAC : undefined;
}

/** The same of an open file, which stays open. */
export function readCodeOf(handle: number): MachineCode | undefined {
  return readMachineCode((offset, length) => {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(handle, buffer, 0, length, offset));
  });
}

// --- internal ---

const WINDOWS = { format: "other", system: "Windows" } as const;
const MAC = { format: "other", system: "macOS" } as const;

const FAT = "cafebabe";

/** Both orders of bytes, both widths of words, and one for several machines. */
const MACH_O: ReadonlySet<string> = new Set([
  ...["feedface", "feedfacf", "cefaedfe", "cffaedfe", FAT],
]);

/** Source: "PE Format", MS-DOS stub: where the other header is stands at 0x3c. */
function isPortable(read: ReadAt, head: Uint8Array): boolean {
  if (head.length < 64) return false;
  const at = new DataView(head.buffer, head.byteOffset, head.length).getUint32(0x3c, true);
  return Buffer.from(read(at, 4)).toString("latin1") === "PE\0\0";
}
