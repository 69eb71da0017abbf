import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { imageStream } from "../../../../src/images/archive/image-stream.ts";
import {
  DEFAULT_EPOCH,
  type NormalizedImage,
  normalizeImage,
} from "../../../../src/images/reproducible/normalize-image.ts";
import { fileChunks } from "../../../../src/lib/input-file.ts";
import { readWhole } from "../../../../src/lib/tar/byte-reader.ts";
import { readTar } from "../../../../src/lib/tar/read.ts";
import { imageOf, type Layout, packImage } from "../../../helpers/image-archive.ts";
import { type LayerMember, layerOf } from "../../../helpers/layer-tar.ts";
import { chunksOf } from "../../../helpers/tar-bytes.ts";

const NOW = 1_790_000_000;

let folder = "";
beforeEach(async () => {
  if (folder) await rm(folder, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), "nua-normalize-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function normalize(
  layers: Uint8Array[],
  options: { epoch?: number; baseLayers?: number; layout?: Layout } = {},
): Promise<NormalizedImage> {
  const { epoch = NOW, baseLayers = 0, layout = "docker-20" } = options;
  const image = imageOf(layers);
  return normalizeImage({
    source: chunksOf(packImage(image, layout)),
    diffIds: image.diffIds,
    baseLayers,
    epoch,
    folder: await mkdtemp(join(folder, "work-")),
    attempt: "Normalize",
  });
}

/** What is in a normalized layer, a line for each member. */
async function list(image: NormalizedImage, index: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const member of readTar(fileChunks(image.layers[index]!.file), { attempt: "List" })) {
    const { name, type, mode, uid, mtime, linkName, attributes } = member;
    const text = Buffer.from((await readWhole(member.content, 1e6))!).toString();
    const about = [type, mode.toString(8), uid, mtime, linkName, [...attributes.keys()], text];
    lines.push(`${name} ${about.join(" ").trim()}`);
  }
  return lines;
}

const names = async (image: NormalizedImage, index: number) =>
  (await list(image, index)).map((line) => line.split(" ")[0]);

describe("layers that say the same become the same bytes:", () => {
  const base = layerOf(
    { name: "./", mtime: 5 },
    { name: "a/" },
    { name: "a/old", content: "old" },
    { name: "a/kept", content: "kept", mtime: 7 },
    { name: "d/" },
    { name: "d/x" },
    { name: "d/y" },
    { name: "run/" },
  );
  const file = (name: string, content = name): LayerMember => ({ name, content, mtime: 9 });

  test.each<[string, LayerMember[], LayerMember[]]>([
    ["another order", [file("b"), file("c")], [file("c"), file("b")]],
    ["names with ./", [file("b"), { name: "e/" }], [file("./b", "b"), { name: "./e/" }]],
    ["times of the build", [{ name: "b", mtime: NOW + 1 }], [{ name: "b", mtime: NOW + 3600 }]],
    ["times of folders", [{ name: "e/", mtime: 8 }], [{ name: "e/", mtime: 9 }]],
    ["folders that did not change", [file("a/b")], [{ name: "a/" }, { name: "d/" }, file("a/b")]],
    [
      "files that did not change",
      [file("b")],
      [file("b"), { ...file("a/kept", "kept"), mtime: 7 }],
    ],
    [
      "an opaque folder, and whiteouts",
      [{ name: "d/" }, { name: "d/.wh..wh..opq" }, file("d/x", "new")],
      [{ name: "d/" }, { name: "d/.wh.y" }, file("d/x", "new")],
    ],
    [
      "an opaque folder that is new",
      [{ name: "e/" }, { name: "e/.wh..wh..opq" }],
      [{ name: "e/" }],
    ],
    ["a whiteout of nothing", [file("b"), { name: "a/.wh.none" }], [file("b")]],
    [
      "whiteouts of all in a folder that is gone",
      [{ name: ".wh.d" }],
      [{ name: ".wh.d" }, { name: "d/.wh.x" }],
    ],
    [
      "which of two names is the link",
      [file("b", "same"), { name: "c", type: "1", linkName: "b" }],
      [file("c", "same"), { name: "b", type: "1", linkName: "c" }],
    ],
    [
      "leftovers",
      [file("b")],
      [file("b"), file("var/log/dpkg.log"), file("etc/passwd-"), { name: "run/nua/agent/" }],
    ],
    [
      "a label of SELinux",
      [file("b")],
      [{ ...file("b"), attributes: { "security.selinux": "x" } }],
    ],
    ["notes of a file system", [file("b")], [file("b"), { name: ".wh..wh.plnk/" }]],
    ["a file twice", [file("b", "2")], [file("b", "1"), file("b", "2")]],
  ])("%s", async (_, one, other) => {
    const results = [
      await normalize([base, layerOf(...one)]),
      await normalize([base, layerOf(...other)], { layout: "containerd" }),
    ];
    expect(results[0]!.layers.map(({ diffId }) => diffId)).toEqual(
      results[1]!.layers.map(({ diffId }) => diffId),
    );
    expect(results[0]!.configDigest).toBe(results[1]!.configDigest);
    expect(results[0]!.layers).toHaveLength(2);
  });

  test.each<[string, LayerMember, LayerMember]>([
    ["content", file("b", "1"), file("b", "2")],
    ["mode", { name: "b", mode: 0o4755 }, { name: "b", mode: 0o755 }],
    ["owner", { name: "b", uid: 1000 }, { name: "b", uid: 1001 }],
    ["group", { name: "b", gid: 1 }, { name: "b", gid: 2 }],
    ["target", { name: "b", type: "2", linkName: "x" }, { name: "b", type: "2", linkName: "y" }],
    ["device", { name: "b", type: "3", device: [1, 3] }, { name: "b", type: "3", device: [1, 5] }],
    [
      "capabilities",
      { name: "b", attributes: { "security.capability": "1" } },
      { name: "b", attributes: { "security.capability": "2" } },
    ],
    ["time before the epoch", { name: "b", mtime: 1 }, { name: "b", mtime: 2 }],
    ["whiteout", { name: "a/.wh.old" }, { name: "a/.wh.kept" }],
  ])("but not those with another %s", async (_, one, other) => {
    const first = await normalize([base, layerOf(one)]);
    const second = await normalize([base, layerOf(other)]);
    expect(first.configDigest).not.toBe(second.configDigest);
  });
});

