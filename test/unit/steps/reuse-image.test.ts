/** Whether anything has changed since an app's image was built. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildInputs } from "../../../src/incremental/record.ts";
import {
  rememberInputsStep,
  reuseImageStep,
  unchangedLayers,
} from "../../../src/steps/reuse-image.ts";
import { type PlannedApp, planApp } from "../../helpers/planned-app.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";

const { XDG_STATE_HOME } = process.env;
let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "nua-state-"));
  process.env.XDG_STATE_HOME = state;
});
afterEach(() => {
  if (XDG_STATE_HOME === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = XDG_STATE_HOME;
  rmSync(state, { recursive: true });
});

/** The app has been built, with a warning; then that happens. @returns what is told of it next */
async function rebuild(
  change: (app: PlannedApp, engine: Recorder) => unknown,
  options: { noCache?: boolean; noted?: string[] } = {},
) {
  const engine = new Recorder({ images: [{ id: "sha256:1", tags: ["nua-app:1.0"] }] });
  const { session, told } = recordedSession(engine);
  await using app = await planApp(session, undefined, { "a.txt": "a" });
  const { loaded, plan, source } = app;
  const request = { loaded, plan, source, epoch: null, noCache: false, noted: [] };
  const earlier = await reuseImageStep.run(request, session);
  expect(earlier).toMatchObject({ image: null, record: undefined });
  const facts = await engine.getImage("sha256:1");
  const warnings = [{ layer: "app", text: "mind this" }];
  const image = { ...facts, tag: plan.tag, steps: [], warnings };
  await rememberInputsStep.run({ loaded, earlier, image, noted: ["and that"] }, session);
  await change(app, engine);
  const found = await reuseImageStep.run({ ...request, ...options }, session);
  expect(engine.calls).toEqual([]);
  return { found, told, earlier };
}

test("an app that is as it was need not be built, and what was told is told again", async () => {
  const { found, told } = await rebuild(() => {});
  expect(found.image).toMatchObject({ id: "sha256:1", tag: "nua-app:1.0", steps: [] });
  expect(told).toEqual([
    "step: Nothing has changed since nua-app:1.0 was built",
    "warn: and that",
    "warn: mind this",
  ]);
});

test("what this run has told already is not told again", async () => {
  const { found, told } = await rebuild(() => {}, { noted: ["and that"] });
  expect(told.filter((line) => line.startsWith("warn"))).toEqual(["warn: mind this"]);
  expect(found.image?.warnings.map(({ text }) => text)).toEqual(["and that", "mind this"]);
});

test("one with another file is, and the builder has the other files", async () => {
  const { found, earlier } = await rebuild(({ loaded }) =>
    writeFile(join(loaded.root, "b.txt"), "b"),
  );
  expect(found).toMatchObject({ image: null, isHeld: true, contextName: earlier.contextName });
});

test.each([
  ["the engine has another image of that tag", [{ id: "sha256:2", tags: ["nua-app:1.0"] }]],
  ["the engine has none", []],
])("it is when %s", async (_, images) => {
  const { found } = await rebuild((__, engine) => {
    engine.images.splice(0, 1, ...new Recorder({ images }).images);
  });
  expect(found).toMatchObject({ image: null, isHeld: false });
});

test("it is when nothing is to be taken from before, by a name that no builder knows", async () => {
  const { found, earlier } = await rebuild(() => {}, { noCache: true });
  expect(found.image).toBeNull();
  expect(found.contextName).not.toBe(earlier.contextName);
});

const INPUTS: BuildInputs = {
  version: 3,
  parts: { tool: "t", "layer packages": "p", "layer dependencies": "d", "layer app": "a" },
  files: "",
  images: {},
};
const plan = {
  layers: [
    { name: "packages", files: [] },
    { name: "dependencies", files: ["requirements.txt"] },
    { name: "app", files: null },
  ],
} as never;

const unchanged = (parts: Record<string, string>, isHeld = true) => {
  const record = { inputs: INPUTS, imageId: "sha256:1", contextName: "c", warnings: [] };
  const inputs = { ...INPUTS, parts: { ...INPUTS.parts, ...parts } };
  const before = { inputs, record, tagged: undefined, isHeld, image: null, contextName: "" };
  return [...unchangedLayers(plan, before)];
};

test("layers below the first change are the same", () => {
  expect(unchanged({})).toEqual(["packages", "dependencies", "app"]);
  expect(unchanged({ "layer dependencies": "e" })).toEqual(["packages"]);
  expect(unchanged({ tool: "u" })).toEqual([]);
});

test("none is, when the engine does not hold the image any more, or nothing is known of it", () => {
  expect(unchanged({}, false)).toEqual([]);
  const nothing = {
    ...{ inputs: undefined, record: undefined, tagged: undefined, isHeld: false, image: null },
    contextName: "",
  };
  expect([...unchangedLayers(plan, nothing)]).toEqual([]);
});
