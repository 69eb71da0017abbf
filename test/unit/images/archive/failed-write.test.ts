import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { diskError, ensureFreeSpace } from "../../../../src/images/archive/disk.ts";
import { isArchiveOf } from "../../../../src/images/archive/is-archive-of.ts";
import {
  type WriteArchiveRequest,
  writeArchive,
} from "../../../../src/images/archive/write-archive.ts";
import { streamProgram } from "../../../../src/lib/process.ts";
import {
  createImage,
  type ImageFixture,
  LAYOUTS,
  packImage,
} from "../../../helpers/image-archive.ts";
import { chunksOf } from "../../../helpers/tar-bytes.ts";

let image: ImageFixture;
let folder: string;
let target: string;
/** Where it is kept what was written. */
let state: string;

beforeAll(async () => {
  image = await createImage();
  folder = await mkdtemp(join(tmpdir(), "nua-failed-write-"));
  state = await mkdtemp(join(tmpdir(), "nua-state-"));
  process.env.XDG_STATE_HOME = state;
});
afterAll(async () => {
  delete process.env.XDG_STATE_HOME;
  await rm(folder, { recursive: true });
  await rm(state, { recursive: true, force: true });
});
beforeEach(async () => {
  await rm(folder, { recursive: true });
  await mkdir(folder);
  target = join(folder, "nua-app:1.0.tar");
});

function write(changes: Partial<WriteArchiveRequest> = {}) {
  const source = chunksOf(packImage(image, "docker-20"), 1009);
  return writeArchive({ source, target, expect: image, ...changes });
}

describe("nothing is left and the old archive is kept when", () => {
  test.each([...LAYOUTS])("an abort comes at any time (%s)", async (layout) => {
    await write();
    const old = await readFile(target);
    const bytes = packImage(image, layout);
    for (let stop = 1; stop < bytes.length; stop += bytes.length >> 3) {
      const controller = new AbortController();
      const onProgress = (count: number) => count >= stop && controller.abort(new Error("Ctrl-C"));
      const { signal } = controller;
      const writing = write({ source: chunksOf(bytes, 1009), signal, onProgress });
      expect(writing).rejects.toThrow("Ctrl-C");
      await writing.catch(() => {});
      const names = ["nua-app:1.0.tar", "nua-app:1.0.tar.sha256"];
      expect((await readdir(folder)).sort()).toEqual(names);
    }
    expect(await readFile(target)).toEqual(old);
  });

  test("it was aborted before", async () => {
    const signal = AbortSignal.abort(new Error("Ctrl-C"));
    await expect(write({ signal })).rejects.toThrow("Ctrl-C");
    expect(await readdir(folder)).toEqual([]);
  });

  test("the engine's client is killed in the middle", async () => {
    await writeFile(join(folder, "saved"), packImage(image, "docker-20"));
    const script = `head -c 100000 ${join(folder, "saved")}; kill -9 $$`;
    const source = streamProgram(["sh", "-c", script]);
    await expect(write({ source })).rejects.toMatchObject({ name: "CommandError", code: "engine" });
    expect(await readdir(folder)).toEqual(["saved"]);
  });

  test("the client fails after the last byte", async () => {
    await writeFile(join(folder, "saved"), packImage(image, "docker-20"));
    const source = streamProgram(["sh", "-c", `cat ${join(folder, "saved")}; exit 1`]);
    await expect(write({ source })).rejects.toMatchObject({ name: "CommandError", exitCode: 1 });
    expect(await readdir(folder)).toEqual(["saved"]);
  });

  test("a folder is in the way", async () => {
    await mkdir(join(target, "full"), { recursive: true });
    await expect(write()).rejects.toThrow(`a folder is in the way: "${target}"`);
    expect(await readdir(folder)).toEqual(["nua-app:1.0.tar"]);
  });

  test("its folder is missing", async () => {
    const missing = join(folder, "missing", "app.tar");
    const message = `Save archive "${missing}": no such file or folder`;
    await expect(write({ target: missing })).rejects.toThrow(message);
  });
});

