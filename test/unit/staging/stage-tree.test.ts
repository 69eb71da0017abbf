import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isStagedAtTop } from "../../../src/plan/staging.ts";
import { stageTree } from "../../../src/staging/stage-tree.ts";

let base: string;
const at = (...parts: string[]) => join(base, ...parts);

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "nua-stage-"));
  mkdirSync(at("outside/deep"), { recursive: true });
  writeFileSync(at("outside/deep/far.txt"), "far");
  symlinkSync("..", at("outside/deep/up"));
  for (const folder of ["app/sub/node_modules", "app/env/lib", "app/.git", "app/empty"]) {
    mkdirSync(at(folder), { recursive: true });
  }
  writeFileSync(at("app/run.sh"), "#!/bin/sh\n");
  chmodSync(at("app/run.sh"), 0o750);
  writeFileSync(at("app/sub/.env"), "A=1");
  writeFileSync(at("app/sub/node_modules/x.js"), "");
  writeFileSync(at("app/env/pyvenv.cfg"), "");
  symlinkSync("sub/.env", at("app/inside"));
  symlinkSync(at("outside/deep"), at("app/outside"));
  symlinkSync("nowhere", at("app/dangling"));
  symlinkSync(".", at("app/self"));
});

afterAll(() => rmSync(base, { recursive: true }));

const stage = (to: string, signal = new AbortController().signal) =>
  stageTree({ from: at("app"), to: at(to), accept: isStagedAtTop, signal });

test("a tree is staged by hard links, without what is made again", async () => {
  const result = await stage("staged");
  expect(readdirSync(at("staged")).sort()).toEqual(
    ["dangling", "empty", "inside", "outside", "run.sh", "self", "sub"].sort(),
  );
  expect(readdirSync(at("staged/sub"))).toEqual([".env"]);
  expect(result).toEqual({ files: 3, bytes: 16, skipped: [] });
  expect(statSync(at("staged/run.sh")).ino).toBe(statSync(at("app/run.sh")).ino);
  expect(statSync(at("staged/run.sh")).mode & 0o777).toBe(0o750);
});

test("links inside stay links, links outside become their target, also in a circle", async () => {
  await stage("links");
  expect(readlinkSync(at("links/inside"))).toBe("sub/.env");
  expect(readlinkSync(at("links/dangling"))).toBe("nowhere");
  expect(readlinkSync(at("links/self"))).toBe(".");
  expect(lstatSync(at("links/outside")).isDirectory()).toBe(true);
  expect(readFileSync(at("links/outside/far.txt"), "utf8")).toBe("far");
  expect(lstatSync(at("links/outside/up")).isSymbolicLink()).toBe(true);
});

test("an abort stops it", async () => {
  await expect(stage("never", AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
});
