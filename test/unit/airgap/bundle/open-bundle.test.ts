import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type OpenOptions,
  olderBundle,
  openBundle,
} from "../../../../src/airgap/bundle/open-bundle.ts";
import { writeBundle } from "../../../../src/airgap/bundle/write-bundle.ts";
import { NuaError } from "../../../../src/lib/errors.ts";
import { encodeTarHeader, TAR_BLOCK } from "../../../../src/lib/tar/header.ts";
import { sha256 } from "../../../helpers/image-archive.ts";
import {
  BlobStore,
  createRandom,
  LEFT_PAD,
  noise,
  smallSubject,
} from "../../../helpers/small-bundle.ts";

const { signal } = new AbortController();

let store: BlobStore;
let file: string;
let out: string;

beforeEach(async () => {
  store = await BlobStore.create();
  file = join(store.folder, "app.nua");
  out = join(store.folder, "out");
});
afterEach(() => rm(store.folder, { recursive: true }));

const open = (files: string[] = [file], options: Partial<OpenOptions> = {}) =>
  openBundle(files, { folder: out, signal, ...options });

async function writeSmall(more: Partial<Parameters<typeof writeBundle>[0]> = {}) {
  const subject = await smallSubject(store);
  return writeBundle({ target: file, subject, blobs: store.blobs, signal, ...more });
}

/** The error that opening ends with; nothing is left of it. */
async function failure(files = [file]): Promise<NuaError> {
  const outcome = await open(files).then(
    () => new Error("it was opened without an error"),
    (error: unknown) => error,
  );
  if (!(outcome instanceof NuaError)) throw outcome;
  expect(await readdir(join(out, "blobs")).catch(() => [])).toEqual([]);
  return outcome;
}

describe("a bundle", () => {
  test("comes out as it went in", async () => {
    const subject = await smallSubject(store);
    const written = await writeBundle({ target: file, subject, blobs: store.blobs, signal });
    const opened = await open();
    expect(opened.index).toEqual(written.index);
    expect(opened.index.apps).toEqual(subject.apps);
    expect(opened.files).toMatchObject([{ file, id: written.id, hasBinary: false }]);
    expect(opened.absent).toEqual([]);
    expect([...opened.blobs.keys()].sort()).toEqual([...store.blobs.keys()].sort());
    for (const [digest, blob] of store.blobs) {
      expect(opened.blobFile(digest)).toBe(join(out, "blobs", digest));
      expect(await readFile(opened.blobFile(digest)!)).toEqual(await readFile(blob.file));
    }
    expect(await readFile(`${file}.sha256`, "utf8")).toBe(`${written.sha256}  app.nua\n`);
    expect(written.sha256).toBe(sha256(await readFile(file)));
  });

  test("is read by tar, and has its members in their order", async () => {
    const binary = join(store.folder, "program");
    await writeFile(binary, noise(5000));
    await chmod(binary, 0o600);
    const { index } = await writeSmall({ binary });
    const listed = Bun.spawnSync(["tar", "-tvf", file, "--numeric-owner", "--utc"]);
    const lines = listed.stdout.toString().trim().split("\n");
    expect(lines[0]).toMatch(/^-rwxr-xr-x 0\/0 +5000 1970-01-01 00:00 nua-build$/);
    expect(lines.map((line) => line.split(" ").at(-1))).toEqual([
      "nua-build",
      "nua-bundle.json",
      "nua-lock.spdx.json",
      ...index.blobs.map(({ sha256: digest, stored }) => {
        return `blobs/${digest}${stored.compression === "zstd" ? ".zst" : ""}`;
      }),
      "nua-bundle.sha256",
    ]);
    expect((await open()).files[0]!.hasBinary).toBe(true);
    const seal = Bun.spawnSync(["tar", "-xOf", file, "nua-bundle.sha256"]).stdout.toString();
    const bytes = await readFile(file);
    const end = bytes.indexOf("nua-bundle.sha256\0");
    expect(seal).toBe(`${sha256(bytes.subarray(0, end))}\n`);
  });

  test("has the same bytes for the same inputs, in whatever order", async () => {
    const subject = await smallSubject(store);
    const request = { subject, blobs: store.blobs, signal };
    const one = await writeBundle({ ...request, target: file });
    const turned = {
      ...subject,
      exchanges: [...subject.exchanges, ...subject.exchanges].reverse(),
    };
    const blobs = new Map([...store.blobs].reverse());
    const other = await writeBundle({
      signal,
      subject: turned,
      blobs,
      target: join(store.folder, "b"),
    });
    expect(other.sha256).toBe(one.sha256);
  });

  test("takes its name when it was approved, and not before", async () => {
    await writeSmall();
    const before = await readFile(file);
    const refusal = writeSmall({
      async approve(written) {
        expect((await openBundle([written], { signal })).absent).toEqual([]);
        throw new Error("refused");
      },
    });
    await expect(refusal).rejects.toThrow("refused");
    expect(await readFile(file)).toEqual(before);
    expect((await readdir(store.folder)).filter((name) => name.startsWith("."))).toEqual([]);
    await writeSmall({ approve: async () => {} });
    expect((await open()).absent).toEqual([]);
  });

  test("stores compressed what gets smaller by it", async () => {
    const { index } = await writeSmall();
    const forms = new Map(
      index.blobs.map(({ sha256: digest, stored }) => [digest, stored.compression]),
    );
    const [app] = index.apps;
    const tarball = index.exchanges.find(({ url }) => url === LEFT_PAD);
    expect(forms.get(app!.source)).toBe("zstd");
    expect(forms.get(tarball!.content!)).toBe("none");
  });

  test("holds no blob that nothing needs", async () => {
    const other = await store.add("other");
    const { index } = await writeSmall();
    expect(index.blobs.map(({ sha256: digest }) => digest)).not.toContain(other);
  });

  test("gives only what is wanted of it", async () => {
    const { index } = await writeSmall();
    const source = index.apps[0]!.source;
    const opened = await open([file], { choose: async () => new Set([source]) });
    expect(await readdir(join(out, "blobs"))).toEqual([source]);
    expect(opened.blobFile(index.images[0]!.config)).toBeUndefined();
  });

  test("is verified without a folder", async () => {
    await writeSmall();
    const opened = await openBundle([file], { signal });
    expect(opened.blobFile(opened.index.apps[0]!.source)).toBeUndefined();
  });
});

