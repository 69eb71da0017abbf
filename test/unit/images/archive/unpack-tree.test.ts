import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  UnpackLimitError,
  type UnpackLimits,
} from "../../../../src/images/archive/unpack-limits.ts";
import { UnpackTree } from "../../../../src/images/archive/unpack-tree.ts";
import { NuaError } from "../../../../src/lib/errors.ts";
import { readTar } from "../../../../src/lib/tar/read.ts";
import { chunksOf, type TestMember, tarBytes } from "../../../helpers/tar-bytes.ts";

const FILE = (name: string, content = "x"): TestMember => ({ name, content });
const LINK = (name: string, linkName: string): TestMember => ({ name, type: "2", linkName });
const FOLDER = (name: string): TestMember => ({ name, type: "5" });

let parent: string;
let root: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "nua-unpack-tree-"));
  mkdirSync(join(parent, "other"));
  writeFileSync(join(parent, "canary"), "alive");
  root = join(parent, "root");
});
afterEach(() => {
  // Of all that is tried, nothing may have happened beside the folder.
  expect(
    readdirSync(parent)
      .filter((name) => name !== "root")
      .sort(),
  ).toEqual(["canary", "other"]);
  expect(readFileSync(join(parent, "canary"), "utf8")).toBe("alive");
  expect(readdirSync(join(parent, "other"))).toEqual([]);
  rmSync(parent, { recursive: true });
});

async function unpack(members: TestMember[], limits: UnpackLimits = { bytes: 1000, files: 20 }) {
  const tree = new UnpackTree(root, { attempt: "Unpack", limits });
  for await (const member of readTar(chunksOf(tarBytes(members)), { attempt: "Unpack" })) {
    await tree.add(member);
  }
  tree.finish();
}

test("members come in any order, and links stay links", async () => {
  await unpack([
    LINK("a/link", "../b/file"),
    FILE("b/file"),
    FOLDER("a/"),
    LINK("gone", "nowhere"),
  ]);
  expect(readFileSync(join(root, "a/link"), "utf8")).toBe("x");
  expect(readlinkSync(join(root, "gone"))).toBe("nowhere");
});

test("no file runs as somebody else", async () => {
  const tar = tarBytes([FILE("run")]);
  const tree = new UnpackTree(root, { attempt: "Unpack", limits: { bytes: 9, files: 9 } });
  for await (const member of readTar(chunksOf(tar), { attempt: "Unpack" })) {
    await tree.add({ ...member, mode: 0o6755 });
  }
  expect(lstatSync(join(root, "run")).mode & 0o7777).toBe(0o755);
});

describe("refused", () => {
  test.each<[string, () => TestMember[]]>([
    ["a file below a link", () => [LINK("d", "../other"), FILE("d/evil")]],
    ["a link in place of the folder of a file", () => [FILE("d/evil"), LINK("d", "../other")]],
    ["a link below a link", () => [LINK("d", "../other"), LINK("d/evil", "x")]],
    [
      "a link below a link that leads nowhere yet",
      () => [LINK("d", "../new"), LINK("d/evil", "x")],
    ],
    ["a folder below a link", () => [LINK("d", "../other"), FOLDER("d/evil")]],
    ["a link to a file outside", () => [LINK("l", "../canary")]],
    ["a link to a folder outside", () => [LINK("l", join(parent, "other"))]],
    [
      "a link over a link that comes later",
      () => [LINK("l", "m/../../canary"), LINK("m", "d"), FOLDER("d/e")],
    ],
    [
      "a way up after a link",
      () => [FOLDER("a/b"), LINK("l", "a/b"), LINK("m", "l/../../../canary")],
    ],
    ["a name that leads up", () => [FILE("a/../../evil")]],
    ["an absolute name", () => [FILE(join(parent, "evil"))]],
    ["a name that stays in place", () => [FILE("./evil")]],
    ["no name", () => [FILE("//")]],
    ["a hard link", () => [{ name: "h", type: "1", linkName: "../canary" }]],
    ["a device", () => [{ name: "d", type: "3" }]],
    ["a pipe", () => [{ name: "p", type: "6" }]],
    ["a sparse file", () => [{ name: "s", type: "S" }]],
    ["a second file of that name", () => [FILE("f"), FILE("f")]],
    ["a file in place of a folder", () => [FOLDER("d"), FILE("d")]],
    ["a folder in place of a file", () => [FILE("d"), FOLDER("d")]],
    ["a second link of that name", () => [LINK("l", "a"), LINK("l", "b")]],
    ["a name that is too long", () => [FILE("n".repeat(90)), ...nested(60)]],
  ])("%s", async (_, members) => {
    const error = await unpack(members()).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(NuaError);
    expect(error).toMatchObject({ code: "archive", message: expect.stringMatching(/^Unpack: /) });
  });

  /** Long names, each below the one before: the pax header alone can hold it. */
  const nested = (depth: number): TestMember[] => {
    const name = `${"n".repeat(80)}/`.repeat(depth);
    const record = ` path=${name}\n`;
    const length = record.length + 4;
    return [{ name: "x", type: "x", content: `${length}${record}` }, FILE("y")];
  };

  test.each<[string, TestMember[], string]>([
    ["too many files", Array.from({ length: 21 }, (_, at) => FILE(`f${at}`)), "NUA_FILES_LIMIT"],
    [
      "too many links",
      Array.from({ length: 21 }, (_, at) => LINK(`l${at}`, "x")),
      "NUA_FILES_LIMIT",
    ],
    ["too many folders", [FOLDER("d/".repeat(21))], "NUA_FILES_LIMIT"],
    [
      "too many bytes",
      [FILE("a", "x".repeat(600)), FILE("b", "x".repeat(600))],
      "NUA_UNPACKED_LIMIT",
    ],
  ])("%s", async (_, members, setting) => {
    const hint = expect.stringContaining(setting);
    const unpacking = unpack(members);
    await expect(unpacking).rejects.toBeInstanceOf(UnpackLimitError);
    await expect(unpacking).rejects.toMatchObject({ code: "archive", hint });
  });
});

test("names that differ in case or normal form only are two, or an error", async () => {
  const members = [
    LINK("Dir", "../other"),
    FILE("dir/evil"),
    LINK("\u00e9", "../other"),
    FILE("e\u0301/evil"),
  ];
  await expect(unpack(members)).rejects.toThrow("it leads out of the folder");
});

test("nothing is written into a folder that is there already", async () => {
  mkdirSync(root);
  expect(() => new UnpackTree(root, { attempt: "Unpack", limits: { bytes: 1, files: 1 } })).toThrow(
    NuaError,
  );
});
