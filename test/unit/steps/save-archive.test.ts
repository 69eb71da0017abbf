import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { PLAIN_FORM } from "../../../src/images/archive/destination.ts";
import { readArchive } from "../../../src/images/archive/read-archive.ts";
import { CONFIG_IN_IMAGE } from "../../../src/steps/check-image.ts";
import { saveArchiveStep } from "../../../src/steps/save-archive.ts";
import { createImage, packImage } from "../../helpers/image-archive.ts";
import { planApp } from "../../helpers/planned-app.ts";
import { Recorder, type RecorderImage, recordedSession } from "../../helpers/recorder.ts";

const OPTIONS = { form: PLAIN_FORM, thin: false, safeName: false };

async function prepare(build?: string, others: readonly RecorderImage[] = []) {
  const made = await createImage();
  const { created, config } = JSON.parse(made.config) as { created: string; config: object };
  const engine = new Recorder({
    images: [
      {
        ...{ id: made.configDigest, tags: [made.tag], diffIds: made.diffIds, created },
        ...{ config: { ...config }, archive: packImage(made, "docker-25") },
      },
      ...others,
    ],
  });
  const app = await planApp(recordedSession(engine).session, build);
  const { session, told } = recordedSession(engine, { output: app.folder });
  const image = { ...(await engine.getImage(made.tag)), tag: made.tag, steps: [], warnings: [] };
  const save = (approval: Promise<void> | null = null) =>
    saveArchiveStep.run(
      { plan: app.plan, image, isSubApp: false, options: OPTIONS, approval },
      session,
    );
  return { app, engine, image, told, save };
}

test("the archive is the image's, and is written once", async () => {
  const { app, engine, image, told, save } = await prepare();
  await using _ = app;
  const { file } = await save();
  expect(file).toBe(join(app.folder, "nua-app:1.0.tar"));
  const { tags, layers } = await readArchive(file);
  expect(tags).toEqual(["nua-app:1.0"]);
  expect(layers.map(({ digest }) => digest)).toEqual([...image.diffIds]);
  expect(engine.calls).toEqual([`save ${image.id}`]);

  await save();
  expect(engine.calls).toHaveLength(1);
  expect(told.at(-1)).toBe(`step: Archive ${file} is of this image already`);
});

test("there is none of an image that is not approved", async () => {
  const { app, save } = await prepare();
  await using _ = app;
  const refused = Promise.reject(new Error("not good"));
  refused.catch(() => {});
  await expect(save(refused)).rejects.toThrow("not good");
  expect((await readdir(app.folder)).filter((name) => name.includes(".tar"))).toEqual([]);
});

test("of a wrapped image of Nua's, the layer with the app's own configuration comes first", async () => {
  const below = { tags: ["wrapped:1"], files: { [CONFIG_IN_IMAGE]: "{}" } };
  const { app, engine, image, save } = await prepare('method = "wrap"\nbase-image = "wrapped:1"', [
    below,
  ]);
  await using _ = app;
  const { file } = await save();
  const { stdout } = Bun.spawnSync(["tar", "-tf", file]);
  const [first] = stdout.toString().split("\n");
  expect(first).toBe(`${image.diffIds.at(-1)!.replace("sha256:", "")}.tar`);
  expect(engine.calls).toEqual([`save ${image.id}`]);
});