describe("nothing is left when", () => {
  const leftovers = async () => (await readdir(store.folder)).filter((name) => name !== "store");

  test("a blob is not what its name says", async () => {
    const subject = await smallSubject(store);
    const { source } = subject.apps[0]!;
    await writeFile(store.blobs.get(source)!.file, "bad ".repeat(500));
    const written = writeBundle({ target: file, subject, blobs: store.blobs, signal });
    expect(written).rejects.toThrow(`${source} is something else by now`);
    await written.catch(() => {});
    expect(await leftovers()).toEqual([]);
  });

  test("a blob that is not compressed is not what its name says", async () => {
    const subject = await smallSubject(store);
    const { config } = subject.images[0]!;
    await writeFile(store.blobs.get(config)!.file, '{"rootfs":[]}');
    const written = writeBundle({ target: file, subject, blobs: store.blobs, signal });
    expect(written).rejects.toThrow(`${config} is something else by now`);
    await written.catch(() => {});
    expect(await leftovers()).toEqual([]);
  });

  test("it is interrupted", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("stop"));
    const written = writeSmall({ signal: controller.signal, onProgress });
    expect(written).rejects.toThrow("stop");
    await written.catch(() => {});
    expect(await leftovers()).toEqual([]);
  });

  test("the folder is missing", async () => {
    const written = writeSmall({ target: join(store.folder, "none/app.nua") });
    expect(written).rejects.toThrow("no such file or folder");
    await written.catch(() => {});
  });
});

