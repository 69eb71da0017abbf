/** Small ELF files for tests: headers and what they are linked with, and no code. */

export interface ElfOptions {
  /** e_machine; x86-64 by default. */
  machine?: number;
  /** ET_DYN by default; 2 is ET_EXEC. */
  type?: number;
  /** 32 or 64; the file has headers of 64 bits all the same. */
  bits?: 32 | 64;
  system?: number;
  interpreter?: string | null;
  needed?: readonly string[];
  soname?: string;
  runPath?: string;
  /** Versions of symbols of libc.so.6. */
  versions?: readonly string[];
  isPie?: boolean;
  /** Bytes that are changed at the end. */
  spoil?: (bytes: Buffer) => void;
}

export const GLIBC_LOADER = "/lib64/ld-linux-x86-64.so.2";
export const MUSL_LOADER = "/lib/ld-musl-x86_64.so.1";

/** The file is one segment, at the addresses of its offsets. */
export function elfBytes(options: ElfOptions = {}): Buffer {
  const { needed = [], soname, runPath, versions = [], isPie = true } = options;
  const { interpreter = needed.length > 0 ? GLIBC_LOADER : null } = options;
  const strings = new Strings();
  const entries: [number, number][] = [
    ...needed.map((name): [number, number] => [1, strings.add(name)]),
    ...(soname === undefined ? [] : [[14, strings.add(soname)] as [number, number]]),
    ...(runPath === undefined ? [] : [[29, strings.add(runPath)] as [number, number]]),
    ...(isPie && soname === undefined ? [[0x6ffffffb, 0x08000000] as [number, number]] : []),
  ];
  const needs = versionNeeds(versions, strings);
  const loader = Buffer.from(interpreter === null ? "" : `${interpreter}\0`);
  const [headers, dynamicBytes] = [64 + 3 * 56, (entries.length + 4) * 16];
  const dynamicAt = headers + loader.length;
  const needsAt = dynamicAt + dynamicBytes;
  const stringsAt = needsAt + needs.length;
  const dynamic = Buffer.alloc(dynamicBytes);
  const table: [number, number][] = [...entries, [5, stringsAt]];
  if (versions.length > 0) table.push([0x6ffffffe, needsAt], [0x6fffffff, 1]);
  for (const [index, [tag, value]] of table.entries()) {
    dynamic.writeBigUInt64LE(BigInt(tag), index * 16);
    dynamic.writeBigUInt64LE(BigInt(value), index * 16 + 8);
  }
  const body = Buffer.concat([loader, dynamic, needs, strings.bytes()]);
  const segments = [
    segment(1, 0, headers + body.length),
    segment(interpreter === null ? 0 : 3, headers, loader.length),
    segment(2, dynamicAt, dynamicBytes),
  ];
  const bytes = Buffer.concat([fileHeader(options), ...segments, body]);
  options.spoil?.(bytes);
  return bytes;
}

// --- internal ---

class Strings {
  #text = "\0";

  add(text: string): number {
    const at = this.#text.length;
    this.#text += `${text}\0`;
    return at;
  }

  bytes(): Buffer {
    return Buffer.from(this.#text, "latin1");
  }
}

function fileHeader({ machine = 62, type = 3, bits = 64, system = 0 }: ElfOptions): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF", "latin1");
  header.set([bits / 32, 1, 1, system], 4);
  header.writeUInt16LE(type, 16);
  header.writeUInt16LE(machine, 18);
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(3, 56);
  return header;
}

function segment(type: number, offset: number, bytes: number): Buffer {
  const header = Buffer.alloc(56);
  header.writeUInt32LE(type, 0);
  for (const at of [8, 16, 24]) header.writeBigUInt64LE(BigInt(offset), at);
  for (const at of [32, 40]) header.writeBigUInt64LE(BigInt(bytes), at);
  return header;
}

function versionNeeds(versions: readonly string[], strings: Strings): Buffer {
  if (versions.length === 0) return Buffer.alloc(0);
  const need = Buffer.alloc(16);
  need.writeUInt16LE(1, 0);
  need.writeUInt16LE(versions.length, 2);
  need.writeUInt32LE(strings.add("libc.so.6"), 4);
  need.writeUInt32LE(16, 8);
  const all = versions.map((name, index) => {
    const one = Buffer.alloc(16);
    one.writeUInt32LE(strings.add(name), 8);
    one.writeUInt32LE(index === versions.length - 1 ? 0 : 16, 12);
    return one;
  });
  return Buffer.concat([need, ...all]);
}
