/** Files of others at the names of an archive: neither removed, replaced, followed nor waited for. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { isArchiveOf } from "../../../../src/images/archive/is-archive-of.ts";
import { openArchive } from "../../../../src/images/archive/open-archive.ts";
import { type SavedArchive, writeArchive } from "../../../../src/images/archive/write-archive.ts";
import { createImage, type ImageFixture, packImage } from "../../../helpers/image-archive.ts";
import { NOWHERE } from "../../../helpers/nowhere.ts";
import { chunksOf } from "../../../helpers/tar-bytes.ts";

let image: ImageFixture;
let folder: string;
let state: string;
let target: string;

beforeAll(async () => {
  image = await createImage();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-own-files-"));
  state = await mkdtemp(join(tmpdir(), "nua-state-"));
  process.env.XDG_STATE_HOME = state;
  target = join(folder, "app.tar");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(state, { recursive: true, force: true });
});
afterAll(() => {
  delete process.env.XDG_STATE_HOME;
});

function write(partBytes: number | null = null, tag = image.tag): Promise<SavedArchive> {
  return writeArchive({
    ...{ source: chunksOf(packImage(image, "docker-20")), target },
    ...{ expect: { ...image, tag }, form: { compression: null, partBytes } },
  });
}

const identity = () => ({ tag: image.tag, diffIds: image.diffIds });
const forget = () => rm(state, { recursive: true });
const list = async () => (await readdir(folder)).sort();
const quiet = $({ quiet: true });

describe("what has a name like a part's stays:", () => {
  const DATED = ["app.tar.2026", "app.tar.20261101", "app.tar.20261115", "app.tar.950"];

  test.each([
    ["one file again", [null, null]],
    ["parts in place of one file", [null, 50_000]],
    ["one file in place of parts", [50_000, null]],
    ["fewer parts", [20_000, 50_000]],
  ] as const)("%s", async (_, [before, after]) => {
    await write(before);
    const parts = (await list()).filter((name) => /\.\d{3}$/.test(name));
    for (const name of DATED.filter((one) => !parts.includes(one)))
      await writeFile(join(folder, name), "mine");
    const mine = DATED.filter((one) => !parts.includes(one));
    const saved = await write(after);
    const written = after === null ? ["app.tar"] : saved.parts.map(({ file }) => file.slice(-11));
    expect(await list()).toEqual([...mine, ...written, "app.tar.sha256"].sort());
    for (const name of mine) expect(await readFile(join(folder, name), "utf8")).toBe("mine");
  });

  test("an archive beside them is read without them", async () => {
    await write(50_000);
    const { length } = (await list()).filter((name) => /\.\d{3}$/.test(name));
    for (const name of ["app.tar.2026", "app.tar.20261101"])
      await writeFile(join(folder, name), "");
    for (const checksum of ["there", "gone"]) {
      if (checksum === "gone") await rm(`${target}.sha256`);
      const { chunks } = await openArchive(target, "Read");
      let bytes = 0;
      for await (const chunk of chunks) bytes += chunk.length;
      expect(Math.ceil(bytes / 50_000)).toBe(length);
    }
  });

  test("a part that nua-build has written, and somebody has replaced since", async () => {
    await write(20_000);
    await rm(join(folder, "app.tar.003"));
    await writeFile(join(folder, "app.tar.003"), "mine");
    await write();
    expect(await list()).toEqual(["app.tar", "app.tar.003", "app.tar.sha256"]);
  });
});

test("builds of one app at once are not in each other's way", async () => {
  for (let round = 0; round < 4; round += 1) {
    const saved = await Promise.all(Array.from({ length: 6 }, () => write()));
    expect(await list()).toEqual(["app.tar", "app.tar.sha256"]);
    expect(await isArchiveOf(target, identity())).toEqual(saved[0]!);
    if (round % 2 === 0) await rm(target);
  }
});

describe("an older archive is replaced", () => {
  test.each([
    ["as it was written", async () => {}],
    ["when it was touched", () => quiet`touch ${target}`],
    ["when nothing is known of it any more", forget],
    [
      "and one of another version",
      () =>
        rm(target)
          .then(() => write(null, "nua-app:0.9"))
          .then(forget),
    ],
    [
      "when it is compressed",
      () => quiet`gzip -c ${target} > ${target}.gz; mv ${target}.gz ${target}`.then(forget),
    ],
    ["when it is an empty file, such as mktemp makes", () => writeFile(target, "").then(forget)],
  ])("%s", async (_, change) => {
    await write();
    await change();
    await write();
    expect(await list()).toEqual(["app.tar", "app.tar.sha256"]);
    expect(await isArchiveOf(target, identity())).toBeDefined();
  });

  test("in parts, too, whether it is known or not", async () => {
    for (const change of [async () => {}, forget]) {
      await write(20_000);
      await change();
      await write();
      expect(await list()).toEqual(["app.tar", "app.tar.sha256"]);
    }
  });
});

describe("a file of the user's is an error that names it:", () => {
  test.each([
    ["a text", "app.tar", () => writeFile(target, "my notes")],
    ["an archive of another app", "app.tar", () => write(null, "nua-other:1.0").then(forget)],
    ["a tar file", "app.tar", () => quiet`tar -cf ${target} -C ${state} .`],
    [
      "a text at the checksum's name",
      "app.tar.sha256",
      () => writeFile(`${target}.sha256`, "notes"),
    ],
    [
      "a checksum of something else",
      "app.tar.sha256",
      () => writeFile(`${target}.sha256`, `${"0".repeat(64)}  notes.txt\n`),
    ],
  ])("%s", async (_, name, put) => {
    await put();
    const before = await readFile(join(folder, name), "latin1");
    await expect(write()).rejects.toMatchObject({
      code: "archive",
      message: expect.stringContaining(
        `a file is in the way that nua-build has not written: "${join(folder, name)}"`,
      ),
      hint: expect.stringContaining("--output"),
    });
    expect(await readFile(join(folder, name), "latin1")).toBe(before);
    expect((await list()).filter((one) => one.startsWith("."))).toEqual([]);
  });

  test("a text at the name of a part", async () => {
    await writeFile(`${target}.002`, "mine");
    await expect(write(20_000)).rejects.toThrow(`"${target}.002"`);
    expect(await list()).toEqual(["app.tar.002"]);
  });

  test.skipIf(process.geteuid?.() !== 0)("an archive of somebody else's", async () => {
    await write();
    await forget();
    for (const file of [target, `${target}.sha256`]) await chown(file, 3001, 3001);
    expect(await isArchiveOf(target, identity())).toBeUndefined();
    const message = `a file is in the way that belongs to the user 3001: "${target}"`;
    await expect(write()).rejects.toThrow(message);
  });
});

describe.each(["app.tar", "app.tar.sha256", "app.tar.001"])("at the name %s", (name) => {
  const path = () => join(folder, name);
  const kinds: [string, () => Promise<unknown>][] = [
    ["a named pipe", () => quiet`mkfifo ${path()}`],
    [
      "a socket",
      async () => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(path(), resolve));
        server.unref();
      },
    ],
    ["a folder", () => mkdir(path())],
    ["a link", () => writeFile(join(folder, "victim"), "x").then(() => symlink("victim", path()))],
    ["a link", () => symlink(join(NOWHERE, "else"), path())],
    ["a link", () => symlink(state, path())],
  ];
  test.each(kinds)(
    "%s is an error",
    async (kind, put) => {
      await put();
      const before = (await lstat(path())).ino;
      expect(await isArchiveOf(target, identity())).toBeUndefined();
      await expect(write(name.endsWith("001") ? 20_000 : null)).rejects.toMatchObject({
        code: "archive",
        message: `Save archive "${target}": ${kind} is in the way: "${path()}"`,
      });
      expect((await lstat(path())).ino).toBe(before);
      if (kind === "a link") expect(await readlink(path())).toBeString();
      expect((await list()).filter((one) => one.startsWith("."))).toEqual([]);
    },
    5000,
  );
});

test("a pipe among other archives is not waited for", async () => {
  await quiet`mkfifo ${join(folder, "other.tar")}`;
  await write();
  expect(await isArchiveOf(target, identity())).toBeDefined();
}, 5000);

test("a name may be as long as names may be", async () => {
  target = join(folder, `${"é".repeat(122)}.tar`);
  await write();
  expect(await list()).toHaveLength(2);
});
