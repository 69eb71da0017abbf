import { describe, expect, test } from "bun:test";
import {
  encodeTarHeader,
  looksLikeTar,
  parseTarHeader,
  parseTarNumber,
  tarPadding,
} from "../../../../src/lib/tar/header.ts";
import { fixChecksum, memberBytes } from "../../../helpers/tar-bytes.ts";

const GIB = 1024 ** 3;

describe("encodeTarHeader", () => {
  test.each([
    ["an empty file", { name: "a", size: 0 }],
    ["a layer", { name: `${"f".repeat(64)}.tar`, size: 123_456_789 }],
    ["the largest octal size", { name: "a", size: 8 * GIB - 1 }],
    ["a size in base 256", { name: "a", size: 8 * GIB }],
    ["an absurd size", { name: "a", size: Number.MAX_SAFE_INTEGER }],
    ["a name of 100 bytes", { name: "é".repeat(50), size: 1 }],
  ])("writes %s so that it is read back", (_, file) => {
    expect(parseTarHeader(encodeTarHeader(file))).toMatchObject({
      ...file,
      type: "0",
      linkName: "",
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
    });
  });

  test.each([
    ["mode 0644", 100, "0000644\0"],
    ["user 0", 108, "0000000\0"],
    ["group 0", 116, "0000000\0"],
    ["time 0", 136, "00000000000\0"],
    ["ustar", 257, "ustar\x0000"],
    ["no user name", 265, "\0"],
  ])("fixes the header: %s", (_, offset, text) => {
    const header = Buffer.from(encodeTarHeader({ name: "a", size: 5 }));
    expect(header.toString("latin1", offset, offset + text.length)).toBe(text);
  });

  test("is what GNU tar writes, too", async () => {
    const folder = (await Bun.$`mktemp -d`.text()).trim();
    await Bun.write(`${folder}/a`, "hello");
    await Bun.$`chmod 644 ${folder}/a`;
    const tar = new Uint8Array(
      await Bun.$`tar --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner -C ${folder} -c a`.arrayBuffer(),
    );
    await Bun.$`rm -r ${folder}`;
    const [ours, theirs] = [encodeTarHeader({ name: "a", size: 5 }), tar.subarray(0, 512)];
    // Device numbers: zero digits there, nothing here; neither means anything for a file.
    const plain = (header: Uint8Array) => fixChecksum(Buffer.from(header).fill(0, 329, 345));
    expect(plain(ours)).toEqual(plain(theirs));
  });

  test.each(["", "é".repeat(51)])("refuses the name %p", (name) => {
    expect(() => encodeTarHeader({ name, size: 0 })).toThrow("does not fit");
  });
});

describe("parseTarNumber", () => {
  test.each([
    ["0000644\0", 0o644],
    ["   644 \0", 0o644],
    ["\0\0\0\0\0\0\0\0", 0],
    ["77777777", 0o77777777],
    ["0000017 garbage", 0o17],
    ["\x80\0\0\0\0\0\x01\0", 256],
  ])("%p is %p", (field, value) => {
    expect(parseTarNumber(Buffer.from(field, "latin1"))).toBe(value);
  });

  test.each([
    ["0000648\0", "not octal"],
    ["-000001\0", "not octal"],
    ["\xff\xff\xff\xff\xff\xff\xff\xff", "negative"],
    ["\x80\xff\xff\xff\xff\xff\xff\xff", "too large"],
  ])("%p is refused: %s", (field, message) => {
    expect(() => parseTarNumber(Buffer.from(field, "latin1"))).toThrow(message);
  });
});

describe("parseTarHeader", () => {
  test("joins the prefix of ustar to the name", () => {
    const header = memberBytes({ name: "name" });
    header.write("some/folder", 345);
    expect(parseTarHeader(fixChecksum(header)).name).toBe("some/folder/name");
  });

  test("leaves alone what GNU has in the place of the prefix", () => {
    const header = memberBytes({ name: "name" });
    header.write("ustar  \0", 257, "latin1");
    header.write("01234567890\0", 345);
    expect(parseTarHeader(fixChecksum(header)).name).toBe("name");
  });

  test("takes the sum of signed bytes, as old programs wrote it", () => {
    const header = memberBytes({ name: "é" });
    const signed = parseTarNumber(header.subarray(148, 156)) - 2 * 256;
    header.write(`${signed.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    expect(parseTarHeader(header).name).toBe("é");
  });

  test("refuses a header of which a bit is wrong, whichever", () => {
    const header = memberBytes({ name: "name", content: "text" }).subarray(0, 512);
    for (let index = 0; index < 512; index += 1) {
      // What follows the end of the checksum's digits means nothing.
      if (index === 155) continue;
      const damaged = Buffer.from(header);
      damaged[index]! ^= 4;
      expect(() => parseTarHeader(damaged)).toThrow("tar header");
    }
  });
});

test.each([
  ["a header", memberBytes({ name: "a" }), true],
  ["the end of an empty archive", Buffer.alloc(1024), true],
  ["JSON", Buffer.from(JSON.stringify({ text: "x".repeat(600) })), false],
  ["a short file", Buffer.from("short"), false],
])("looksLikeTar: %s", (_, head, expected) => {
  expect(looksLikeTar(head)).toBe(expected);
});

test.each([
  [0, 0],
  [1, 511],
  [511, 1],
  [512, 0],
  [513, 511],
])("%p bytes are followed by %p bytes of padding", (size, padding) => {
  expect(tarPadding(size)).toBe(padding);
});