test("what changes and the folders on the way are listed, in the order of their bytes", async () => {
  const base = layerOf(
    { name: "a/", mode: 0o700 },
    { name: "a/b/" },
    { name: "a/b/c" },
    { name: "z" },
  );
  const top = layerOf(
    { name: "a/b/d", content: "new", uid: 7 },
    { name: "a-b" },
    { name: ".wh.z" },
  );
  const image = await normalize([base, top]);
  expect(await list(image, 1)).toEqual([
    ".wh.z 0 0 0 0",
    "a/ 5 700 0 1790000000",
    "a-b 0 644 0 1700000000",
    "a/b/ 5 755 0 1790000000",
    "a/b/d 0 644 7 1700000000   new",
  ]);
});

test("a folder that becomes a file, and a file that becomes a folder", async () => {
  const base = layerOf({ name: "d/" }, { name: "d/x" }, { name: "f" });
  const top = layerOf({ name: "d", content: "file" }, { name: "f/" }, { name: "f/y" });
  expect(await names(await normalize([base, top]), 1)).toEqual(["d", "f/", "f/y"]);
});

describe("a whiteout stands for all that was in the folder:", () => {
  const base = layerOf(
    { name: "top/" },
    { name: "top/gone/" },
    { name: "top/gone/file" },
    { name: "top/gone/sub/" },
    { name: "top/gone/sub/deep" },
    { name: "top/kept" },
  );
  const rows: [string, LayerMember[], string[]][] = [
    ["a folder is gone", [{ name: "top/.wh.gone" }], ["top/", "top/.wh.gone"]],
    [
      "an engine tells of each file in it",
      [{ name: "top/gone/.wh.file" }, { name: "top/gone/sub/.wh.deep" }, { name: "top/.wh.gone" }],
      ["top/", "top/.wh.gone"],
    ],
    ["so is the one above it", [{ name: ".wh.top" }], [".wh.top"]],
    ["a file takes its place", [{ name: "top/gone" }], ["top/", "top/gone"]],
    [
      "a link takes its place",
      [{ name: "top/gone", type: "2", linkName: "kept" }],
      ["top/", "top/gone"],
    ],
    [
      "it is there anew, and empty",
      [{ name: "top/gone/.wh..wh..opq" }],
      ["top/", "top/gone/", "top/gone/.wh.file", "top/gone/.wh.sub"],
    ],
    [
      "it is there anew, with other files",
      [{ name: "top/gone/.wh..wh..opq" }, { name: "top/gone/sub/" }, { name: "top/gone/sub/new" }],
      [
        "top/",
        "top/gone/",
        "top/gone/.wh.file",
        "top/gone/sub/",
        "top/gone/sub/.wh.deep",
        "top/gone/sub/new",
      ],
    ],
  ];
  test.each(rows)("%s", async (_, top, expected) => {
    expect(await names(await normalize([base, layerOf(...top)]), 1)).toEqual(expected);
  });

  test("a folder that no layer has told of is gone", async () => {
    const silent = layerOf({ name: "a/b/c" }, { name: "a/b/d" }, { name: "e" });
    const image = await normalize([silent, layerOf({ name: "a/.wh.b" })]);
    expect(await names(image, 1)).toEqual(["a/.wh.b"]);
  });
});

