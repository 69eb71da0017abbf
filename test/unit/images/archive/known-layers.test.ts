/** Layers that are taken from archives that are there already. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openKnownLayers, StaleLayerError } from "../../../../src/images/archive/known-layers.ts";
import { writeArchive } from "../../../../src/images/archive/write-archive.ts";
import { imageOf, packImage, sha256 } from "../../../helpers/image-archive.ts";
import { chunksOf, tarBytes } from "../../../helpers/tar-bytes.ts";

/** Large enough to be taken from there. */
const LARGE = 5 * 1024 * 1024;

const layer = (name: string, size: number) =>
  tarBytes([{ name, content: name.padEnd(size, name) }]);
const BASE = layer("base", LARGE);
const LIBRARY = layer("library", LARGE + 4096);
const BEFORE = imageOf([BASE, LIBRARY, layer("app before", 100)]);
const AFTER = imageOf([BASE, LIBRARY, layer("app after", 100)]);

let folder: string;
let target: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-known-"));
  target = join(folder, "app.tar");
  await write(BEFORE, "docker-20");
});
afterEach(() => rm(folder, { recursive: true }));

async function write(
  image: typeof BEFORE,
  layout: Parameters<typeof packImage>[1],
  known?: NonNullable<Parameters<typeof writeArchive>[0]["known"]>,
) {
  const { tag, diffIds } = image;
  return writeArchive({
    source: chunksOf(packImage(image, layout)),
    target,
    expect: { tag, diffIds },
    known,
  });
}

/** The archive as it is without any other. */
async function fresh(): Promise<Buffer> {
  const other = join(folder, "fresh.tar");
  const { tag, diffIds } = AFTER;
  const source = chunksOf(packImage(AFTER, "docker-25"));
  await writeArchive({ source, target: other, expect: { tag, diffIds } });
  return readFile(other);
}

test.each(["docker-20", "docker-25", "containerd", "podman"] as const)(
  "the archive is the same as without them: %s",
  async (layout) => {
    await using known = await openKnownLayers(target, AFTER.diffIds);
    expect([...known.layers.keys()].sort()).toEqual([sha256(BASE), sha256(LIBRARY)].sort());
    await write(AFTER, layout, known.layers);
    expect((await readFile(target)).equals(await fresh())).toBe(true);
  },
);

test("a layer that is damaged there is noticed, and no file is left", async () => {
  const bytes = await readFile(target);
  const at = bytes.indexOf("basebasebase", 2048) + 4096;
  bytes[at] = bytes[at]! ^ 1;
  await writeFile(target, bytes);
  await using known = await openKnownLayers(target, AFTER.diffIds);
  const error = await write(AFTER, "docker-25", known.layers).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StaleLayerError);
  expect((await readdir(folder)).sort()).toEqual(["app.tar", "app.tar.sha256"]);
});

test("another layer of a known one's size is noticed", async () => {
  const other = imageOf([layer("BASE", LARGE), LIBRARY, layer("app after", 100)]);
  const claimed = { ...AFTER, diffIds: [...AFTER.diffIds, other.diffIds[0]!] };
  await using known = await openKnownLayers(target, claimed.diffIds);
  const { tag } = other;
  const source = chunksOf(packImage(other, "docker-20"));
  const written = writeArchive({
    source,
    target,
    expect: { tag, diffIds: claimed.diffIds },
    known: known.layers,
  });
  expect(await written.catch((caught: unknown) => caught)).toBeInstanceOf(StaleLayerError);
});

test("layers are taken from another app's archive in the same folder", async () => {
  await using known = await openKnownLayers(join(folder, "new.tar"), AFTER.diffIds);
  expect([...known.layers.keys()].sort()).toEqual([sha256(BASE), sha256(LIBRARY)].sort());
});

test("a pipe in the folder is not waited for", async () => {
  expect(Bun.spawnSync(["mkfifo", join(folder, "pipe.tar")]).exitCode).toBe(0);
  await using known = await openKnownLayers(join(folder, "new.tar"), AFTER.diffIds);
  expect(known.layers.size).toBe(2);
});

test.each([
  ["no file", undefined],
  ["no archive", "something else"],
])("nothing is known from %s", async (_, text) => {
  await rm(target);
  const file = join(folder, "other.tar");
  if (text !== undefined) await writeFile(file, text);
  await using known = await openKnownLayers(file, AFTER.diffIds);
  expect(known.layers.size).toBe(0);
});
