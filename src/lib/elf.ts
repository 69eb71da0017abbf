/**
 * Reads ELF files: for which machine a program is, and which libraries it is linked with. Bounded,
 * whatever a header says of sizes. Source: System V ABI, "Object Files" and "Dynamic Linking"; the
 * Linux Standard Base, "Symbol Versioning".
 */

import { BEYOND, Damaged, FilePages, type ReadAt } from "./file-pages.ts";

export interface Elf {
  kind: "program" | "library" | "other";
  /** As people call it: "x86-64", "ARM 64-bit (aarch64)". */
  machine: string;
  /** The system that it is for, where that is not Linux: "FreeBSD"; else null. */
  system: string | null;
  /** The number of {@link machine} and of its words, for comparison: "62/64". */
  platform: string;
  /** What loads it with its libraries; null where it needs none: it is linked statically. */
  interpreter: string | null;
  /** Libraries that it is linked with: DT_NEEDED. */
  needed: readonly string[];
  /** What others are linked with it by. */
  soname: string | null;
  /** Folders in which it looks for libraries first: DT_RUNPATH, DT_RPATH. */
  paths: readonly string[];
  /** Versions of symbols that its libraries have to have, such as "GLIBC_2.34", each once. */
  versions: readonly string[];
  /** What is wrong with it; null where all could be read. */
  damage: string | null;
}

/** Machine and width of words of what x86-64 runs. */
export const X86_64 = "62/64";

export function isElf(head: Uint8Array): boolean {
  return head.length >= 4 && MAGIC.every((byte, index) => head[index] === byte);
}

/** @param read a file that {@link isElf} is true of */
export function readElf(read: ReadAt): Elf {
  const bytes = new FilePages(read);
  const { isLittle, ...elf } = identify(bytes);
  if (elf.damage !== null || elf.platform.endsWith("/32")) return elf;
  try {
    return { ...elf, ...linkage(bytes, isLittle) };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return { ...elf, damage: error.message };
  }
}

// --- internal ---

const MAGIC = [0x7f, 0x45, 0x4c, 0x46];

/** What no program needs more of. */
const MOST = { headers: 1024, entries: 4096, libraries: 512, versions: 4096 } as const;

/** By e_machine. */
const MACHINES: Readonly<Record<string, string>> = {
  "3/32": "32-bit x86 (i386)",
  "8/32": "MIPS",
  "8/64": "64-bit MIPS",
  "20/32": "PowerPC",
  "21/64": "64-bit PowerPC (ppc64)",
  "22/64": "IBM Z (s390x)",
  "40/32": "32-bit ARM (armhf)",
  "62/32": "x86-64 with 32-bit addresses (x32)",
  [X86_64]: "x86-64",
  "183/64": "64-bit ARM (aarch64)",
  "243/64": "64-bit RISC-V (riscv64)",
  "258/64": "LoongArch (loong64)",
};

/** By EI_OSABI: what is for Linux has 0 or 3 there. */
const SYSTEMS: Readonly<Record<number, string>> = {
  ...{ 2: "NetBSD", 6: "Solaris", 9: "FreeBSD", 12: "OpenBSD" },
};

const [PT_LOAD, PT_DYNAMIC, PT_INTERP] = [1, 2, 3];
const [DT_NEEDED, DT_STRTAB, DT_SONAME, DT_RPATH, DT_RUNPATH] = [1, 5, 14, 15, 29];
const [DT_FLAGS_1, DT_VERNEED, DT_VERNEEDNUM] = [0x6ffffffb, 0x6ffffffe, 0x6fffffff];
const DF_1_PIE = 0x08000000;
const VER_FLG_WEAK = 2;
const [ET_EXEC, ET_DYN] = [2, 3];

function identify(bytes: FilePages): Elf & { isLittle: boolean } {
  const nothing = { interpreter: null, needed: [], soname: null, paths: [], versions: [] };
  try {
    const head = bytes.at(0, 24);
    const [width, order] = [head.getUint8(4), head.getUint8(5)];
    if (width < 1 || width > 2 || order < 1 || order > 2) throw new Damaged("its header is none");
    const isLittle = order === 1;
    const platform = `${head.getUint16(18, isLittle)}/${width * 32}`;
    const type = head.getUint16(16, isLittle);
    const machine = MACHINES[platform] ?? `another machine (number ${platform.split("/")[0]})`;
    const kind = type === ET_EXEC || type === ET_DYN ? "program" : "other";
    const system = SYSTEMS[head.getUint8(7)] ?? null;
    return { ...nothing, kind, machine, system, platform, isLittle, damage: null };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    const unknown = { kind: "other", machine: "an unknown machine", platform: "" } as const;
    return { ...{ ...nothing, ...unknown }, system: null, isLittle: true, damage: error.message };
  }
}

interface Segment {
  type: number;
  offset: number;
  address: number;
  bytes: number;
}

type Linkage = Pick<Elf, "interpreter" | "needed" | "soname" | "paths" | "versions" | "kind">;

