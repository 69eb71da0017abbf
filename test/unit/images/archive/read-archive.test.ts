import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { readArchive } from "../../../../src/images/archive/read-archive.ts";
import { NuaError } from "../../../../src/lib/errors.ts";
import {
  createImage,
  type ImageFixture,
  imageOf,
  LAYOUTS,
  listMembers,
  NUA_CONFIG,
  packImage,
  sha256,
  tarOf,
} from "../../../helpers/image-archive.ts";
import { memberBytes, TAR_END, type TestMember, tarBytes } from "../../../helpers/tar-bytes.ts";

let image: ImageFixture;
let folder: string;
let file: string;

beforeAll(async () => {
  image = await createImage();
  folder = await mkdtemp(join(tmpdir(), "nua-read-archive-"));
  file = join(folder, "app.tar");
});
afterAll(() => rm(folder, { recursive: true }));

/** The error that reading these bytes ends with. */
async function failure(bytes: Uint8Array): Promise<NuaError> {
  await writeFile(file, bytes);
  const error = await readArchive(file).then(
    () => new Error("it was read without an error"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof NuaError)) throw error;
  expect(error.code).toBe("archive");
  return error;
}

describe.each([...LAYOUTS])("the layout %s", (layout) => {
  const summary = () => ({
    tags: [image.tag],
    configDigest: image.configDigest,
    labels: { APP_ID: "app" },
    base: null,
    needs: [],
    config: JSON.parse(image.config),
    layers: image.layers.map((layer, index) => ({
      digest: image.diffIds[index]!,
      bytes: layer.length,
      createdBy: `step ${index}`,
      isLeftOut: false,
    })),
    nuaConfig: JSON.parse(NUA_CONFIG),
  });

  test("is read", async () => {
    await writeFile(file, packImage(image, layout));
    expect(await readArchive(file)).toMatchObject(summary());
  });

  test.each([
    ["gzip", (bytes: Uint8Array) => gzipSync(bytes)],
    [
      "gzip in two members",
      (bytes: Uint8Array) => {
        const middle = bytes.length >> 1;
        return Buffer.concat([gzipSync(bytes.slice(0, middle)), gzipSync(bytes.slice(middle))]);
      },
    ],
    ["zstd", (bytes: Uint8Array) => zstdCompressSync(bytes)],
    ["xz", (bytes: Uint8Array) => Bun.spawnSync(["xz", "-0"], { stdin: bytes }).stdout],
  ])("is read compressed by %s", async (_, compress) => {
    await writeFile(file, compress(packImage(image, layout)));
    expect(await readArchive(file)).toMatchObject(summary());
  });
});

describe("the nua-config", () => {
  test("is the topmost, as in a container", async () => {
    const layerOf = (id: string) => tarOf({ "nua/metadata/nua-config.json": JSON.stringify(id) });
    const two = imageOf([await layerOf("lower"), await layerOf("upper")]);
    await writeFile(file, packImage(two, "docker-20"));
    expect((await readArchive(file)).nuaConfig).toBe("upper");
  });

  test("is absent from an image that is not of Nua", async () => {
    await writeFile(file, packImage(imageOf([await tarOf({ "bin/sh": "" })]), "podman"));
    expect(await readArchive(file)).not.toHaveProperty("nuaConfig");
  });
});

describe("what is no archive is refused", () => {
  test.each([
    ["no bytes", new Uint8Array(), "the file has no bytes"],
    ["text", Buffer.from("hello\n".repeat(500)), "at byte 0: it has no tar header"],
    ["a few bytes", Buffer.from("hello"), "at byte 0: it ends in the middle of a header"],
    ["an empty tar", TAR_END, "it is empty"],
    ["a tar of something else", tarBytes([{ name: "README" }]), 'neither "manifest.json" nor'],
    ["bzip2", Buffer.from("BZh91AY&SY"), "compressed by bzip2 are not supported"],
    ["gzip of nothing", gzipSync(""), "it is empty"],
    ["gzip that is cut", gzipSync(Buffer.alloc(5000, 1)).subarray(0, 20), "gzip stream"],
    ["xz that is cut", Buffer.from("fd377a585a000004e6d6b446", "hex"), "xz stream is damaged"],
  ])("%s", async (_, bytes, message) => {
    expect((await failure(bytes)).message).toContain(message);
  });

  test("a file that is missing, and a folder", async () => {
    expect(readArchive(join(folder, "none.tar"))).rejects.toThrow("no such file or folder");
    expect(readArchive(folder)).rejects.toThrow("a folder is in the way");
  });
});

