/** The forms that an archive can have: compressed, in parts, thin, and as a stream. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { $ } from "zx";
import { ArchiveOutput } from "../../../../src/images/archive/archive-output.ts";
import { type ArchiveForm, PLAIN_FORM } from "../../../../src/images/archive/destination.ts";
import { isArchiveOf } from "../../../../src/images/archive/is-archive-of.ts";
import { openArchive } from "../../../../src/images/archive/open-archive.ts";
import { readArchive } from "../../../../src/images/archive/read-archive.ts";
import { StreamDestination } from "../../../../src/images/archive/stream-destination.ts";
import { countBaseLayers, sharedLayers } from "../../../../src/images/archive/thin.ts";
import {
  archiveFiles,
  type SavedArchive,
  type WriteArchiveRequest,
  writeArchive,
  writeImage,
} from "../../../../src/images/archive/write-archive.ts";
import {
  createImage,
  type ImageFixture,
  packImage,
  sha256,
} from "../../../helpers/image-archive.ts";
import { chunksOf } from "../../../helpers/tar-bytes.ts";

let image: ImageFixture;
let plain: Buffer;
let folder: string;
let target: string;

beforeAll(async () => {
  image = await createImage();
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  if (folder) await rm(folder, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), "nua-forms-"));
  target = join(folder, "app.tar");
  await write();
  plain = await readFile(target);
  await rm(target);
  await rm(`${target}.sha256`);
});

function write(
  form: Partial<ArchiveForm> = {},
  more: Partial<WriteArchiveRequest> = {},
): Promise<SavedArchive> {
  const source = chunksOf(packImage(image, "podman"));
  return writeArchive({
    source,
    target,
    expect: { tag: image.tag, diffIds: image.diffIds },
    form: { ...PLAIN_FORM, ...form },
    ...more,
  });
}

describe("compressed", () => {
  test.each([
    { format: "gzip", level: undefined, program: "gzip" },
    { format: "gzip", level: 9, program: "gzip" },
    { format: "zstd", level: undefined, program: "zstd" },
    { format: "zstd", level: 19, program: "zstd" },
  ] as const)("by $format at level $level", async ({ format, level, program }) => {
    const { bytes, sha256: digest } = await write({ compression: { format, level } });
    const stored = await readFile(target);
    expect({ bytes, digest }).toEqual({ bytes: stored.length, digest: sha256(stored) });
    expect(bytes).toBeLessThan(plain.length / 2);
    const run = await $({ quiet: true, encoding: "buffer" })`${program} -dc ${target} | sha256sum`;
    expect(run.stdout.slice(0, 64)).toBe(sha256(plain));
    expect((await readArchive(target)).configDigest).toBe(image.configDigest);
    // However its bytes come, the compressed archive is the same.
    const source = chunksOf(packImage(image, "podman"), 999);
    const again = await write({ compression: { format, level } }, { source });
    expect(again.sha256).toBe(digest);
  });
});

describe("in parts", () => {
  test("each has its size and checksum, and together they are the archive", async () => {
    const saved = await write({ partBytes: 100_000 });
    const files = archiveFiles(saved);
    const parts = await Promise.all(files.map((file) => readFile(file)));
    expect(parts.slice(0, -1).every(({ length }) => length === 100_000)).toBe(true);
    expect(sha256(Buffer.concat(parts))).toBe(sha256(plain));
    expect(saved.parts.map((part) => part.sha256)).toEqual(parts.map(sha256));
    const check = $({ cwd: folder, quiet: true });
    expect((await check`sha256sum --check ${`${target}.sha256`}`).exitCode).toBe(0);
    expect((await readdir(folder)).length).toBe(files.length + 1);
  });

  test("they are read by the archive's name, and by that of the first", async () => {
    await write({ partBytes: 100_000, compression: { format: "zstd", level: undefined } });
    await write({ partBytes: 100_000 });
    for (const name of [target, `${target}.001`]) {
      expect((await readArchive(name)).configDigest).toBe(image.configDigest);
    }
  });

  test("a missing one is named", async () => {
    await write({ partBytes: 100_000 });
    await rm(`${target}.002`);
    expect(readArchive(target)).rejects.toThrow(/of its \d parts app\.tar\.002 is missing/);
  });

  test("one that was cut is an archive that was cut", async () => {
    await write({ partBytes: 100_000 });
    await writeFile(`${target}.002`, (await readFile(`${target}.002`)).subarray(0, 5000));
    expect(readArchive(target)).rejects.toMatchObject({ code: "archive" });
  });

  test("parts that an earlier, larger archive has left do not stay", async () => {
    await write({ partBytes: 50_000 });
    const count = (await readdir(folder)).length;
    await write({ partBytes: 300_000 });
    expect((await readdir(folder)).length).toBeLessThan(count);
    expect((await readArchive(target)).configDigest).toBe(image.configDigest);
  });

  test("an archive in one file takes the place of parts", async () => {
    await write({ partBytes: 50_000 });
    await write();
    expect((await readdir(folder)).sort()).toEqual(["app.tar", "app.tar.sha256"]);
  });
});

describe("thin", () => {
  const thin = () => ({ tag: "base:1", diffIds: [image.diffIds[0]!, image.diffIds[1]!] });

  test("it lacks the base's layers, and says which image has them", async () => {
    const saved = await write({}, { thin: thin() });
    expect(saved.bytes).toBeLessThan(plain.length / 3);
    const summary = await readArchive(target);
    expect(summary.needs.map(({ tag }) => tag)).toEqual(["base:1"]);
    // The lowest layer comes again at the top.
    expect(summary.layers.map(({ isLeftOut }) => isLeftOut)).toEqual([true, true, false, true]);
    const identity = { tag: image.tag, diffIds: image.diffIds };
    expect(await isArchiveOf(target, { ...identity, thin: thin() })).toBeDefined();
    expect(await isArchiveOf(target, identity)).toBeUndefined();
  });

  test("with an archive that has those layers it becomes the whole one again", async () => {
    await write({}, { thin: thin() });
    const { chunks } = await openArchive(target, "Read");
    const bases = [chunksOf(plain)];
    await write({}, { source: chunks, bases, target: join(folder, "whole.tar") });
    expect(sha256(await readFile(join(folder, "whole.tar")))).toBe(sha256(plain));
  });

  test("without them nothing is written", async () => {
    await write({}, { thin: thin() });
    const { chunks } = await openArchive(target, "Read");
    const whole = join(folder, "whole.tar");
    const writing = write({}, { source: chunks, target: whole });
    await expect(writing).rejects.toMatchObject({ code: "archive" });
    expect(await readdir(folder)).not.toContain("whole.tar");
  });

  test("the layers in common with a base", () => {
    expect(sharedLayers(["a", "b", "a", "c"], ["a", "b", "a"])).toEqual(["a", "b"]);
    expect(countBaseLayers(["a", "b", "a", "c"], ["a", "b", "a"])).toBe(3);
    expect(sharedLayers(["a", "b"], ["b"])).toEqual([]);
    expect(sharedLayers(["a"], [])).toEqual([]);
  });
});

describe("as a stream", () => {
  const send = async (stream: PassThrough) => {
    const place = {
      destination: new StreamDestination(stream),
      stem: join(folder, "x"),
      attempt: "Save",
    };
    await using output = new ArchiveOutput(place);
    const source = chunksOf(packImage(image, "docker-20"));
    return await writeImage(output, { source, expect: image });
  };

  test("it has the same bytes", async () => {
    const stream = new PassThrough({ highWaterMark: 1000 });
    const parts: Buffer[] = [];
    stream.on("data", (part) => parts.push(part));
    const { sha256: digest } = await send(stream);
    expect(sha256(Buffer.concat(parts))).toBe(digest);
    expect(digest).toBe(sha256(plain));
  });

  test("a reader that stops ends it, and nothing is left", async () => {
    const stream = new PassThrough({ highWaterMark: 1000 });
    let seen = 0;
    stream.on("data", (part) => {
      seen += part.length;
      if (seen > 5000) stream.destroy(Object.assign(new Error("gone"), { code: "EPIPE" }));
    });
    await expect(send(stream)).rejects.toMatchObject({ code: "EPIPE" });
    expect(await readdir(folder)).toEqual([]);
  });
});
