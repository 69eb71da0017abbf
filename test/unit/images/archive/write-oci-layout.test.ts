import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeOciLayout } from "../../../../src/images/archive/write-oci-layout.ts";
import { createImage, LAYOUTS, packImage, sha256 } from "../../../helpers/image-archive.ts";
import { chunksOf } from "../../../helpers/tar-bytes.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-oci-"));
});
afterEach(() => rm(folder, { recursive: true }));

test.each(LAYOUTS)("an image out of %s: every blob is what its name says", async (layout) => {
  const image = await createImage();
  const source = chunksOf(packImage(image, layout));
  const { diffIds } = image;
  const digest = await writeOciLayout({ folder, source, diffIds, attempt: "Write" });
  const blobs = join(folder, "blobs/sha256");
  for (const name of await readdir(blobs)) {
    expect(sha256(await readFile(join(blobs, name)))).toBe(name);
  }
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8"));
  const index = await read("index.json");
  expect(index.manifests.map((manifest: { digest: string }) => manifest.digest)).toEqual([digest]);
  const manifest = await read(`blobs/sha256/${digest.slice("sha256:".length)}`);
  expect(manifest.config.digest).toBe(image.configDigest);
  expect(manifest.layers.map((layer: { digest: string }) => layer.digest)).toEqual(diffIds);
  expect((await readdir(folder)).sort()).toEqual(["blobs", "index.json", "oci-layout"]);
});
