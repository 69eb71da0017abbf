import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../src/runs/lock.ts";
import { currentRun } from "../../../src/runs/run.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-lock-"));
  file = join(folder, "deep/lock");
});
afterEach(() => rm(folder, { recursive: true }));

test("works are done one after the other, and nothing is left", async () => {
  let inside = 0;
  const most: number[] = [];
  const works = Array.from({ length: 20 }, (_, index) =>
    withLock(file, async () => {
      inside += 1;
      most.push(inside);
      await Bun.sleep(1);
      inside -= 1;
      return index;
    }),
  );
  expect(await Promise.all(works)).toEqual(works.map((_, index) => index));
  expect(most).toEqual(works.map(() => 1));
  expect(await readdir(join(folder, "deep"))).toEqual([]);
});

test("it is free again when the work has failed", async () => {
  const failed = withLock(file, () => Promise.reject(new Error("no")));
  expect(await failed.catch((error) => error.message)).toBe("no");
  expect(await withLock(file, async () => 1)).toBe(1);
});

test("the lock of a run that was killed is taken", async () => {
  const dead = currentRun().replace(/-\w+$/, "-1");
  await withLock(file, async () => {});
  await symlink(`${dead}.000000000000`, file);
  expect(await withLock(file, async () => 1)).toBe(1);
});

test("where none can be made, the work is done all the same", async () => {
  await writeFile(join(folder, "file"), "");
  expect(await withLock(join(folder, "file/lock"), async () => 1)).toBe(1);
});
