import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { encodeTarHeader } from "../../../src/lib/tar/header.ts";
import { checkArchive } from "../../../src/source/check-archive.ts";
import { fixChecksum, memberBytes, TAR_END, tarBytes } from "../../helpers/tar-bytes.ts";
import { createZip } from "../../helpers/zip.ts";

const MB = 1024 * 1024;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-check-archive-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function check(bytes: Uint8Array, limits = { bytes: 1e6, files: 100 }): Promise<void> {
  const file = join(folder, "source");
  await writeFile(file, bytes);
  const { signal } = new AbortController();
  await checkArchive({ file, attempt: 'Unpack source "s"', limits, signal });
  expect(await readdir(folder)).toEqual(["source"]);
}

const xz = (bytes: Uint8Array) => Bun.spawnSync(["xz", "--stdout", "-1"], { stdin: bytes }).stdout;
const manyNames = (count: number) =>
  tarBytes(Array.from({ length: count }, (_, index) => ({ name: `f${index}` })));
/** A header that tells of more than follows. */
const claim = (size: number, type = "0") => {
  const header = Buffer.from(encodeTarHeader({ name: "big", size }));
  header.write(type, 156, "latin1");
  return fixChecksum(header);
};

test.each<[string, Uint8Array]>([
  ["a tar", tarBytes([{ name: "a", content: "x" }])],
  ["a tar in gzip", gzipSync(tarBytes([{ name: "a", content: "x" }]))],
  ["a tar in zstd", zstdCompressSync(tarBytes([{ name: "a", content: "x" }]))],
  ["a tar in xz", xz(tarBytes([{ name: "a", content: "x" }]))],
  ["a zip", createZip([{ name: "a", text: "x" }])],
  ["what is no archive", Buffer.from("hello")],
  ["nothing", new Uint8Array()],
  ["a tar that is cut short", tarBytes([{ name: "a", content: "x" }]).subarray(0, 700)],
  ["half a zip", createZip([{ name: "a", text: "x" }]).subarray(0, 40)],
])("%s is left to what unpacks it", async (_, bytes) => {
  await check(bytes);
});

describe("refused before anything is unpacked", () => {
  const tooMany = "it has more than 100 files";
  const tooLarge = "unpacked it is larger than 1.00 MB";
  const zeros = new Uint8Array(4 * MB);
  test.each<[string, () => Uint8Array, string]>([
    ["many names in a tar", () => manyNames(101), tooMany],
    ["many names in gzip", () => gzipSync(manyNames(101)), tooMany],
    ["many names in a zip", () => createZip(names(101)), tooMany],
    ["a large file in gzip", () => gzipSync(tarBytes([{ name: "a", content: zeros }])), tooLarge],
    ["a large file in zstd", () => zstdCompressSync(claim(4 * MB)), tooLarge],
    ["a large file in xz", () => xz(tarBytes([{ name: "a", content: zeros }])), tooLarge],
    ["a size that is a lie", () => claim(2 ** 50), tooLarge],
    [
      "zeros after its end",
      () => gzipSync(Buffer.concat([TAR_END, zeros])),
      "unpacked it is larger",
    ],
    ["headers without a file", () => gzipSync(headers(4 * MB)), "unpacked it is larger"],
    ["a zip of large files", () => createZip([{ name: "a", text: "x".repeat(2e6) }]), tooLarge],
  ])("%s", async (_, bytes, message) => {
    await expect(check(bytes())).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining(`Unpack source "s": ${message}`),
      hint: expect.stringMatching(/^allow more with NUA_/),
    });
  });

  const names = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `f${index}`, text: "" }));
  /** Extended headers, one after the other: each is about the next member, which never comes. */
  const headers = (bytes: number) => {
    const one = memberBytes({ name: "x", type: "x", content: "10 a=bcde\n" });
    return Buffer.concat(Array.from({ length: bytes / one.length }, () => one));
  };
});

test("a bomb of a megabyte ends in seconds, and takes no memory to speak of", async () => {
  // A frame of zstd that repeats one byte: a block of 128 KB takes four bytes of it.
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  const block = Buffer.from([0x02, 0x00, 0x10, 0x00]);
  const size = 128 * 1024;
  block.writeUIntLE((size << 3) | 2, 0, 3);
  const bomb = Buffer.concat([header, ...Array.from({ length: 250_000 }, () => block)]);
  expect(bomb.length).toBeLessThan(1.1 * MB);
  const before = process.memoryUsage().rss;
  const limits = { bytes: 200e6, files: 1000 };
  await expect(check(bomb, limits)).rejects.toMatchObject({ code: "input" });
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * MB);
});
