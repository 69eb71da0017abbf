import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { archiveFiles } from "../../../src/source/archive-files.ts";
import { archiveTree } from "../../../src/source/archive-tree.ts";
import { tarBytes } from "../../helpers/tar-bytes.ts";
import { createZip } from "../../helpers/zip.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-archive-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function take(bytes: Uint8Array, paths: string[]): Promise<Record<string, string>> {
  const file = join(folder, "source");
  await writeFile(file, bytes);
  const { signal } = new AbortController();
  const request = { file, attempt: "Unpack", limits: { bytes: 1e8, files: 100 }, signal };
  const found: Record<string, string> = {};
  for await (const one of archiveFiles(request, await archiveTree(request), paths)) {
    const text = one.kind === "link" ? `-> ${one.target}` : Buffer.from(one.bytes).toString();
    found[one.path] = text;
  }
  return found;
}

const MEMBERS = [
  { name: "top/package.json", content: "{}" },
  { name: "top/.yarn/releases/yarn.cjs", content: "\0binary" },
  { name: "top/.yarn/link", type: "2", linkName: "releases/yarn.cjs" },
  { name: "top/.yarnrc", type: "2", linkName: "etc/yarnrc" },
  { name: "top/etc/yarnrc", content: "rc" },
  { name: "top/out", type: "2", linkName: "../../etc/passwd" },
  { name: "top/twin", type: "1", linkName: "top/package.json" },
  { name: "top/package.json.bak", content: "no" },
];

test("files and folders are as they were, and links are followed where they are asked for", async () => {
  const paths = ["package.json", ".yarn", ".yarnrc", "out", "none", "twin"];
  expect(await take(gzipSync(tarBytes(MEMBERS)), paths)).toEqual({
    "package.json": "{}",
    ".yarn/releases/yarn.cjs": "\0binary",
    ".yarn/link": "-> releases/yarn.cjs",
    ".yarnrc": "rc",
    twin: "{}",
  });
});

test("out of a zip as well, with or without a folder at the top", async () => {
  const text = "x".repeat(20e6);
  expect(await take(createZip([{ name: "a", text }], { deflate: true }), ["a"])).toEqual({
    a: text,
  });
  expect(await take(createZip([{ name: "t/a", text: "A" }]), ["a", "t/a"])).toEqual({ a: "A" });
});
