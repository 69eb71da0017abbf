import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chown, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findInFolder } from "../../../src/leftovers/folder-leftovers.ts";
import { isLeftOver } from "../../../src/leftovers/leftover.ts";
import { isTemporary, partStem, runOf, runTag } from "../../../src/runs/own-names.ts";
import { currentRun, stateOfRun } from "../../../src/runs/run.ts";
import { createTempFolder } from "../../../src/session/temp-folder.ts";

const [host, boot, space, pid, start = ""] = currentRun().split("-");
const otherStart = (Number.parseInt(start, 36) + 1).toString(36);

/** The marks of a process that has ended. */
function endedRun(): string {
  const module = JSON.stringify(join(import.meta.dir, "../../../src/runs/run.ts"));
  const code = `console.log((await import(${module})).currentRun())`;
  return spawnSync(process.execPath, ["-e", code], { encoding: "utf8" }).stdout.trim();
}

const DEAD = endedRun();

describe("a run", () => {
  test.each([
    ["this process", currentRun(), "alive"],
    ["a process that has ended", DEAD, "dead"],
    [
      "a process that got the number of one that has ended",
      [host, boot, space, pid, otherStart].join("-"),
      "dead",
    ],
    ["before the machine was started", [host, "00000001", space, pid, start].join("-"), "dead"],
    ["another machine's", ["1".repeat(8), "1".repeat(8), space, pid, start].join("-"), "unknown"],
    ["another container's", [host, boot, "1", pid, start].join("-"), "unknown"],
    ["no marks at all", "abc", "unknown"],
  ] as const)("%s", (_, run, state) => {
    expect(stateOfRun(run)).toBe(state);
  });

  test("of another user, of which nothing is told, is not taken for dead", () => {
    // As a machine with hidepid=2 has it: process 1 is there, and its files are not.
    const module = JSON.stringify(join(import.meta.dir, "../../../src/runs/run.ts"));
    const code = `const fs = require("node:fs");
      const read = fs.readFileSync;
      fs.readFileSync = (file, ...rest) => {
        if (file === "/proc/1/stat") throw new Error("ENOENT");
        return read(file, ...rest);
      };
      const { currentRun, stateOfRun } = await import(${module});
      const [host, boot, space] = currentRun().split("-");
      console.log(stateOfRun([host, boot, space, "1", "5"].join("-")));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", code], { encoding: "utf8" });
    expect(stderr + stdout).toBe("unknown\n");
  });

  test("that nobody here can see is over after a week", () => {
    const foreign = [host, boot, "1", pid, start].join("-");
    const now = Date.now();
    const days = (count: number) => now - count * 24 * 3600 * 1000;
    expect([6, 8].map((count) => isLeftOver(foreign, days(count), now))).toEqual([false, true]);
    expect(isLeftOver(currentRun(), days(8), now)).toBe(false);
  });
});

test.each([
  ["part", partStem("app.tar").concat(".0.part")],
  ["part", partStem("x".repeat(250)).concat(".sha256.part")],
  ["part", partStem("a\nb").concat(".spool12.part")],
  ["tag", runTag("nua-record")],
] as const)("names tell whose they are: %s", (kind, name) => {
  expect(runOf(kind, name)).toBe(currentRun());
  expect(Buffer.byteLength(name)).toBeLessThan(256);
});

describe("in a folder", () => {
  let base: string;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), "nua-test-leftovers-"));
  });
  afterAll(() => rm(base, { recursive: true, force: true }));

  test("what a run that has ended left is found and removed, and nothing else", async () => {
    const folder = join(base, "mixed");
    const outside = join(base, "outside");
    await mkdir(outside);
    await writeFile(join(outside, "kept"), "");
    const left = [`nua-build-${DEAD}-abcDEF`, `.app.tar.${DEAD}.0123456789ab.0.part`];
    await mkdir(join(folder, left[0]!, "context"), { recursive: true });
    await symlink(outside, join(folder, left[0]!, "context/link"));
    await writeFile(join(folder, left[1]!), "");
    const kept = [
      "nua-build-abcdef",
      ".app.tar.0123456789ab.0.part",
      `app.tar.${DEAD}.0123456789ab.0.part`,
      `nua-build-${DEAD}-abcdefg`,
      `.b.${DEAD}.0123456789ab.part.bak`,
    ];
    for (const name of kept) await writeFile(join(folder, name), "");
    // Names of ours that another kind of thing has: links, files for folders, folders for files.
    const odd = [`nua-build-${DEAD}-aaaaaa`, `.c.${DEAD}.0123456789ab.part`];
    await writeFile(join(folder, odd[0]!), "");
    await mkdir(join(folder, odd[1]!));
    await symlink(outside, join(folder, `nua-build-${DEAD}-bbbbbb`));
    await using own = await createTempFolder(folder);
    await writeFile(`${partStem(join(folder, "mine.tar"))}.0.part`, "");
    const before = await readdir(folder);

    const found = await findInFolder(folder);
    expect(found.map(({ name }) => name).sort()).toEqual(
      left.map((name) => join(folder, name)).sort(),
    );
    for (const one of found) await one.remove();
    expect((await readdir(folder)).sort()).toEqual(
      before.filter((name) => !left.includes(name)).sort(),
    );
    expect(await readdir(outside)).toEqual(["kept"]);
    expect(isTemporary(join(own.path, "context"))).toBe(true);
  });

  test.skipIf(process.getuid?.() !== 0)("somebody else's is left alone", async () => {
    const folder = join(base, "shared");
    const path = join(folder, `nua-build-${DEAD}-abcdef`);
    await mkdir(path, { recursive: true });
    await chown(path, 12345, 12345);
    expect(await findInFolder(folder)).toEqual([]);
  });

  test("a missing one has nothing to tell", async () => {
    expect(await findInFolder(join(base, "missing"))).toEqual([]);
  });

  test("what another machine left there is found when it is old", async () => {
    const folder = join(base, "nfs");
    const path = join(folder, `nua-build-11111111-22222222-1-2-3-abcdef`);
    await mkdir(path, { recursive: true });
    expect(await findInFolder(folder)).toEqual([]);
    await utimes(path, 1, 1);
    expect((await findInFolder(folder)).map(({ name }) => name)).toEqual([path]);
  });
});
