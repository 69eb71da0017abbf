import { expect, test } from "bun:test";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PLAIN_FORM } from "../../../src/images/archive/destination.ts";
import { beginArchiveStep } from "../../../src/steps/begin-archive.ts";
import { createImage, packImage } from "../../helpers/image-archive.ts";
import { planApp } from "../../helpers/planned-app.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";

const OPTIONS = { form: PLAIN_FORM, thin: false, safeName: false };

async function prepare(build?: string) {
  const { session } = recordedSession(new Recorder());
  const app = await planApp(session, build);
  const { diffIds, ...made } = await createImage();
  const engine = new Recorder({
    images: [
      {
        ...{ id: "sha256:base", tags: [app.plan.images.base], diffIds },
        archive: packImage({ diffIds, ...made }, "docker-25"),
      },
    ],
  });
  const begin = (options = OPTIONS) =>
    beginArchiveStep.run(
      { plan: app.plan, isSubApp: false, options },
      recordedSession(engine, { output: app.folder }).session,
    );
  return { app, begin, engine, diffIds };
}

test("the layers of the base are there before the image is", async () => {
  const { app, begin, engine, diffIds } = await prepare();
  await using _ = app;
  await using begun = await begin();
  const beginning = await begun?.take([...diffIds, "sha256:app"]);
  await using __ = beginning?.output;
  expect([...beginning!.written.keys()].map((digest) => `sha256:${digest}`)).toEqual([
    ...new Set(diffIds),
  ]);
  expect(engine.calls).toEqual(["save sha256:base"]);
});

test("nothing is left of what nobody takes", async () => {
  const { app, begin } = await prepare();
  await using _ = app;
  {
    await using __ = await begin();
  }
  expect((await readdir(app.folder)).filter((name) => !name.startsWith("app-"))).toEqual([]);
});

test("what is in the way is told before the work", async () => {
  const { app, begin } = await prepare();
  await using _ = app;
  await writeFile(join(app.folder, "nua-app:1.0.tar"), "of somebody else");
  await expect(begin()).rejects.toMatchObject({ code: "archive" });
});

test.each([
  ["a thin one", { ...OPTIONS, thin: true }, undefined],
  ["one of a wrapped image", OPTIONS, 'method = "wrap"\nbase-image = "wrapped:1"'],
] as const)("%s is not begun", async (_, options, build) => {
  const { app, begin, engine } = await prepare(build);
  await using __ = app;
  expect(await begin(options)).toBeUndefined();
  expect(engine.calls).toEqual([]);
});
