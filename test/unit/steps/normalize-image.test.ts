import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BASE_LABEL } from "../../../src/images/archive/read-archive.ts";
import { readTar } from "../../../src/lib/tar/read.ts";
import { findBaseLayers, normalizeImageStep } from "../../../src/steps/normalize-image.ts";
import { imageOf, packImage } from "../../helpers/image-archive.ts";
import { layerOf } from "../../helpers/layer-tar.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";

const TIME = 1_790_000_000;

let top: string;
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), "nua-normalize-step-"));
});
afterAll(() => rmSync(top, { recursive: true }));

async function normalize(mtime: number) {
  const { diffIds, ...made } = imageOf([layerOf({ name: "app/file", content: "x", mtime })]);
  const archive = packImage({ diffIds, ...made }, "docker-25");
  const engine = new Recorder({ images: [{ id: "sha256:built", diffIds, archive }] });
  const { session, told } = recordedSession(engine);
  const image = {
    ...(await engine.getImage("sha256:built")),
    ...{ tag: "nua-app:1.0", steps: [], warnings: [{ layer: "app", text: "w" }] },
  };
  const loadAs = "nua-candidate:1";
  const context = { folder: join(mkdtempSync(join(top, "staged-")), "context") };
  const input = { image, context, loadAs, epoch: TIME };
  const normalized = await normalizeImageStep.run(input, session);
  return { normalized, engine, told };
}

test("images that differ in their times alone become the same one", async () => {
  const one = await normalize(TIME + 10);
  const other = await normalize(TIME + 2000);
  expect(one.normalized.diffIds).toEqual(other.normalized.diffIds);
  expect(one.normalized.id).toBe(other.normalized.id);
  expect(one.engine.calls).toEqual(["save sha256:built", "load"]);
  expect(one.told).toEqual(["step: Normalize nua-app:1.0"]);
});

test("it goes by the name that was asked for, and what is known of the build stays", async () => {
  const { normalized } = await normalize(TIME);
  expect(normalized).toMatchObject({
    tags: ["nua-candidate:1"],
    tag: "nua-app:1.0",
    warnings: [{ layer: "app", text: "w" }],
  });
});

test("its archive needs nothing more of the engine", async () => {
  const { normalized } = await normalize(TIME);
  const names: string[] = [];
  for await (const { name } of readTar(normalized.packed!.chunks(), { attempt: "Test" })) {
    names.push(name);
  }
  const layers = normalized.diffIds.map((one) => `${one.slice("sha256:".length)}.tar`);
  expect(names).toEqual([...layers, expect.stringMatching(/\.json$/), "manifest.json"]);
});

test("the layers of the base are those that it has in common with the image", async () => {
  const base = { tags: ["base:1"], diffIds: ["sha256:1", "sha256:2"] };
  const engine = new Recorder({
    images: [
      base,
      { id: "on", labels: { [BASE_LABEL]: "base:1" }, diffIds: [...base.diffIds, "sha256:3"] },
      { id: "off", labels: { [BASE_LABEL]: "gone:1" }, diffIds: ["sha256:3"] },
    ],
  });
  const { session } = recordedSession(engine);
  expect(await findBaseLayers(await engine.getImage("on"), session)).toBe(2);
  expect(await findBaseLayers(await engine.getImage("off"), session)).toBe(0);
});
