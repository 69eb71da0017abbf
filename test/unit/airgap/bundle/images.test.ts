import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { chooseNeeded, loadImages } from "../../../../src/airgap/bundle/load-images.ts";
import { openBundle } from "../../../../src/airgap/bundle/open-bundle.ts";
import { packImages } from "../../../../src/airgap/bundle/pack-images.ts";
import { writeBundle } from "../../../../src/airgap/bundle/write-bundle.ts";
import type { Engine } from "../../../../src/engine/engine.ts";
import { listImages } from "../../../../src/images/archive/list-images.ts";
import { createReporter } from "../../../../src/session/reporter.ts";
import { createSession, type Session } from "../../../../src/session/session.ts";
import { loadSettings } from "../../../../src/session/settings.ts";
import {
  createImage,
  type ImageFixture,
  LAYOUTS,
  packImage,
} from "../../../helpers/image-archive.ts";
import { chunksOf } from "../../../helpers/tar-bytes.ts";

const { signal } = new AbortController();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-bundle-images-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** An engine that gives one image, and keeps what it is fed. */
class TestEngine {
  readonly loaded: Uint8Array[] = [];
  readonly held = new Map<string, { diffIds: readonly string[]; id: string }>();
  readonly #saved: Uint8Array;

  constructor(image?: ImageFixture, saved: Uint8Array = new Uint8Array()) {
    if (image) this.held.set(image.tag, { diffIds: image.diffIds, id: "sha256:other" });
    this.#saved = saved;
  }

  async findImage(tag: string) {
    return this.held.get(tag);
  }

  getImage = this.findImage;

  save() {
    return chunksOf(this.#saved, 1000);
  }

  startLoading() {
    const stdin = new Writable({
      write: (chunk: Uint8Array, _, done) => {
        this.loaded.push(chunk);
        done();
      },
    });
    const finish = async () => {
      const file = join(folder, "loaded.tar");
      await Bun.write(file, Buffer.concat(this.loaded));
      for (const { tag, diffIds, configDigest: id } of await listImages(file)) {
        this.held.set(tag!, { diffIds, id });
      }
    };
    return { stdin, finish, [Symbol.asyncDispose]: async () => {} };
  }
}

function sessionOf(engine: TestEngine): Session {
  const report = createReporter(-1);
  const session = createSession({ settings: loadSettings({}), report, signal });
  return { ...session, engine: async () => engine as unknown as Engine };
}

async function bundleOf(image: ImageFixture, layout: (typeof LAYOUTS)[number]) {
  const store = join(folder, layout);
  await mkdir(store);
  const session = sessionOf(new TestEngine(image, packImage(image, layout)));
  const { images, blobs } = await packImages([image.tag], session, store);
  const target = join(folder, `${layout}.nua`);
  return writeBundle({
    target,
    subject: { linuxBase: "debian:12", apps: [], images, exchanges: [] },
    blobs,
    signal,
  });
}

test("an image is packed the same whatever engine saved it, and goes into another", async () => {
  const image = await createImage();
  const written = [];
  for (const layout of LAYOUTS) written.push(await bundleOf(image, layout));
  expect(new Set(written.map(({ sha256 }) => sha256)).size).toBe(1);
  const [{ file, index }] = written as [(typeof written)[number]];
  expect(index.images).toMatchObject([{ tag: image.tag, config: image.configDigest.slice(7) }]);
  expect(index.blobs).toHaveLength(4);

  const engine = new TestEngine();
  const session = sessionOf(engine);
  const options = { folder: join(folder, "out"), signal, choose: chooseNeeded(session) };
  const opened = await openBundle([file], options);
  const name = `nua-bundle:${index.images[0]!.config}`;
  expect([...(await loadImages(opened, session))]).toEqual([[image.tag, name]]);
  const [loaded] = await listImages(join(folder, "loaded.tar"));
  expect(loaded).toMatchObject({
    tag: name,
    diffIds: image.diffIds,
    configDigest: image.configDigest,
  });
  // The next build from it finds it there.
  engine.loaded.length = 0;
  expect([...(await loadImages(opened, session))]).toEqual([[image.tag, name]]);
  expect(engine.loaded).toEqual([]);
});

test("an image that the engine holds is verified, and neither unpacked nor loaded", async () => {
  const image = await createImage();
  const { file } = await bundleOf(image, "docker-20");
  const engine = new TestEngine(image);
  const session = sessionOf(engine);
  const out = join(folder, "out");
  const opened = await openBundle([file], { folder: out, signal, choose: chooseNeeded(session) });
  expect(await readdir(join(out, "blobs"))).toEqual([]);
  expect([...(await loadImages(opened, session))]).toEqual([[image.tag, image.tag]]);
  expect(engine.loaded).toEqual([]);
});

test("no image of the machine's is replaced, and none taken that only has the name", async () => {
  const image = await createImage();
  const { file, index } = await bundleOf(image, "docker-20");
  const name = `nua-bundle:${index.images[0]!.config}`;
  const engine = new TestEngine();
  const machine = { diffIds: ["sha256:machine"], id: "sha256:machine" };
  engine.held.set(image.tag, machine);
  // With its layers, and with another configuration.
  engine.held.set(name, { diffIds: image.diffIds, id: "sha256:other" });
  const session = sessionOf(engine);
  const opened = await openBundle([file], { folder: join(folder, "out"), signal });
  expect([...(await loadImages(opened, session))]).toEqual([[image.tag, name]]);
  expect(engine.held.get(image.tag)).toBe(machine);
  expect(engine.held.get(name)?.id).toBe(image.configDigest);
});

test("what an older bundle holds is not packed again", async () => {
  const image = await createImage();
  const { index } = await bundleOf(image, "docker-20");
  const held = new Set(index.blobs.map(({ sha256 }) => sha256));
  const store = join(folder, "store");
  await mkdir(store);
  const session = sessionOf(new TestEngine(image, packImage(image, "docker-25")));
  const { images, blobs } = await packImages([image.tag], session, store, held);
  expect(images).toEqual(index.images);
  expect([...blobs]).toEqual([]);
});

test("an engine that takes another image for it is told", async () => {
  const image = await createImage();
  const { file } = await bundleOf(image, "podman");
  const engine = new TestEngine();
  const session = sessionOf(engine);
  const opened = await openBundle([file], { folder: join(folder, "out"), signal });
  engine.findImage = async () => undefined;
  expect(loadImages(opened, session)).rejects.toThrow(
    `Load image "${image.tag}": the engine holds another`,
  );
});
