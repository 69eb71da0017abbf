import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContextWriter } from "../../../src/context/context-writer.ts";
import { stageTree } from "../../../src/context/stage-tree.ts";
import { isStagedAtTop } from "../../../src/source/staged-names.ts";
import { createTakeRules } from "../../../src/source/take-rules.ts";
import { walkTree } from "../../../src/source/walk-tree.ts";

let base: string;
const at = (...parts: string[]) => join(base, ...parts);

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "nua-stage-"));
  mkdirSync(at("outside/deep"), { recursive: true });
  writeFileSync(at("outside/deep/far.txt"), "far");
  for (const folder of ["app/sub/node_modules", "app/env/lib", "app/.git", "app/empty"]) {
    mkdirSync(at(folder), { recursive: true });
  }
  writeFileSync(at("app/run.sh"), "#!/bin/sh\n");
  chmodSync(at("app/run.sh"), 0o750);
  writeFileSync(at("app/sub/.env"), "A=1");
  writeFileSync(at("app/sub/a.txt"), "A");
  writeFileSync(at("app/sub/node_modules/.package-lock.json"), "");
  writeFileSync(at("app/env/pyvenv.cfg"), "");
  symlinkSync("sub/a.txt", at("app/inside"));
  symlinkSync(at("outside/deep"), at("app/outside"));
  symlinkSync("nowhere", at("app/dangling"));
  symlinkSync(".", at("app/self"));
  Bun.spawnSync(["mkfifo", at("app/pipe")]);
});

afterAll(() => rmSync(base, { recursive: true }));

const stage = (to: string, { signal = new AbortController().signal, copiesModes = false } = {}) => {
  const take = createTakeRules(at("app"), { named: [], needed: [] });
  return stageTree({
    from: at("app"),
    to: "",
    writer: createContextWriter(at(to), { copiesModes }),
    accept: isStagedAtTop,
    rules: { take, base: "" },
    signal,
  });
};

test("a tree is staged by hard links, without what is private or made again", async () => {
  const { notes, ...result } = await stage("staged");
  expect(readdirSync(at("staged")).sort()).toEqual(
    ["dangling", "empty", "inside", "outside", "run.sh", "self", "sub"].sort(),
  );
  expect(readdirSync(at("staged/sub"))).toEqual(["a.txt"]);
  expect(result).toEqual({ files: 2, bytes: 11 });
  expect(notes.map(({ path, note }) => `${path}: ${note.kind}`)).toEqual([
    "env: installed",
    "outside: outside-link",
    "pipe: special",
    "sub/.env: secret",
    "sub/node_modules: installed",
  ]);
  expect(statSync(at("staged/run.sh")).ino).toBe(statSync(at("app/run.sh")).ino);
});

test("links stay links wherever they lead, and none is followed", async () => {
  await stage("links");
  expect(readlinkSync(at("links/inside"))).toBe("sub/a.txt");
  expect(readlinkSync(at("links/dangling"))).toBe("nowhere");
  expect(readlinkSync(at("links/self"))).toBe(".");
  expect(readlinkSync(at("links/outside"))).toBe(at("outside/deep"));
});

test("an abort stops it", async () => {
  const signal = AbortSignal.abort(new Error("stop"));
  await expect(stage("never", { signal })).rejects.toThrow("stop");
});

test("also in the middle of a folder, however long its files take", async () => {
  for (let index = 0; index < 200; index += 1) writeFileSync(at("outside", `file${index}`), "");
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("stop")), 20);
  let seen = 0;
  const visitor = {
    folder: () => {},
    file: () => {
      seen += 1;
      Bun.sleepSync(5);
    },
    link: () => {},
    other: () => {},
  };
  const walk = { from: at("outside"), accept: () => true, signal: controller.signal };
  await expect(walkTree(walk, visitor)).rejects.toThrow("stop");
  expect(seen).toBeLessThan(100);
});

test("for builders that copy, files have plain permissions, whatever the umask", async () => {
  const before = process.umask(0o077);
  try {
    await stage("modes", { copiesModes: true });
  } finally {
    process.umask(before);
  }
  const mode = (path: string) => statSync(at("modes", path)).mode & 0o7777;
  expect(["", "sub", "run.sh", "sub/a.txt"].map(mode)).toEqual([0o755, 0o755, 0o755, 0o644]);
  expect(statSync(at("app/run.sh")).mode & 0o7777).toBe(0o750);
});

test("names that are not UTF-8 are staged under their own bytes, and so are such targets", async () => {
  const odd = (...path: string[]) =>
    Buffer.concat([Buffer.from(`${at(...path)}/`), Buffer.from([0x63, 0xe9])]);
  mkdirSync(at("odd"));
  mkdirSync(odd("odd"));
  writeFileSync(Buffer.concat([odd("odd"), Buffer.from("/x")]), "x");
  symlinkSync(Buffer.from([0xff]), Buffer.from(`${at("odd")}/link`));
  const writer = createContextWriter(at("odd-staged"));
  const { signal } = new AbortController();
  const take = createTakeRules(at("odd"), { named: [], needed: [] });
  const rules = { take, base: "" };
  await stageTree({ from: at("odd"), to: "", writer, accept: () => true, rules, signal });
  expect(existsSync(Buffer.concat([odd("odd-staged"), Buffer.from("/x")]))).toBe(true);
  expect(readlinkSync(at("odd-staged/link"), { encoding: "buffer" })).toEqual(Buffer.from([0xff]));
});