describe("a faulty member is named, with its offset:", () => {
  /** The podman layout with something done to it. */
  type Change = (members: TestMember[]) => TestMember[];
  const replace = (name: RegExp, content: TestMember["content"]): Change => {
    return (members) => members.map((m) => (name.test(m.name) ? { ...m, content: content! } : m));
  };
  const manifestOf = (change: (entry: Record<string, unknown>) => unknown): Change => {
    return (members) =>
      members.map((member) => {
        if (member.name !== "manifest.json") return member;
        const [entry] = JSON.parse(String(member.content));
        return { ...member, content: JSON.stringify(change(entry)) };
      });
  };

  test.each<[string, Change, RegExp]>([
    [
      "a name that leads out",
      (members) => [{ name: "../../etc/passwd" }, ...members],
      /member "..\/..\/etc\/passwd" at byte 0: its name contains "\.\."/,
    ],
    [
      "an absolute name",
      (members) => [{ name: "/etc/passwd" }, ...members],
      /member "\/etc\/passwd" at byte 0: .* leads out/,
    ],
    [
      "a link that leads out",
      (members) => [{ name: "a/layer.tar", type: "2", linkName: "../../b.tar" }, ...members],
      /member "a\/layer.tar" at byte 0: "..\/b.tar" leads out/,
    ],
    [
      "a link to an absolute path",
      (members) => [{ name: "a.tar", type: "2", linkName: "/etc/passwd" }, ...members],
      /member "a.tar" at byte 0: "\/etc\/passwd" leads out/,
    ],
    [
      "two members of one name",
      (members) => [...members, members.at(-1)!],
      /member "manifest.json" at byte \d+: the archive has two members of that name/,
    ],
    [
      "a layer with other bytes",
      replace(/\.tar$/, tarBytes([{ name: "other" }])),
      /member "[0-9a-f]{64}.tar" at byte 0: its digest is not the one in its name/,
    ],
    ["a layer that is no tar", replace(/\.tar$/, "text"), /at byte 0: it is not a tar file/],
    [
      "a config with other bytes",
      replace(/[0-9a-f]\.json$/, "{}"),
      /member "[0-9a-f]{64}.json" at byte \d+: its digest is not the one in its name/,
    ],
    [
      "a manifest that is not JSON",
      replace(/manifest/, "[{"),
      /member "manifest.json" at byte \d+: it is not JSON/,
    ],
    [
      "a manifest of another shape",
      manifestOf(() => [{ Config: 1 }]),
      /member "manifest.json" at byte \d+: 0.Config: Invalid type/,
    ],
    ["a manifest without an image", manifestOf(() => []), /expected an image/],
    ["a manifest that nests too deep", replace(/manifest/, "[".repeat(1e6)), /it is not JSON/],
    [
      "a manifest that is too long",
      replace(/manifest/, " ".repeat(5_000_000)),
      /neither "manifest.json" nor/,
    ],
    [
      "a config that is missing",
      manifestOf((entry) => [{ ...entry, Config: "none.json" }]),
      /the image config "none.json" is missing/,
    ],
    [
      "a layer that is missing",
      (members) => members.slice(1),
      /the layer "[0-9a-f]{64}.tar" is missing/,
    ],
    [
      "a layer too few",
      manifestOf((entry) => [{ ...entry, Layers: (entry.Layers as string[]).slice(1) }]),
      /the manifest lists 3 layers, its config 4/,
    ],
    [
      "a layer that is named twice in another's place",
      manifestOf((entry) => {
        const [first, , ...rest] = entry.Layers as string[];
        return [{ ...entry, Layers: [first, first, ...rest] }];
      }),
      /member "[0-9a-f]{64}.tar" at byte 0: its digest is sha256:\w+, in the config sha256:/,
    ],
    [
      "several images",
      manifestOf((entry) => [entry, { ...entry, RepoTags: ["other:2"] }]),
      /it holds 2 images: nua-app:1.0, other:2/,
    ],
    [
      "links in a circle",
      (members) => [
        ...manifestOf((entry) => [{ ...entry, Config: "a.json" }])(members),
        { name: "a.json", type: "2", linkName: "b.json" },
        { name: "b.json", type: "2", linkName: "a.json" },
      ],
      /the image config "a.json" is missing/,
    ],
  ])("%s", async (_, change, message) => {
    const { message: text } = await failure(tarBytes(change(listMembers(image, "podman"))));
    expect(text).toMatch(message);
    expect(text).toStartWith(`Read archive "${file}": `);
  });

  test("a layer with a damaged file inside", async () => {
    const layer = Buffer.concat([memberBytes({ name: "good" }), Buffer.alloc(512, "x"), TAR_END]);
    const { message } = await failure(packImage(imageOf([layer]), "docker-20"));
    expect(message).toMatch(/layer "\w+\/layer.tar": at byte 512: it has no tar header/);
  });

  test("a blob that was compressed badly", async () => {
    const members = listMembers(image, "containerd").map((member) => {
      const content = Buffer.from((member.content ?? "") as string);
      const isLayer = content[0] === 0x1f;
      return isLayer ? { ...member, content: content.subarray(0, -20) } : member;
    });
    const { message } = await failure(tarBytes(members));
    expect(message).toMatch(/member "blobs\/sha256\/\w+" at byte \d+: its gzip stream is damaged/);
  });

  test("a decompression bomb", async () => {
    const bomb = Bun.spawnSync(["sh", "-c", "head -c 1300000000 /dev/zero | zstd -q"]).stdout;
    const members = [{ name: `blobs/sha256/${sha256(bomb)}`, content: bomb }];
    expect((await failure(tarBytes(members))).message).toContain("it is a decompression bomb");
  }, 60_000);

  test("an archive that was cut anywhere", async () => {
    const bytes = packImage(image, "docker-20");
    for (let length = 0; length < bytes.length - 1024; length += 4999) {
      await failure(bytes.subarray(0, length));
    }
  });
});

