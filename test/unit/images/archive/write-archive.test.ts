import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { isArchiveOf } from "../../../../src/images/archive/is-archive-of.ts";
import { readArchive } from "../../../../src/images/archive/read-archive.ts";
import { type SavedArchive, writeArchive } from "../../../../src/images/archive/write-archive.ts";
import { readAsOrchestrator } from "../../../helpers/deployment-rules.ts";
import {
  createImage,
  type ImageFixture,
  LAYOUTS,
  NUA_CONFIG,
  packImage,
  sha256,
} from "../../../helpers/image-archive.ts";

let image: ImageFixture;
let folder: string;
let target: string;
const packed = new Map<string, Uint8Array>();

beforeAll(async () => {
  image = await createImage();
  for (const layout of LAYOUTS) packed.set(layout, await packImage(image, layout));
  folder = await mkdtemp(join(tmpdir(), "nua-archive-"));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  await rm(folder, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), "nua-archive-"));
  target = join(folder, "nua-app:1.0.tar");
});

/** A stream whose chunks have an awkward size. */
async function* chunks(bytes: Uint8Array, size = 1009): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

function write(bytes: Uint8Array, signal?: AbortSignal): Promise<SavedArchive> {
  const expectation = { tag: image.tag, diffIds: image.diffIds };
  return writeArchive({ source: chunks(bytes), target, expect: expectation, signal });
}

describe.each(LAYOUTS.map((layout) => ({ layout })))("an image saved as $layout", ({ layout }) => {
  test("becomes the same archive, with its checksum", async () => {
    const saved = await write(packed.get(layout)!);
    const bytes = await readFile(target);
    const reference = await readReference();
    expect(sha256(bytes)).toBe(sha256(reference));
    expect(saved).toMatchObject({
      file: target,
      bytes: bytes.length,
      sha256: sha256(bytes),
      imageConfigDigest: image.configDigest,
    });
    expect(saved.layers.map(({ digest }) => digest)).toEqual(image.diffIds);
    const check = await $({ cwd: folder, quiet: true })`sha256sum --check ${`${target}.sha256`}`;
    expect(check.exitCode).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(["nua-app:1.0.tar", "nua-app:1.0.tar.sha256"]);
  });

  test("can be read by the orchestrator, by tar and by us", async () => {
    await write(packed.get(layout)!);
    expect(readAsOrchestrator(await readFile(target))).toEqual(JSON.parse(NUA_CONFIG));
    const listed = (await $({ quiet: true })`tar --list --force-local --file ${target}`).stdout;
    expect(listed.trim().split("\n").at(-1)).toBe("manifest.json");
    expect(await readArchive(target)).toMatchObject({
      tags: [image.tag],
      configDigest: image.configDigest,
      labels: { APP_ID: "app" },
      nuaConfig: JSON.parse(NUA_CONFIG),
    });
  });

  test("is refused when a byte of it has changed, whichever layer it is in", async () => {
    const bytes = packed.get(layout)!;
    const needles = ["long name", "#!\n", '"id": "app"'];
    const at = needles.map((needle) => Buffer.from(bytes).indexOf(needle)).filter((n) => n > 0);
    const positions = at.length > 0 ? at : [Buffer.from(bytes).indexOf("blobs") + 600];
    for (const position of positions) {
      const broken = Uint8Array.from(bytes);
      broken[position]! ^= 1;
      await expect(write(broken)).rejects.toMatchObject({ code: "archive" });
      expect(await readdir(folder)).toEqual([]);
    }
  });

  test.each([0, 0.01, 0.1, 0.3])("is refused when only %d of it is there", async (part) => {
    const bytes = packed.get(layout)!;
    await expect(write(bytes.slice(0, bytes.length * part))).rejects.toMatchObject({
      code: "archive",
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

async function readReference(): Promise<Uint8Array> {
  const file = join(folder, "reference.tar");
  await writeArchive({
    source: chunks(packed.get("docker-25")!, 1 << 20),
    target: file,
    expect: { tag: image.tag, diffIds: image.diffIds },
  });
  const bytes = await readFile(file);
  await rm(file);
  await rm(`${file}.sha256`);
  return bytes;
}

test("another image than the one that was asked for is refused", async () => {
  const writing = writeArchive({
    source: chunks(packed.get("docker-20")!),
    target,
    expect: { tag: image.tag, diffIds: [...image.diffIds].reverse() },
  });
  await expect(writing).rejects.toMatchObject({ code: "archive" });
});

test("an abort leaves nothing and gives its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("stop");
  const source = (async function* () {
    let count = 0;
    for await (const chunk of chunks(packed.get("docker-20")!)) {
      count += 1;
      if (count === 50) controller.abort(reason);
      yield chunk;
    }
  })();
  const expectation = { tag: image.tag, diffIds: image.diffIds };
  const { signal } = controller;
  const writing = writeArchive({ source, target, expect: expectation, signal });
  await expect(writing).rejects.toBe(reason);
  expect(await readdir(folder)).toEqual([]);
});

test("a source that fails leaves the archive that was there", async () => {
  await write(packed.get("docker-20")!);
  const old = await readFile(target);
  const source = (async function* () {
    yield packed.get("docker-20")!.slice(0, 3000);
    throw new Error("engine died");
  })();
  const expectation = { tag: image.tag, diffIds: image.diffIds };
  await expect(writeArchive({ source, target, expect: expectation })).rejects.toThrow(
    "engine died",
  );
  expect(await readFile(target)).toEqual(old);
  expect(await readdir(folder)).toHaveLength(2);
});

describe("the archive that is there", () => {
  const identity = () => ({ tag: image.tag, diffIds: image.diffIds });

  test("is known to be of its image", async () => {
    const saved = await write(packed.get("docker-20")!);
    expect(await isArchiveOf(target, identity())).toEqual(saved);
  });

  test("is not of another tag or image, and not trusted when it has changed", async () => {
    await write(packed.get("docker-20")!);
    expect(await isArchiveOf(target, { ...identity(), tag: "nua-app:2" })).toBeUndefined();
    const labels = { Labels: { APP_ID: "app" }, Entrypoint: null, User: "" };
    expect(await isArchiveOf(target, { ...identity(), config: labels })).toBeDefined();
    const other = { ...labels, Env: ["X=1"] };
    expect(await isArchiveOf(target, { ...identity(), config: other })).toBeUndefined();
    const fewer = { ...identity(), diffIds: image.diffIds.slice(1) };
    expect(await isArchiveOf(target, fewer)).toBeUndefined();
    await appendFile(target, "x");
    expect(await isArchiveOf(target, identity())).toBeUndefined();
  });

  test("is not there", async () => {
    expect(await isArchiveOf(join(folder, "none"), identity())).toBeUndefined();
  });
});