test("of a file with several names all are there when one has changed", async () => {
  const base = layerOf({ name: "a", content: "x" }, { name: "b", content: "x" });
  const top = layerOf({ name: "b", content: "x" }, { name: "c", type: "1", linkName: "b" });
  expect(await list(await normalize([base, top]), 1)).toEqual([
    "b 0 644 0 1700000000   x",
    "c 1 644 0 1700000000 b",
  ]);
});

test("a layer without a change is gone, and so is its place in the history", async () => {
  const base = layerOf({ name: "a" });
  const image = await normalize([base, layerOf({ name: "a" }), layerOf({ name: "b" })]);
  expect(image.layers).toHaveLength(2);
  const { history } = JSON.parse(new TextDecoder().decode(image.configBytes));
  expect(history.map((entry: { created_by: string }) => entry.created_by)).toEqual([
    "step 0",
    "step 2",
  ]);
});

test("its base's layers have a time of their own", async () => {
  const layers = [layerOf({ name: "a", mtime: NOW + 9 }), layerOf({ name: "b", mtime: NOW + 9 })];
  const image = await normalize(layers, { baseLayers: 1 });
  expect(await list(image, 0)).toEqual([`a 0 644 0 ${DEFAULT_EPOCH}`]);
  expect(await list(image, 1)).toEqual([`b 0 644 0 ${NOW}`]);
});

test("done twice it is done once, and nothing but the layers is left in the folder", async () => {
  const first = await normalize([
    layerOf({ name: "lib/x.pyc", content: pyc(0, NOW + 5) }, { name: "é/" }),
    layerOf({ name: `${"long/".repeat(40)}name`, content: "long" }),
  ]);
  const diffIds = first.layers.map(({ diffId }) => diffId);
  const work = await mkdtemp(join(folder, "again-"));
  const source = imageStream(first, "app:1");
  const request = { source, diffIds, baseLayers: 0, epoch: NOW, folder: work, attempt: "Again" };
  expect((await normalizeImage(request)).configDigest).toBe(first.configDigest);
  expect((await readdir(work)).sort()).toEqual(["0.tar", "1.tar"]);
});

test("GNU tar unpacks what it writes", async () => {
  const content = "x".repeat(100_000);
  const name = `${"deep/".repeat(40)}é`;
  const image = await normalize([layerOf({ name, content, mode: 0o751 })]);
  const out = await mkdtemp(join(folder, "out-"));
  await $({ quiet: true })`tar -xf ${image.layers[0]!.file} -C ${out}`;
  expect(await Bun.file(join(out, name)).text()).toBe(content);
  expect((await Bun.file(join(out, name)).stat()).mode & 0o777).toBe(0o751);
});

describe("what is noted in files", () => {
  test("a compiled Python module belongs to the source as it is then", async () => {
    const layer = layerOf(
      { name: "a.pyc", content: pyc(0, NOW + 99) },
      { name: "old.pyc", content: pyc(0, 12) },
      { name: "hashed.pyc", content: pyc(1, NOW + 99) },
      { name: "short.pyc", content: "x" },
    );
    const image = await normalize([layer]);
    const times: Record<string, number> = {};
    for await (const { name, content } of readTar(fileChunks(image.layers[0]!.file), {
      attempt: "x",
    })) {
      const bytes = Buffer.from((await readWhole(content, 1e6))!);
      if (bytes.length >= 16) times[name] = bytes.readUInt32LE(8);
      expect(bytes.subarray(16).toString()).toBe(bytes.length >= 16 ? "code" : "");
    }
    expect(times).toEqual({ "a.pyc": NOW, "old.pyc": 12, "hashed.pyc": NOW + 99 });
  });

  test("a password is no younger than the image, and never asked for anew", async () => {
    const shadow = "root:*:20500:0:99999:7:::\nold:x:12:::::\nnew::0:0\nnobody:*::\n";
    const read = async (epoch: number) => {
      const image = await normalize([layerOf({ name: "etc/shadow", content: shadow })], { epoch });
      return (await list(image, 0))[0]!.replace(/^.*?root/s, "root");
    };
    const days = Math.floor(DEFAULT_EPOCH / 86_400);
    expect(await read(DEFAULT_EPOCH)).toBe(shadow.replace("20500", String(days)).trim());
    expect(await read(0)).toContain("root:*:1:0");
  });
});

test("a name that is not in UTF-8 is refused by name", async () => {
  const layer = layerOf({ name: "bad" });
  layer[0] = 0xff;
  // The header's checksum with the byte that was changed.
  const sum = 0xff - "b".charCodeAt(0) + Number.parseInt(layer.toString("latin1", 148, 154), 8);
  layer.write(sum.toString(8).padStart(6, "0"), 148);
  expect(normalize([layer])).rejects.toThrow("its name is not in UTF-8");
});

/** A compiled module with those flags, of a source of that time. */
function pyc(flags: number, time: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(flags, 4);
  head.writeUInt32LE(time, 8);
  return Buffer.concat([head, Buffer.from("code")]);
}
