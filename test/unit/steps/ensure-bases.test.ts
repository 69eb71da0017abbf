import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseTag } from "../../../src/bases/base-images.ts";
import { ensureBasesStep } from "../../../src/steps/ensure-bases.ts";
import { planApp } from "../../helpers/planned-app.ts";
import { Recorder, type RecorderOptions, recordedSession } from "../../helpers/recorder.ts";

const PYTHON = baseTag("nua-python");
const LINUX = { id: "sha256:linux", tags: ["ubuntu:22.04"], diffIds: ["sha256:l"] };

/** As a build of it would have them. */
const onBuild: RecorderOptions["onBuild"] = () => ({ diffIds: ["sha256:l", "sha256:p"] });

interface Wanted {
  build?: string;
  pull?: boolean;
  offline?: boolean;
}

async function ensure(
  engine: Recorder,
  { build, pull = false, offline = false }: Wanted = {},
): Promise<{ told: string[]; error: unknown }> {
  const buildDir = mkdtempSync(join(tmpdir(), "nua-bases-"));
  try {
    const { session, told } = recordedSession(engine, { buildDir, offline: String(offline) });
    await using app = await planApp(session, build);
    const { plan } = app;
    // The image that carries the agent takes a copy of the runtime: not for a test of seconds.
    const images = { ...plan.images, needed: plan.images.needed.slice(0, 1) };
    const error = await ensureBasesStep
      .run({ plan: { ...plan, images }, pull, epoch: null }, session)
      .catch((caught: unknown) => caught);
    return { told, error };
  } finally {
    rmSync(buildDir, { recursive: true });
  }
}

test("what is missing is built, and once only", async () => {
  const engine = new Recorder({ images: [LINUX], onBuild });
  await ensure(engine);
  expect(engine.calls).toEqual([`build ${PYTHON}`]);
  expect(engine.requests[0]!.buildArgs).toMatchObject({ nua_linux_base: "ubuntu:22.04" });
  expect(await engine.findImage(PYTHON)).toMatchObject({ labels: { APP_ID: "nua-python" } });

  const { error } = await ensure(engine);
  expect({ error, calls: engine.calls.length }).toEqual({ error: undefined, calls: 1 });
});

test("one that stands upon another Linux is built again", async () => {
  const engine = new Recorder({ images: [LINUX], onBuild });
  await ensure(engine);
  engine.images[0]!.diffIds = ["sha256:newer"];
  const { told } = await ensure(engine);
  expect(engine.calls).toEqual([`build ${PYTHON}`, `build ${PYTHON}`]);
  expect(told).toContain(`detail: Base image ${PYTHON} is outdated`);
});

test("--pull asks for the Linux image although it is there", async () => {
  const registry = { "ubuntu:22.04": { ...LINUX, id: "sha256:new" } };
  const engine = new Recorder({ images: [LINUX], registry, onBuild });
  await ensure(engine, { pull: true });
  expect(engine.calls).toEqual(["pull ubuntu:22.04", `build ${PYTHON}`]);
  const { error } = await ensure(new Recorder({ images: [LINUX], onBuild }), { pull: true });
  expect(error).toMatchObject({ code: "input", hint: expect.stringContaining("--pull") });
});

test("nothing is built or pulled where that is forbidden", async () => {
  const engine = new Recorder({ images: [LINUX], onBuild });
  const { error } = await ensure(engine, { offline: true });
  expect(error).toMatchObject({ code: "input", hint: expect.stringContaining("bases load") });
  expect(await ensure(engine, { offline: true, pull: true })).toMatchObject({
    error: { code: "input", hint: "leave out --pull" },
  });
  expect(engine.calls).toEqual([]);
});

const WRAP = 'method = "wrap"\nbase-image = "other:1"';

test("an image that is wrapped is pulled where it is not held", async () => {
  const engine = new Recorder({ registry: { "other:1": {} } });
  await ensure(engine, { build: WRAP });
  await ensure(engine, { build: WRAP });
  expect(engine.calls).toEqual(["pull other:1"]);
  const { error } = await ensure(new Recorder(), { build: WRAP });
  expect(error).toMatchObject({
    code: "input",
    message: 'Pull image "other:1": not found',
  });
});