describe("a difference bundle", () => {
  async function writeTwo() {
    const subject = await smallSubject(store);
    await writeBundle({ target: file, subject, blobs: store.blobs, signal });
    const since = olderBundle(await openBundle([file], { signal }));
    const express = await store.exchange(LEFT_PAD.replaceAll("left-pad", "express"), noise(500, 2));
    const grown = { ...subject, exchanges: [...subject.exchanges, express] };
    const target = join(store.folder, "more.nua");
    const written = await writeBundle({
      target,
      subject: grown,
      blobs: store.blobs,
      since,
      signal,
    });
    return { target, written, express, grown };
  }

  test("has only what is new, and together with the older one everything", async () => {
    const { target, written, express, grown } = await writeTwo();
    expect(written.index.blobs.map(({ sha256: digest }) => digest)).toEqual([express.content!]);
    expect(written.index.since).toMatchObject({ name: "app.nua" });
    for (const files of [
      [file, target],
      [target, file],
      [target, file, target],
    ]) {
      const opened = await open(files);
      expect(opened.files.map((one) => one.file)).toEqual([file, target]);
      expect(opened.absent).toEqual([]);
      expect(opened.index.exchanges).toHaveLength(grown.exchanges.length);
      for (const digest of store.blobs.keys()) expect(opened.blobFile(digest)).toBeString();
    }
  });

  test("goes on another difference bundle", async () => {
    const { target, grown } = await writeTwo();
    const since = olderBundle(await openBundle([file, target], { signal }));
    const third = join(store.folder, "third.nua");
    const subject = {
      ...grown,
      exchanges: [...grown.exchanges, await store.exchange("https://example.org/a", "third")],
    };
    await writeBundle({ target: third, subject, blobs: store.blobs, since, signal });
    const opened = await open([third, file, target]);
    expect(opened.files.map((one) => one.file)).toEqual([file, target, third]);
    expect(opened.absent).toEqual([]);
    await rm(out, { recursive: true });
    expect((await failure([third, file])).message).toContain('the difference to "more.nua"');
  });

  test("needs the older one, by its content and not by its name", async () => {
    const { target } = await writeTwo();
    expect(await failure([target])).toMatchObject({
      code: "input",
      message: `Read bundle "${target}": it is the difference to "app.nua", which was not given`,
    });
    const subject = await smallSubject(store);
    await writeBundle({
      target: file,
      subject: { ...subject, images: [] },
      blobs: store.blobs,
      signal,
    });
    expect((await failure([file, target])).message).toContain('the difference to "app.nua"');
  });

  test("does not go together with a bundle of something else", async () => {
    await writeSmall();
    const other = join(store.folder, "other.nua");
    const subject = { ...(await smallSubject(store)), exchanges: [] };
    await writeBundle({ target: other, subject, blobs: store.blobs, signal });
    expect((await failure([file, other])).message).toContain("do not belong together");
  });
});

