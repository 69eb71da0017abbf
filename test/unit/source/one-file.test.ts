import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { archiveTree } from "../../../src/source/archive-tree.ts";
import { packOneFile } from "../../../src/source/one-file.ts";
import { TREE_LIMITS } from "../../../src/source/source-tree.ts";
import { elfBytes } from "../../helpers/elf-bytes.ts";
import { tarBytes } from "../../helpers/tar-bytes.ts";
import { createZip } from "../../helpers/zip.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-one-file-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The files of a source that is fetched from that address. */
async function look(bytes: Uint8Array, url: string, limits = { bytes: 1e8, files: 100 }) {
  const file = join(folder, "source");
  await writeFile(file, bytes);
  const { signal } = new AbortController();
  const request = { file, attempt: 'Unpack source "s"', limits, signal, work: folder };
  await packOneFile(request, url);
  const { tree } = await archiveTree(request);
  expect(await readdir(folder)).toEqual(["source"]);
  return tree;
}

async function entriesOf(bytes: Uint8Array, url: string) {
  return (await look(bytes, url)).list("");
}

/** Members of an ar archive: ar(5). */
function debian(members: readonly [string, Uint8Array][]): Buffer {
  const parts = members.map(([name, content]) => {
    const size = String(content.length).padEnd(10);
    const header = `${name.padEnd(16)}0           0     0     100644  ${size}\`\n`;
    return Buffer.concat([Buffer.from(header), content, Buffer.alloc(content.length % 2, "\n")]);
  });
  return Buffer.concat([Buffer.from("!<arch>\n"), ...parts]);
}

const ELF = elfBytes({ needed: ["libfoo.so.1"] });
const xz = (bytes: Uint8Array) => Bun.spawnSync(["xz", "--stdout", "-1"], { stdin: bytes }).stdout;
const bzip2 = (bytes: Uint8Array) => Bun.spawnSync(["bzip2"], { stdin: bytes }).stdout;
const program = (name: string) => [{ name, kind: "file", executable: true }] as const;

describe("a program", () => {
  const rows: [string, Uint8Array, string, string][] = [
    ["as it is", ELF, "https://h/a/shop-1.0-linux-amd64?x=1#y", "shop-1.0-linux-amd64"],
    ["in gzip", gzipSync(ELF), "https://h/shop.gz", "shop"],
    ["in xz", xz(ELF), "https://h/shop.xz", "shop"],
    ["in bzip2", bzip2(ELF), "https://h/shop.bz2", "shop"],
    ["in zstd", zstdCompressSync(ELF), "https://h/shop.zst", "shop"],
    ["of a name in percents", ELF, "https://h/my%20shop", "my shop"],
    ["of a name that leads away", ELF, "https://h/..%2F..%2Fetc", "program"],
    ["of a name that is an option", ELF, "https://h/--help", "program"],
    ["without a name", ELF, "https://h/", "h"],
    ["a script", Buffer.from("#!/bin/sh\n"), "https://h/run.sh", "run.sh"],
  ];
  test.each(rows)("%s", async (_, bytes, url, name) => {
    expect(await entriesOf(bytes, url)).toEqual([...program(name)]);
  });

  test("is told with what it is linked with", async () => {
    const tree = await look(gzipSync(ELF), "https://h/shop.gz");
    expect(tree.code("shop")).toMatchObject({ elf: { needed: ["libfoo.so.1"] } });
  });
});

test("a program of an archive that is too large for memory", async () => {
  const large = Buffer.concat([ELF, Buffer.alloc(TREE_LIMITS.text)]);
  const tree = await look(tarBytes([{ name: "t/shop", content: large }]), "https://h/shop.tar");
  expect(tree.code("shop")).toMatchObject({ elf: { needed: ["libfoo.so.1"] } });
  expect(tree.text("shop")).toBeUndefined();
});

test("the files of a Debian package", async () => {
  const data = xz(tarBytes([{ name: "./usr/bin/shop", content: ELF }, { name: "./etc/x" }]));
  const bytes = debian([
    ["debian-binary", Buffer.from("2.0\n")],
    ["control.tar.xz", Buffer.from("odd")],
    ["data.tar.xz/", data],
  ]);
  const tree = await look(bytes, "https://h/shop_1_amd64.deb");
  expect(tree.code("usr/bin/shop")).toMatchObject({ format: "elf" });
});

test("a jar stays one; any other zip is unpacked", async () => {
  const zip = createZip([{ name: "META-INF/MANIFEST.MF", text: "" }]);
  expect(await entriesOf(zip, "https://h/shop.jar")).toEqual([{ name: "shop.jar", kind: "file" }]);
  expect((await look(zip, "https://h/shop.zip")).has("MANIFEST.MF")).toBe(true);
});

describe("refused", () => {
  const page = Buffer.from("\n<!DOCTYPE html>\n<html><body>Sign in</body></html>");
  const windows = Buffer.alloc(200);
  windows.write("MZ", "latin1");
  windows.writeUInt32LE(128, 0x3c);
  windows.write("PE\0\0", 128, "latin1");
  const bare = debian([["debian-binary", Buffer.from("2.0\n")]]);
  const rows: [string, Uint8Array, string][] = [
    ["a web page", page, "it is a web page, and neither a program nor an archive"],
    [
      "a web page in gzip",
      gzipSync(page),
      "it is a web page, and neither a program nor an archive",
    ],
    ["a program for Windows", windows, "it is a program for Windows"],
    [
      "a program for macOS",
      Buffer.from("cffaedfe07000001".repeat(10), "hex"),
      "it is a program for macOS",
    ],
    ["a Debian package without files", bare, "it is a damaged Debian package"],
    ["a member larger than the package", bare.fill("9", 56, 66), "it is a damaged Debian package"],
  ];
  test.each(rows)("%s", async (_, bytes, problem) => {
    const looked = look(bytes, "https://h/shop").then(() => "", String);
    expect(await looked).toContain(`Unpack source "s": ${problem}`);
    expect(await readdir(folder)).toEqual(["source"]);
  });

  test("a program that becomes larger than it may", async () => {
    const zeros = gzipSync(Buffer.concat([ELF, Buffer.alloc(2e6)]));
    const looked = look(zeros, "https://h/shop.gz", { bytes: 1e6, files: 9 }).then(
      () => "",
      String,
    );
    expect(await looked).toContain("unpacked it is larger than it may be");
    expect(await readdir(folder)).toEqual(["source"]);
  });

  test("a bomb", async () => {
    const zeros = zstdCompressSync(Buffer.concat([ELF, Buffer.alloc(400e6)]));
    const looked = look(zeros, "https://h/shop.zst", { bytes: 1e12, files: 9 }).then(
      () => "",
      String,
    );
    expect(await looked).toContain("it is a decompression bomb");
    expect(await readdir(folder)).toEqual(["source"]);
  }, 60_000);

  test("what is cut off is told by whoever unpacks it", async () => {
    const cut = gzipSync(
      Buffer.concat([ELF, Buffer.from(crypto.getRandomValues(new Uint8Array(9000)))]),
    );
    const looked = look(cut.subarray(0, 5000), "https://h/shop.gz").then(() => "", String);
    expect(await looked).toContain("damaged or cut short");
  });
});
