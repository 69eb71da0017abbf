import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { encodeTarHeader } from "../../../src/lib/tar/header.ts";
import { partStem } from "../../../src/runs/own-names.ts";
import { createTempFolder } from "../../../src/session/temp-folder.ts";
import { findOwnOutput, isBuildFolder, isOwnArchive } from "../../../src/source/own-output.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-own-output-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("what builds make for their time is known by the names that it has", async () => {
  await using temp = await createTempFolder(folder);
  expect(isBuildFolder(temp.path.slice(folder.length + 1))).toBe(true);
  expect(["nua-build-abcdef", "nua-build-tools"].map(isBuildFolder)).toEqual([false, false]);
  const part = `${partStem("app.tar")}.0.part`;
  const names = [part, ".cache.0123456789ab", ".app.js.0123456789ab.map"];
  expect([...findOwnOutput(names, (name) => join(folder, name))]).toEqual([part]);
});

const NAME = `${"a".repeat(64)}.tar`;

test.each([
  ["zeros", Buffer.alloc(30_000_000)],
  ["noise", crypto.getRandomValues(Buffer.alloc(60_000))],
])("an archive is known by its beginning: of %s", async (_, content) => {
  const plain = Buffer.concat([encodeTarHeader({ name: NAME, size: content.length }), content]);
  for (const bytes of [plain, gzipSync(plain), zstdCompressSync(plain)]) {
    await writeFile(join(folder, "archive"), bytes);
    expect(isOwnArchive(join(folder, "archive"))).toBe(true);
  }
});

test("what would be large decompressed is not looked into for long", async () => {
  await mkdir(join(folder, "many"));
  const zeros = Buffer.alloc(300_000_000);
  await writeFile(join(folder, "zeros.gz"), gzipSync(zeros));
  await writeFile(join(folder, "zeros.zst"), zstdCompressSync(zeros));
  const before = process.memoryUsage.rss();
  const begin = performance.now();
  for (let count = 0; count < 20; count += 1) {
    for (const name of ["zeros.gz", "zeros.zst"]) {
      expect(isOwnArchive(join(folder, name))).toBe(false);
    }
  }
  expect(performance.now() - begin).toBeLessThan(20_000);
  expect(process.memoryUsage.rss() - before).toBeLessThan(600e6);
}, 120_000);
