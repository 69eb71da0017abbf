import { describe, expect, test } from "bun:test";
import { X86_64 } from "../../../src/lib/elf.ts";
import { type MachineCode, readMachineCode } from "../../../src/lib/machine-code.ts";
import { elfBytes, GLIBC_LOADER } from "../../helpers/elf-bytes.ts";

function read(bytes: Buffer): MachineCode | undefined {
  return readMachineCode((offset, length) => bytes.subarray(offset, offset + length));
}

function elfOf(bytes: Buffer) {
  const found = read(bytes);
  return found?.format === "elf" ? found.elf : undefined;
}

test("what a program is linked with", () => {
  const bytes = elfBytes({
    ...{ needed: ["libfoo.so.1", "libc.so.6"], runPath: "$ORIGIN/../lib:/opt/lib" },
    versions: ["GLIBC_2.34", "GLIBC_2.2.5"],
  });
  expect(elfOf(bytes)).toEqual({
    ...{ kind: "program", machine: "x86-64", platform: X86_64, system: null, damage: null },
    ...{ interpreter: GLIBC_LOADER, needed: ["libfoo.so.1", "libc.so.6"], soname: null },
    ...{ paths: ["$ORIGIN/../lib", "/opt/lib"], versions: ["GLIBC_2.34", "GLIBC_2.2.5"] },
  });
});

test("what is linked statically, and what is a library", () => {
  expect(elfOf(elfBytes({ type: 2 }))).toMatchObject({ kind: "program", interpreter: null });
  expect(elfOf(elfBytes())).toMatchObject({ kind: "program", interpreter: null });
  const library = elfBytes({ soname: "libfoo.so.1", interpreter: null, needed: ["libc.so.6"] });
  expect(elfOf(library)).toMatchObject({ kind: "library", soname: "libfoo.so.1" });
});

test.each([
  [{ machine: 183 }, "64-bit ARM (aarch64)", null],
  [{ machine: 40, bits: 32 }, "32-bit ARM (armhf)", null],
  [{ machine: 3, bits: 32 }, "32-bit x86 (i386)", null],
  [{ machine: 9999 }, "another machine (number 9999)", null],
  [{ system: 9 }, "x86-64", "FreeBSD"],
] as const)("a program for another platform: %j", (options, machine, system) => {
  expect(elfOf(elfBytes(options))).toMatchObject({ machine, system });
});

test("programs of other systems", () => {
  const windows = Buffer.alloc(200);
  windows.write("MZ", "latin1");
  windows.writeUInt32LE(128, 0x3c);
  windows.write("PE\0\0", 128, "latin1");
  expect(read(windows)).toEqual({ format: "other", system: "Windows" });
  expect(read(Buffer.from("cffaedfe0700000100000000", "hex"))).toEqual({
    ...{ format: "other", system: "macOS" },
  });
  expect(read(Buffer.from("cafebabe00000041", "hex"))).toBeUndefined();
  expect(read(Buffer.from("MZ and a text"))).toBeUndefined();
  expect(read(Buffer.from("#!/bin/sh\n"))).toBeUndefined();
});

describe("damaged", () => {
  const whole = elfBytes({ needed: ["libfoo.so.1"], versions: ["GLIBC_2.34"] });

  test("at every length it is said, or read as far as it goes", () => {
    for (let length = 4; length < whole.length; length += 1) {
      const elf = elfOf(whole.subarray(0, length))!;
      expect(elf.damage !== null || elf.needed.length > 0).toBe(true);
    }
  });

  const spoilers: [string, (bytes: Buffer) => void][] = [
    ["65535 program headers", (bytes) => bytes.writeUInt16LE(65535, 56)],
    ["program headers at the end of the world", (bytes) => bytes.fill(0xff, 32, 40)],
    ["headers of no size", (bytes) => bytes.writeUInt16LE(0, 54)],
    [
      "a dynamic section of all the bytes that there are",
      (bytes) => bytes.fill(0x7f, 64 + 112 + 32, 64 + 112 + 40),
    ],
    ["a segment that lies nowhere", (bytes) => bytes.fill(0xff, 64 + 16, 64 + 24)],
    ["neither 32 nor 64 bits", (bytes) => bytes.writeUInt8(7, 4)],
  ];
  test.each(spoilers)("%s", (_, spoil) => {
    const elf = elfOf(elfBytes({ needed: ["libfoo.so.1"], spoil }))!;
    expect(elf.damage ?? elf.needed).toBeTruthy();
  });

  test("random changes are read in no time", () => {
    let seed = 7;
    const next = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31);
    const begin = performance.now();
    for (let round = 0; round < 2000; round += 1) {
      const bytes = Buffer.from(whole);
      for (let count = 0; count < 4; count += 1) bytes[next() % bytes.length] = next() % 256;
      read(bytes);
    }
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  test("a file without an end is not read to its end", () => {
    let pages = 0;
    const header = elfBytes({ spoil: (bytes) => bytes.fill(0x0f, 64 + 112 + 8, 64 + 112 + 12) });
    const endless = (offset: number, length: number) => {
      pages += 1;
      return offset === 0
        ? Buffer.concat([header, Buffer.alloc(length)]).subarray(0, length)
        : Buffer.alloc(length, 1);
    };
    readMachineCode(endless);
    expect(pages).toBeLessThan(300);
  });
});