describe("damage is told:", () => {
  /** What the file is made of: header, content and padding of each member. */
  async function members(): Promise<{ name: string; bytes: Buffer }[]> {
    const bytes = await readFile(file);
    const found: { name: string; bytes: Buffer }[] = [];
    for (let at = 0; at < bytes.length - 2 * TAR_BLOCK; ) {
      const name = bytes.toString("latin1", at, bytes.indexOf(0, at));
      const size = Number.parseInt(bytes.toString("latin1", at + 124, at + 135), 8);
      const end = at + TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
      found.push({ name, bytes: bytes.subarray(at, end) });
      at = end;
    }
    return found;
  }

  /** Writes members as a bundle with a right seal. */
  async function seal(parts: readonly Uint8Array[]): Promise<void> {
    const front = Buffer.concat(parts);
    await writeFile(
      file,
      Buffer.concat([
        front,
        sealable("nua-bundle.sha256", `${sha256(front)}\n`),
        Buffer.alloc(1024),
      ]),
    );
  }

  async function rewrite(
    change: (parts: { name: string; bytes: Buffer }[]) => { bytes: Uint8Array }[],
  ) {
    // What was damaged is no bundle any more, and would not be replaced.
    await rm(file, { force: true });
    await writeSmall();
    const parts = (await members()).filter(({ name }) => name !== "nua-bundle.sha256");
    await seal(change(parts).map(({ bytes }) => bytes));
    return failure();
  }

  test("a member that is missing", async () => {
    await writeSmall();
    for (const index of (await members()).slice(0, -1).keys()) {
      const error = await rewrite((parts) => parts.filter((_, at) => at !== index));
      expect(error.code).toBe("archive");
    }
    const error = await rewrite((parts) => parts.slice(0, -1));
    expect(error.message).toMatch(/member "blobs\/\w+(.zst)?": it is missing/);
  });

  test("members in another order", async () => {
    const error = await rewrite((parts) => [...parts.slice(0, -2), parts.at(-1)!, parts.at(-2)!]);
    expect(error.message).toMatch(/member "blobs\/\w+(.zst)?" at byte \d+: expected "blobs/);
  });

  test("a member that bundles do not have", async () => {
    for (const name of [
      "extra",
      "blobs/extra",
      "../../etc/passwd",
      "/etc/passwd",
      `blobs/${"0".repeat(64)}`,
    ]) {
      const last = await rewrite((parts) => [...parts, { bytes: sealable(name, "x") }]);
      expect(last.message).toMatch(/at byte \d+: bundles have no such member here/);
      const first = await rewrite((parts) => [{ bytes: sealable(name, "x") }, ...parts]);
      expect(first.message).toContain('at byte 0: expected "nua-bundle.json" in its place');
    }
  });

  test("a link in place of a member", async () => {
    const error = await rewrite((parts) => {
      const header = encodeTarHeader({ name: "link", size: 0, type: "2", linkName: "/etc/passwd" });
      return [...parts, { bytes: header }];
    });
    expect(error.message).toContain('the header of "link" is not as bundles have it');
  });

  test("a blob with other bytes", async () => {
    const error = await rewrite((parts) => {
      const plain = parts.findLastIndex(({ name }) => /^blobs\/\w+$/.test(name));
      const bytes = Buffer.from(parts[plain]!.bytes);
      bytes[TAR_BLOCK + 2]! ^= 1;
      return parts.with(plain, { ...parts[plain]!, bytes });
    });
    expect(error.message).toMatch(/its digest is not the one in its name/);
  });

  test("an index of another shape, and one that names a folder elsewhere", async () => {
    const withIndex = (change: (index: Record<string, unknown>) => unknown) =>
      rewrite((parts) => {
        const { bytes } = parts[0]!;
        const size = Number.parseInt(bytes.toString("latin1", 124, 135), 8);
        const index = JSON.parse(bytes.toString("utf8", TAR_BLOCK, TAR_BLOCK + size));
        const content = JSON.stringify(change(index));
        return [{ bytes: sealable("nua-bundle.json", content) }, ...parts.slice(1)];
      });
    const version = await withIndex((index) => ({ ...index, version: 2 }));
    expect(version.message).toContain("version: written by another version of nua-build");
    const more = await withIndex((index) => ({ ...index, more: 1 }));
    expect(more.message).toContain("more: Invalid key");
    for (const name of ["..", "a/b", ".", ""]) {
      const app = { tag: "a", name, config: "nua-config.toml", source: "0".repeat(64) };
      const error = await withIndex((index) => ({ ...index, apps: [app] }));
      expect(error.message).toContain("apps.0.name: expected the name of a folder");
    }
  });

  test("bytes after its end", async () => {
    await writeSmall();
    await writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(512)]));
    expect((await failure()).message).toContain("it has bytes after its end");
  });

  test("blobs that no file holds are listed, and are no error", async () => {
    const { index } = await writeSmall();
    const tarball = index.exchanges.find(({ url }) => url === LEFT_PAD)!;
    const parts = (await members()).filter(({ name }) => name !== "nua-bundle.sha256");
    const kept = parts.filter(({ name }) => !name.includes(tarball.content!));
    const without = {
      ...index,
      blobs: index.blobs.filter(({ sha256: one }) => one !== tarball.content),
    };
    const [, ...rest] = kept.map(({ bytes }) => bytes);
    await seal([sealable("nua-bundle.json", JSON.stringify(without)), ...rest]);
    const { absent } = await open();
    expect(absent).toEqual([
      {
        sha256: tarball.content!,
        item: { kind: "npm", name: "left-pad", version: "1.3.0" },
        wantedBy: "yarn.lock",
      },
    ]);
  });

  test("what is no bundle", async () => {
    await writeFile(file, "hello");
    expect((await failure()).message).toContain('it ends before its "nua-bundle.sha256"');
    await writeFile(file, "hello ".repeat(500));
    expect(await failure()).toMatchObject({
      hint: "give a file that nua-build bundle has written",
    });
    await writeFile(file, Buffer.alloc(2048));
    await failure();
    await rm(file);
    expect((await failure()).message).toContain("no such file or folder");
    await mkdir(file);
    expect((await failure()).message).toContain("a folder is in the way");
  });

  test("a file that was cut anywhere", async () => {
    await writeSmall();
    const bytes = await readFile(file);
    for (let length = 0; length < bytes.length; length += 173) {
      await writeFile(file, bytes.subarray(0, length));
      expect((await failure()).code).toBe("archive");
    }
    await writeFile(file, bytes.subarray(0, -1));
    expect((await failure()).message).toContain("it ends before its end mark");
  });
});