describe("a full disk", () => {
  test("is noticed before anything is written", async () => {
    const writing = write({ expect: { ...image, bytes: 2 ** 60 } });
    await expect(writing).rejects.toMatchObject({
      code: "archive",
      message: expect.stringMatching(
        /^Save archive ".*": \d+ TB are missing in ".*", it needs \d+ TB and .* are free$/,
      ),
      hint: expect.stringContaining("make room"),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test("is no matter when there is room", async () => {
    expect(await ensureFreeSpace(folder, 1, "Save it")).toBeUndefined();
  });

  const sandbox = ["unshare", "--user", "--map-root-user", "--mount"];
  const canMount = Bun.spawnSync([...sandbox, "mount", "-t", "tmpfs", "none", "/mnt"]).success;

  // containerd: how large the layers will be is only known when they have been decompressed.
  test.skipIf(!canMount)("in the middle leaves nothing", async () => {
    await mkdir(join(folder, "disk"));
    await writeFile(join(folder, "saved"), packImage(image, "containerd"));
    await writeFile(join(folder, "expect.json"), JSON.stringify(image));
    const source = (name: string) => join(import.meta.dir, "../../../../src", name);
    const script = `
      import { readdirSync } from "node:fs";
      import { writeArchive } from ${JSON.stringify(source("images/archive/write-archive.ts"))};
      import { fileChunks } from ${JSON.stringify(source("lib/input-file.ts"))};
      const expect = await Bun.file("expect.json").json();
      const error = await writeArchive({ source: fileChunks("saved"), target: "disk/app.tar", expect })
        .catch((reason) => reason);
      const { code, message, hint } = error;
      console.log(JSON.stringify({ code, message, hint, left: readdirSync("disk") }));`;
    await writeFile(join(folder, "script.ts"), script);
    const mount = 'mount -t tmpfs -o size=200k none disk && exec "$0" script.ts';
    const run = Bun.spawnSync([...sandbox, "sh", "-c", mount, process.execPath], { cwd: folder });
    expect(JSON.parse(run.stdout.toString())).toEqual({
      code: "archive",
      message: expect.stringMatching(
        /^Save archive "disk\/app.tar": the disk is full: ".*\.part"$/,
      ),
      hint: expect.stringContaining("make room"),
      left: [],
    });
  });
});

test.each([
  ["ENOSPC", "Save it: the disk is full", "make room"],
  ["EDQUOT", "Save it: the disk quota is used up", "make room"],
  ["EACCES", "Save it: permission denied", "name another folder"],
  ["EROFS", "Save it: the file system is read-only", "name another folder"],
])("%s is told as %p", (code, message, hint) => {
  const error = diskError("Save it", "/there", Object.assign(new Error(code), { code }));
  expect(error.message).toBe(`${message}: "/there"`);
  expect(error.hint).toStartWith(hint);
});

describe("the archive that is there is written anew when", () => {
  const identity = () => ({
    tag: image.tag,
    diffIds: image.diffIds,
    configDigest: image.configDigest,
    created: "2026-01-02T03:04:05.123456789Z",
  });

  /** Changes a bit in the middle of the file, which looks afterwards as it did. */
  async function flip(at: number): Promise<void> {
    const { atime, mtime } = await stat(target);
    const bytes = await readFile(target);
    bytes[at]! ^= 1;
    await writeFile(target, bytes);
    await utimes(target, atime, mtime);
  }

  async function sumAnew(): Promise<void> {
    const sum = new Bun.CryptoHasher("sha256").update(await readFile(target)).digest("hex");
    await writeFile(`${target}.sha256`, `${sum}  nua-app:1.0.tar\n`);
  }

  test.each([
    ["it was touched", () => utimes(target, new Date(), new Date())],
    [
      "it was copied",
      () => $({ quiet: true })`cp ${target} ${target}.copy && mv ${target}.copy ${target}`,
    ],
    ["nothing is known of it any more", () => rm(state, { recursive: true })],
  ])("%s: it is read again, and not written", async (_, change) => {
    const saved = await write();
    await change();
    expect(await isArchiveOf(target, identity())).toEqual(saved);
    expect(await isArchiveOf(target, identity())).toEqual(saved);
  });

  test("nothing changed: not at all", async () => {
    const saved = await write();
    expect(await isArchiveOf(target, identity())).toEqual(saved);
  });

  test.each([
    ["the image was made at another time", { created: "2026-01-02T03:04:05.12345678Z" }],
    ["the config is another one", { configDigest: `sha256:${"0".repeat(64)}` }],
  ])("%s", async (_, other) => {
    await write();
    expect(await isArchiveOf(target, { ...identity(), ...other })).toBeUndefined();
  });

  test.each([
    ["its checksum file is missing", () => rm(`${target}.sha256`)],
    [
      "its checksum file is of another",
      () => writeFile(`${target}.sha256`, `${"0".repeat(64)}  x`),
    ],
    [
      "its checksum file is that of other bytes",
      () => writeFile(`${target}.sha256`, `${"0".repeat(64)}  nua-app:1.0.tar\n`),
    ],
    ["a bit of a layer is another one, and its time and size are kept", () => flip(1000)],
    ["so, and its checksum file was made for it", () => flip(1000).then(sumAnew)],
    ["it was cut", () => Bun.write(target, Bun.file(target).slice(0, -512))],
  ])("%s", async (_, change) => {
    await write();
    await change();
    expect(await isArchiveOf(target, identity())).toBeUndefined();
  });
});