/** Of words of 64 bits. */
function linkage(bytes: FilePages, isLittle: boolean): Linkage {
  const head = bytes.at(0, 64);
  const type = head.getUint16(16, isLittle);
  const hasEntry = head.getBigUint64(24, isLittle) !== 0n;
  const segments = readSegments(bytes, head, isLittle);
  const entry = segments.find((one) => one.type === PT_INTERP);
  const interpreter = entry === undefined ? null : bytes.text(entry.offset);
  const dynamic = segments.find((one) => one.type === PT_DYNAMIC);
  const found = readDynamic(bytes, { dynamic, segments, isLittle });
  const { soname } = found;
  const isProgram = interpreter !== null || found.isPie || (soname === null && hasEntry);
  const shared = isProgram ? "program" : "library";
  const kind = type === ET_EXEC ? "program" : type === ET_DYN ? shared : "other";
  const { isPie: _, ...linked } = found;
  return { ...linked, interpreter, kind };
}

function readSegments(bytes: FilePages, head: DataView, isLittle: boolean): Segment[] {
  const start = asNumber(head.getBigUint64(32, isLittle));
  const size = head.getUint16(54, isLittle);
  const count = head.getUint16(56, isLittle);
  if (count > MOST.headers || (count > 0 && size < 56)) {
    throw new Damaged(`its header tells of ${count} program headers of ${size} bytes`);
  }
  return Array.from({ length: count }, (_, index) => {
    const view = bytes.at(start + index * size, 56);
    return {
      type: view.getUint32(0, isLittle),
      offset: asNumber(view.getBigUint64(8, isLittle)),
      address: asNumber(view.getBigUint64(16, isLittle)),
      bytes: asNumber(view.getBigUint64(32, isLittle)),
    };
  });
}

interface Dynamic {
  dynamic: Segment | undefined;
  segments: readonly Segment[];
  isLittle: boolean;
}

function readDynamic(
  bytes: FilePages,
  { dynamic, segments, isLittle }: Dynamic,
): Omit<Linkage, "interpreter" | "kind"> & { isPie: boolean } {
  const entries = dynamic === undefined ? [] : readEntries(bytes, dynamic, isLittle);
  const find = (tag: number) => entries.find((one) => one.tag === tag)?.value;
  const place = (address: bigint) => offsetOf(segments, address);
  const table = find(DT_STRTAB);
  const named = (tag: number) => {
    const all = entries.filter((one) => one.tag === tag);
    if (all.length > MOST.libraries) throw new Damaged("it is linked with too many libraries");
    return all.map(({ value }) => bytes.text(place(table ?? 0n) + asNumber(value)));
  };
  const needs = find(DT_VERNEED);
  const count = Math.min(asNumber(find(DT_VERNEEDNUM) ?? 0n), MOST.libraries);
  const names = needs === undefined || table === undefined ? [] : [place(needs), place(table)];
  const [first, strings] = names;
  const versions =
    first === undefined || strings === undefined
      ? []
      : readVersions(bytes, { first, strings, count, isLittle });
  return {
    needed: [...new Set(named(DT_NEEDED))],
    soname: named(DT_SONAME)[0] ?? null,
    paths: [...named(DT_RUNPATH), ...named(DT_RPATH)].flatMap((one) => one.split(":")),
    versions,
    isPie: (asNumber(find(DT_FLAGS_1) ?? 0n) & DF_1_PIE) !== 0,
  };
}

function readEntries(
  bytes: FilePages,
  { offset, bytes: size }: Segment,
  isLittle: boolean,
): { tag: number; value: bigint }[] {
  const entries: { tag: number; value: bigint }[] = [];
  for (let index = 0; index * 16 + 16 <= size; index += 1) {
    if (index >= MOST.entries) throw new Damaged("its dynamic section has no end");
    const view = bytes.at(offset + index * 16, 16);
    const tag = Number(view.getBigUint64(0, isLittle));
    if (tag === 0) break;
    entries.push({ tag, value: view.getBigUint64(8, isLittle) });
  }
  return entries;
}

/** A chain for each library, with a chain of versions each. */
function readVersions(
  bytes: FilePages,
  {
    first,
    strings,
    count,
    isLittle,
  }: Record<"first" | "strings" | "count", number> & Pick<Dynamic, "isLittle">,
): string[] {
  const names = new Set<string>();
  let at = first;
  let left: number = MOST.versions;
  for (let index = 0; index < count; index += 1) {
    const need = bytes.at(at, 16);
    let inner = at + need.getUint32(8, isLittle);
    for (let rest = need.getUint16(2, isLittle); rest > 0; rest -= 1) {
      left -= 1;
      if (left < 0) throw new Damaged("it asks for too many versions");
      const one = bytes.at(inner, 16);
      // A weak one may be absent.
      const isWeak = (one.getUint16(4, isLittle) & VER_FLG_WEAK) !== 0;
      if (!isWeak) names.add(bytes.text(strings + one.getUint32(8, isLittle)));
      const next = one.getUint32(12, isLittle);
      if (next === 0) break;
      inner += next;
    }
    const next = need.getUint32(12, isLittle);
    if (next === 0) break;
    at += next;
  }
  return [...names];
}

function offsetOf(segments: readonly Segment[], at: bigint): number {
  const address = asNumber(at);
  const found = segments.find(
    (one) => one.type === PT_LOAD && address >= one.address && address < one.address + one.bytes,
  );
  if (found === undefined) throw new Damaged("its dynamic section leads nowhere");
  return found.offset + (address - found.address);
}

function asNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Damaged(BEYOND);
  return Number(value);
}
