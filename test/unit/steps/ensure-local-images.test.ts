/** What a package's own Dockerfile may name where nothing can be fetched. */
import { expect, test } from "bun:test";
import { ensureLocalImages } from "../../../src/steps/ensure-local-images.ts";
import { stageContextStep } from "../../../src/steps/stage-context.ts";
import { planApp } from "../../helpers/planned-app.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";

async function ensure(dockerfile: string, offline = true): Promise<string> {
  const engine = new Recorder({ images: [{ tags: ["held:1"] }] });
  const planning = recordedSession(engine);
  await using app = await planApp(planning.session, undefined, { "nua/Dockerfile": dockerfile });
  const { loaded, plan, source } = app;
  const settings = { buildDir: app.folder, offline: String(offline) };
  const { session } = recordedSession(engine, settings);
  await using context = await stageContextStep.run({ loaded, plan, source }, session);
  const buildArgs = { nua_builder_tag: "held:1" };
  return await ensureLocalImages({ plan, context, buildArgs }, session).then(
    () => "",
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );
}

test.each([
  ["FROM held:1\n", ""],
  ["ARG nua_builder_tag\nFROM $nua_builder_tag\n", ""],
  ["FROM other:1\n", 'input: Build with "nua/Dockerfile": image "other:1" is not in the engine'],
  [
    "FROM held:1\nADD https://example.org/x /x\n",
    'input: Build with "nua/Dockerfile": it fetches https://example.org/x',
  ],
])("%j: %s", async (dockerfile, expected) => {
  expect(await ensure(dockerfile)).toBe(expected);
});

test("with a network it is the builder's business", async () => {
  expect(await ensure("FROM other:1\n", false)).toBe("");
});