/** A member as bundles have it. */
function sealable(name: string, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content as string);
  const padding = Buffer.alloc((TAR_BLOCK - (bytes.length % TAR_BLOCK)) % TAR_BLOCK);
  return Buffer.concat([encodeTarHeader({ name, size: bytes.length }), bytes, padding]);
}

const ROUNDS = Number(process.env.NUA_FUZZ_RUNS ?? 300);

test("every flipped bit is found, and nothing is left", async () => {
  await writeSmall();
  const bytes = await readFile(file);
  const random = createRandom(20_260_714);
  // Each byte of the seal, which nothing else seals, and any others.
  const seal = bytes.length - 4 * TAR_BLOCK;
  const places = [
    ...Array.from({ length: TAR_BLOCK + 70 }, (_, at) => seal + at),
    ...Array.from({ length: 3 * TAR_BLOCK }, (_, at) => bytes.length - 1 - at).filter(
      (at) => at % 41 === 0,
    ),
    ...Array.from({ length: ROUNDS }, () => random(bytes.length)),
  ];
  for (const at of places) {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << random(8);
    await writeFile(file, flipped);
    expect((await failure()).code).toBe("archive");
  }
}, 600_000);

test("an index of other values, in a bundle that is whole, is read or refused", async () => {
  await writeSmall();
  const bytes = await readFile(file);
  const size = Number.parseInt(bytes.toString("latin1", 124, 135), 8);
  const index = bytes.toString("utf8", TAR_BLOCK, TAR_BLOCK + size);
  const rest = bytes.subarray(
    TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK,
    bytes.length - 4 * TAR_BLOCK,
  );
  const random = createRandom(20_260_716);
  const values = ["null", "-1", "1e308", '"../../x"', "[]", "{}", '"\\u0000"', "true", "1.5"];
  const places = [...index.matchAll(/(?<=":)("[^"]*"|\d+|null)/g)];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { 0: old, index: at } = places[random(places.length)]!;
    const changed =
      index.slice(0, at) + values[random(values.length)] + index.slice(at + old.length);
    const front = Buffer.concat([sealable("nua-bundle.json", changed), rest]);
    const seal = sealable("nua-bundle.sha256", `${sha256(front)}\n`);
    await writeFile(file, Buffer.concat([front, seal, Buffer.alloc(2 * TAR_BLOCK)]));
    const outcome = await open().catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(NuaError);
    const kept = await readdir(join(out, "blobs")).catch(() => []);
    expect(kept.filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
    await rm(out, { recursive: true, force: true });
  }
}, 600_000);

test("mutated bundles are refused by an error of ours, and leave nothing", async () => {
  await writeSmall();
  const original = await readFile(file);
  const random = createRandom(20_260_715);
  for (let round = 0; round < ROUNDS; round += 1) {
    const bytes = Buffer.from(original);
    for (let count = 1 + random(3); count > 0; count -= 1) mutate(bytes, random);
    await writeFile(file, bytes);
    if (bytes.equals(original)) continue;
    expect((await failure()).code).toBe("archive");
  }
}, 600_000);

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
