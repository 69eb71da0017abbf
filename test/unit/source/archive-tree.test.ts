import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { encodeTarHeader } from "../../../src/lib/tar/header.ts";
import { archiveTree } from "../../../src/source/archive-tree.ts";
import type { SourceTree } from "../../../src/source/source-tree.ts";
import { fixChecksum, memberBytes, TAR_END, tarBytes } from "../../helpers/tar-bytes.ts";
import { createZip } from "../../helpers/zip.ts";
import rules from "../../python/source-archives.json";

const MB = 1024 * 1024;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-check-archive-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function look(bytes: Uint8Array, limits = { bytes: 1e6, files: 100 }) {
  const file = join(folder, "source");
  await writeFile(file, bytes);
  const { signal } = new AbortController();
  const found = await archiveTree({ file, attempt: 'Unpack source "s"', limits, signal });
  expect(await readdir(folder)).toEqual(["source"]);
  return found;
}

/** The texts of all files, by path. */
function textsOf(tree: SourceTree, at = ""): Record<string, string | undefined> {
  const below = tree.list(at).map(({ name, kind }) => {
    const path = at === "" ? name : `${at}/${name}`;
    return kind === "folder" ? textsOf(tree, path) : { [path]: tree.text(path) };
  });
  return Object.assign({}, ...below);
}

const xz = (bytes: Uint8Array) => Bun.spawnSync(["xz", "--stdout", "-1"], { stdin: bytes }).stdout;
const bzip2 = (bytes: Uint8Array) => Bun.spawnSync(["bzip2"], { stdin: bytes }).stdout;
const manyNames = (count: number) =>
  tarBytes(Array.from({ length: count }, (_, index) => ({ name: `f${index}` })));
/** A header that tells of more than follows. */
const claim = (size: number, type = "0") => {
  const header = Buffer.from(encodeTarHeader({ name: "big", size }));
  header.write(type, 156, "latin1");
  return fixChecksum(header);
};

const small = tarBytes([{ name: "a/b", content: "x" }]);

test.each<[string, Uint8Array]>([
  ["a tar", small],
  ["a tar in gzip", gzipSync(small)],
  ["a tar in zstd", zstdCompressSync(small)],
  ["a tar in xz", xz(small)],
  ["a tar in bzip2", bzip2(small)],
  ["a zip", createZip([{ name: "a/b", text: "x" }])],
  ["a deflated zip", createZip([{ name: "a/b", text: "x" }], { deflate: true })],
])("%s is looked through without unpacking it", async (_, bytes) => {
  const { tree, top } = await look(bytes);
  expect([top, textsOf(tree)]).toEqual(["a", { b: "x" }]);
});

test.each<[string, Uint8Array]>([
  ["what is no archive", Buffer.from("hello")],
  ["nothing", new Uint8Array()],
  ["a tar that is cut short", tarBytes([{ name: "a", content: "x" }]).subarray(0, 700)],
  ["half a zip", createZip([{ name: "a", text: "x" }]).subarray(0, 40)],
  ["gzip of nothing", gzipSync("").subarray(0, 12)],
])("%s is left to what unpacks it", async (_, bytes) => {
  await look(bytes);
});

describe("what an archive is, here as for the image's own unpacker", () => {
  const types: Record<string, string> = { file: "0", twin: "1", link: "2", folder: "5", pipe: "6" };
  const toTar = (members: (typeof rules)[number]["members"]) =>
    tarBytes(
      members.map(([name, kind, text]) =>
        kind === "file"
          ? { name: String(name), content: String(text) }
          : { name: String(name), type: types[String(kind)]!, linkName: String(text) },
      ),
    );
  test.each(rules.map((rule) => [rule.name, rule] as const))("%s", async (_, rule) => {
    const tar = toTar(rule.members);
    if (rule.refused === undefined) {
      expect(textsOf((await look(tar)).tree)).toEqual(rule.files);
    } else {
      await expect(look(tar)).rejects.toMatchObject({
        code: "input",
        message: expect.stringContaining(rule.refused),
      });
    }
  });

  test("programs are told from other files", async () => {
    const header = Buffer.from(encodeTarHeader({ name: "run", size: 0, mode: 0o750 }));
    const { tree } = await look(Buffer.concat([header, memberBytes({ name: "data" }), TAR_END]));
    expect(tree.list("")).toEqual([
      { name: "data", kind: "file" },
      { name: "run", kind: "file", executable: true },
    ]);
  });

  test("names in a zip that Windows has written", async () => {
    const windows = { name: "app\\a.txt", text: "A", system: 0 };
    expect((await look(createZip([windows]))).top).toBe("app");
    const unix = await look(createZip([{ name: "app\\a.txt", text: "A" }]));
    expect(textsOf(unix.tree)).toEqual({ "app\\a.txt": "A" });
    await expect(look(createZip([{ ...windows, name: "..\\a" }]))).rejects.toThrow("leads outside");
  });

  test("links of a zip, which lead nowhere else", async () => {
    const link = (name: string, text: string) => ({ name, text, mode: 0o120777 });
    const members = [link("in", "data"), link("out", "../../etc"), { name: "data", text: "D" }];
    const { tree } = await look(createZip(members));
    expect([tree.text("in"), tree.has("out"), tree.list("").length]).toEqual(["D", false, 3]);
  });
});

test("deep files that are large have no text, and those near the top do", async () => {
  const content = "x".repeat(300 * 1024);
  const members = [
    { name: "t/a/b", content },
    { name: "t/a/zero", content: "\0" },
    { name: "t/d/e/f", content },
    { name: "t/d/e/g", content: "G" },
  ];
  const { tree } = await look(tarBytes(members));
  expect([tree.text("a/b")?.length, tree.text("a/zero")]).toEqual([content.length, undefined]);
  expect([tree.has("d/e/f"), tree.text("d/e/f"), tree.text("d/e/g")]).toEqual([
    true,
    undefined,
    "G",
  ]);
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
    await expect(look(bytes())).rejects.toMatchObject({
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
  await expect(look(bomb, limits)).rejects.toMatchObject({ code: "input" });
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * MB);
});
