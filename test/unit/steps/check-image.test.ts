import { expect, test } from "bun:test";
import { CONFIG_IN_IMAGE, checkImageStep } from "../../../src/steps/check-image.ts";
import { planApp } from "../../helpers/planned-app.ts";
import { Recorder, type RecorderImage, recordedSession } from "../../helpers/recorder.ts";

/** What is wrong with an image of the app that is as it should be but for that. */
async function check(
  different: (files: Record<string, string>) => RecorderImage,
  build?: string,
  appFiles: Record<string, string> = {},
  packed: Record<string, string | undefined> = {},
): Promise<{ code: string; message: string; hint: string | undefined } | undefined> {
  const { session } = recordedSession(new Recorder());
  await using app = await planApp(session, build, appFiles);
  const { plan } = app;
  const right = {
    ...{ id: "sha256:1", tags: ["nua-candidate:1"], labels: plan.labels },
    files: { [CONFIG_IN_IMAGE]: JSON.stringify(plan.config) },
  };
  const engine = new Recorder({ images: [{ ...right, ...different(right.files) }] });
  const facts = await engine.getImage("sha256:1");
  const readTopmost = async (path: string) => packed[path];
  const image = {
    ...{ ...facts, tag: plan.tag, steps: [], warnings: [] },
    packed: { digests: new Set<string>(), chunks: async function* () {}, readTopmost },
  };
  return await checkImageStep.run({ plan, image }, recordedSession(engine).session).then(
    () => undefined,
    ({ code, message, hint }) => ({ code, message, hint }),
  );
}

test("an image that has all that deployment reads is good", async () => {
  expect(await check(() => ({}))).toBeUndefined();
});

test("one of another app is not", async () => {
  const labels = { APP_ID: "other" };
  expect(await check(() => ({ labels }))).toMatchObject({
    code: "check",
    message: 'Check image "nua-app:1.0": label APP_ID is "other", not "app"',
  });
});

test("nor is one whose configuration is missing, or another one", async () => {
  const missing = await check(() => ({ files: {} }));
  expect(missing?.message).toEndWith(`it has no ${CONFIG_IN_IMAGE}`);
  const other = await check(() => ({ files: { [CONFIG_IN_IMAGE]: '{"metadata":{}}' } }));
  expect(other?.message).toEndWith(`${CONFIG_IN_IMAGE} is not this configuration`);
  const damaged = await check(() => ({ files: { [CONFIG_IN_IMAGE]: "{" } }));
  expect(damaged).toEqual(other!);
});

test("where the Dockerfile is the app's own, it is told what that lacks", async () => {
  const found = await check(() => ({ files: {} }), undefined, { "nua/Dockerfile": "FROM x\n" });
  expect(found?.hint).toBe("let nua/Dockerfile COPY the context to /nua/build and RUN app_builder");
});

test("its topmost layer tells, where that is at hand", async () => {
  const found = await check(() => ({}), undefined, {}, { [CONFIG_IN_IMAGE]: '{"metadata":{}}' });
  expect(found?.message).toEndWith(`${CONFIG_IN_IMAGE} is not this configuration`);
});