test("an image of 10,000 layers is read", async () => {
  const layers = Array.from({ length: 10_000 }, (_, index) => tarBytes([{ name: `file${index}` }]));
  await writeFile(file, packImage(imageOf(layers), "docker-25"));
  expect((await readArchive(file)).layers).toHaveLength(10_000);
}, 60_000);

const MUTATIONS = Number(process.env.NUA_FUZZ_RUNS ?? 600);

test("mutated archives give a result or an error of ours, and leave nothing", async () => {
  const small = imageOf([await tarOf({ "nua/metadata/nua-config.json": NUA_CONFIG })]);
  const random = createRandom(20_240_102);
  for (let round = 0; round < MUTATIONS; round += 1) {
    const bytes = Buffer.from(packImage(small, LAYOUTS[round % LAYOUTS.length]!));
    for (let count = 1 + random(3); count > 0; count -= 1) mutate(bytes, random);
    await writeFile(file, bytes);
    const outcome = await readArchive(file).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(NuaError);
  }
  expect(await readdir(folder)).toEqual(["app.tar"]);
}, 600_000);

/** The same numbers in each run, below `limit`. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function mutate(bytes: Buffer, random: (limit: number) => number): void {
  const at = random(bytes.length);
  const kinds = [
    () => bytes.writeUInt8(random(256), at),
    () => bytes.fill(0, at, Math.min(at + random(2000), bytes.length)),
    () => bytes.copyWithin(at, random(bytes.length)),
    () => bytes.write("7".repeat(11), at - (at % 512) + 124),
  ];
  kinds[random(kinds.length)]!();
}
