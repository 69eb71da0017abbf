import { describe, expect, test } from "bun:test";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWhole } from "../../../../src/lib/tar/byte-reader.ts";
import { encodeTarHeader } from "../../../../src/lib/tar/header.ts";
import { readTar } from "../../../../src/lib/tar/read.ts";
import {
  chunksOf,
  fixChecksum,
  memberBytes,
  TAR_END,
  type TestMember,
  tarBytes,
} from "../../../helpers/tar-bytes.ts";

async function list(bytes: Uint8Array, chunkSize = 64 * 1024): Promise<TestMember[]> {
  const found: TestMember[] = [];
  for await (const member of readTar(chunksOf(bytes, chunkSize), { attempt: "Read it" })) {
    const content = Buffer.from((await readWhole(member.content, 1e6))!).toString();
    const { name, type, linkName } = member;
    found.push({ name, type, content, ...(linkName !== "" && { linkName }) });
  }
  return found;
}

describe("readTar", () => {
  const members: TestMember[] = [
    { name: "empty", type: "0", content: "" },
    { name: "folder/", type: "5", content: "" },
    { name: "folder/block", type: "0", content: "b".repeat(512) },
    { name: "link", type: "2", linkName: "folder/block", content: "" },
    { name: "folder/more", type: "0", content: "m".repeat(70_000) },
  ];

  test.each([1, 7, 511, 512, 513, 65_536])("reads chunks of %p bytes", async (size) => {
    expect(await list(tarBytes(members), size)).toEqual(members);
  });

  test.each(["ustar", "gnu", "pax", "v7"])("reads what tar --format=%s writes", async (format) => {
    const folder = await mkdtemp(join(tmpdir(), "nua-build-test-"));
    try {
      await writeFile(join(folder, "file"), "content");
      await symlink("target", join(folder, "link"));
      const bytes = new Uint8Array(
        await Bun.$`tar --format=${format} -C ${folder} -c file link`.arrayBuffer(),
      );
      expect(await list(bytes)).toEqual([
        { name: "file", type: "0", content: "content" },
        { name: "link", type: "2", linkName: "target", content: "" },
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each(["gnu", "pax"])("reads long names and targets in tar --format=%s", async (format) => {
    const folder = await mkdtemp(join(tmpdir(), "nua-build-test-"));
    const [name, linkName] = [`${"ü".repeat(100)}-file`, `${"t".repeat(200)}`];
    try {
      await writeFile(join(folder, name), "content");
      await symlink(linkName, join(folder, "link"));
      const bytes = new Uint8Array(
        await Bun.$`tar --format=${format} -C ${folder} -c ${name} link`.arrayBuffer(),
      );
      expect(await list(bytes)).toEqual([
        { name, type: "0", content: "content" },
        { name: "link", type: "2", linkName, content: "" },
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("takes the size from a pax header", async () => {
    const header = Buffer.from(encodeTarHeader({ name: "a", size: 0 }));
    const pax = memberBytes({ name: "pax", type: "x", content: "9 size=3\n" });
    const content = Buffer.alloc(512).fill("abc", 0, 3);
    const found = await list(Buffer.concat([pax, header, content, TAR_END]));
    expect(found).toEqual([{ name: "a", type: "0", content: "abc" }]);
  });

  test("skips what the reader leaves", async () => {
    const names: string[] = [];
    const options = { attempt: "Read it" };
    for await (const { name } of readTar(chunksOf(tarBytes(members)), options)) names.push(name);
    expect(names).toEqual(members.map(({ name }) => name));
  });

  test("gives no content to a link that claims to have some", async () => {
    const link = memberBytes({ name: "l", type: "2", linkName: "x" });
    link.write("00000001000\0", 124);
    const bytes = Buffer.concat([fixChecksum(link), memberBytes({ name: "next" }), TAR_END]);
    expect((await list(bytes)).map(({ name }) => name)).toEqual(["l", "next"]);
  });

  test("reads the source to its end, so that the source can fail", async () => {
    async function* failing() {
      yield tarBytes(members);
      yield Buffer.alloc(10_240);
      throw new Error("the engine died");
    }
    const drained = async () => {
      for await (const _ of readTar(failing(), { attempt: "Read it" }));
    };
    expect(drained()).rejects.toThrow("the engine died");
  });

  const good = memberBytes({ name: "good", content: "g".repeat(600) });
  test.each([
    ["a header that is cut", Buffer.concat([good, good.subarray(0, 100)]), "at byte 1536: it ends"],
    ["a content that is cut", good.subarray(0, 700), 'member "good" at byte 0: the archive ends'],
    ["padding that is cut", good.subarray(0, 1130), 'member "good" at byte 0: the archive ends'],
    ["a zeroed header", Buffer.concat([good, Buffer.alloc(512), good]), "a header is missing"],
    ["something else", Buffer.alloc(2048, "text"), "at byte 0: it has no tar header"],
    [
      "a pax record without end",
      Buffer.concat([memberBytes({ name: "p", type: "x", content: "99 path=a\n" }), good]),
      "its pax header is damaged",
    ],
    [
      "a pax record without key",
      Buffer.concat([memberBytes({ name: "p", type: "x", content: "5 =a\n" }), good]),
      "its pax header is damaged",
    ],
    [
      "a pax size that is no number",
      Buffer.concat([memberBytes({ name: "p", type: "x", content: "11 size=-1\n" }), good]),
      "a number in its pax header",
    ],
    [
      "an endless name",
      Buffer.from(encodeTarHeader({ name: "n", size: 1e12 })).fill("L", 156, 157),
      "an extended header claims 1000000000000 bytes",
    ],
  ])("refuses %s", async (_, bytes, message) => {
    const header = bytes.subarray(0, 512);
    if (header[156] === 76) fixChecksum(header);
    expect(list(bytes)).rejects.toThrow(message);
  });

  test("notices an impossible size at its header", async () => {
    const bytes = encodeTarHeader({ name: "huge", size: 2 ** 50 });
    const reading = async () => {
      const options = { attempt: "Read it", totalBytes: bytes.length };
      for await (const _ of readTar(chunksOf(bytes), options));
    };
    expect(reading()).rejects.toThrow('"huge" at byte 0: it claims 1125899906842624 bytes');
  });
});
