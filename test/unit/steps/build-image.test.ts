import { describe, expect, test } from "bun:test";
import type { BuilderKind } from "../../../src/engine/builder-kind.ts";
import { BASE_LABEL } from "../../../src/images/archive/read-archive.ts";
import { CommandError, NuaError } from "../../../src/lib/errors.ts";
import { formatAgentReport, formatAgentWarning } from "../../../src/protocol/agent-report.ts";
import { type BuiltImage, buildImageStep } from "../../../src/steps/build-image.ts";
import { stageContextStep } from "../../../src/steps/stage-context.ts";
import { createImage, packImage } from "../../helpers/image-archive.ts";
import { planApp } from "../../helpers/planned-app.ts";
import { Recorder, type RecorderOptions, recordedSession } from "../../helpers/recorder.ts";

const LOAD_AS = "nua-candidate:1";

interface Wanted extends RecorderOptions {
  build?: string;
  files?: Record<string, string>;
  settings?: Parameters<typeof recordedSession>[1];
  input?: Partial<Parameters<typeof buildImageStep.run>[0]>;
}

/** Stages a small app and has its image built. */
async function build({ build: config, files, settings, input, ...options }: Wanted = {}) {
  const planning = recordedSession(new Recorder());
  await using app = await planApp(planning.session, config, files);
  const { loaded, plan, source } = app;
  const { images = [] } = options;
  const engine = new Recorder({ builder: "legacy", ...options, images });
  const { session, told } = recordedSession(engine, { buildDir: app.folder, ...settings });
  await using context = await stageContextStep.run({ loaded, plan, source }, session);
  const outcome: BuiltImage | Error = await buildImageStep
    .run({ loaded, plan, context, loadAs: LOAD_AS, ...input }, session)
    .catch((error: Error) => error);
  const image = outcome as BuiltImage;
  return { plan, engine, told, image, error: outcome as NuaError, request: engine.requests[0]! };
}

test("the image goes by another tag than the app's, and says what it is built on", async () => {
  const { plan, engine, image, request } = await build();
  expect(engine.calls).toEqual([`build ${LOAD_AS}`]);
  expect(image).toMatchObject({ tag: plan.tag, tags: [LOAD_AS] });
  expect(image.labels).toEqual({ ...plan.labels, [BASE_LABEL]: plan.images.builder! });
  expect(request.buildArgs).toMatchObject({
    nua_base_tag: plan.images.base,
    nua_builder_tag: plan.images.builder!,
  });
  expect({ noCache: request.noCache, network: request.network }).toEqual({
    noCache: false,
    network: undefined,
  });
});

test("nothing is taken from before, or reached, where that is not wanted", async () => {
  expect((await build({ input: { noCache: true } })).request.noCache).toBe(true);
  expect((await build({ settings: { offline: "true" } })).request.network).toBe("none");
});

test("the base of a wrapped image is that image", async () => {
  const config = 'method = "wrap"\nbase-image = "wrapped:1"';
  const { image, request } = await build({ build: config });
  expect(image.labels[BASE_LABEL]).toBe("wrapped:1");
  expect(request.buildArgs).toEqual({ nua_wrap_tag: "wrapped:1" });
});

test("images go by the names that the engine has for them", async () => {
  const engine = new Recorder({ builder: "legacy" });
  const { session } = recordedSession(engine);
  await using app = await planApp(session);
  const { loaded, plan, source } = app;
  const named = engine.withNames(new Map([[plan.images.base, "nua-bundle:b"]]));
  const other = recordedSession(named, { buildDir: app.folder }).session;
  await using context = await stageContextStep.run({ loaded, plan, source }, other);
  await buildImageStep.run({ loaded, plan, context, loadAs: LOAD_AS }, other);
  expect(engine.requests[0]!.buildArgs).toMatchObject({ nua_base_tag: "nua-bundle:b" });
});

describe("what the agent says", () => {
  const warning = { layer: "all", text: "no start command" };

  test("is told, and stays with the image", async () => {
    const { image, told } = await build({
      onBuild: (_, { onLine }) => {
        onLine?.(`Step 1/1 : RUN app_builder`);
        onLine?.(formatAgentWarning(warning));
        return {};
      },
    });
    expect(image.warnings).toEqual([warning]);
    expect(image.steps).toMatchObject([{ text: "RUN app_builder", isReused: false }]);
    expect(told).toContain("warn: no start command");
  });

  test("of a command that failed leads to its place in the configuration", async () => {
    const report = {
      ...{ step: "build-commands", from: "build.build[1]", command: "make it", exitCode: 2 },
      ...{ tail: ["no rule"], message: 'Run "make it": it failed', hint: null },
      code: "build" as const,
    };
    const { error } = await build({
      build: 'build = ["true", "make it"]',
      onBuild: (_, { onLine }) => {
        onLine?.(formatAgentReport(report));
        const argv = ["docker", "build"];
        throw new CommandError("build", "Run", { argv, exitCode: 1, tail: "" });
      },
    });
    expect(error).toMatchObject({
      ...{ code: "build", message: report.message, step: "build.build[1]" },
      position: { line: 7, column: 18 },
      argv: ["bash", "-c", "make it"],
      tail: "no rule",
    });
  });
});

describe("another builder of buildx", () => {
  const wanted = (builder: BuilderKind): Wanted => ({
    ...{ builder, builders: { farm: false, here: true } },
    // The image is made in one go, whatever the builder.
    files: { "nua/Dockerfile": "ARG nua_builder_tag\nFROM $nua_builder_tag\nRUN app_builder\n" },
  });

  test("gets the images that it does not see", async () => {
    const made = await createImage();
    const planning = recordedSession(new Recorder());
    await using app = await planApp(planning.session);
    const { base, builder } = app.plan.images;
    const images = [...new Set([base, builder!])].map((tag) => ({
      ...{ tags: [tag], diffIds: made.diffIds, archive: packImage(made, "docker-25") },
    }));
    const settings = { builder: "farm" };
    const { request, told, error } = await build({ ...wanted("buildx"), images, settings });
    expect(error.message).toBeUndefined();
    expect(request.buildx).toMatchObject({ builder: "farm", cacheTo: "", cacheFrom: "" });
    expect(request.buildx!.contexts.map(({ tag }) => tag)).toEqual([base, builder!]);
    for (const { address } of request.buildx!.contexts) {
      expect(address).toMatch(/^oci-layout:\/\/\/.+@sha256:[0-9a-f]{64}$/);
    }
    expect(told).toContain(`step: Hand ${base} to the builder`);
  });

  test("gets none of those that it sees", async () => {
    const { request, engine } = await build({ ...wanted("buildx"), settings: { builder: "here" } });
    expect(request.buildx!.contexts).toEqual([]);
    expect(engine.calls).toEqual([`build ${LOAD_AS}`]);
  });

  test.each([{ builder: "farm" }, { cacheTo: "type=inline" }])(
    "is a thing of buildx alone: %j",
    async (settings) => {
      const { error } = await build({ ...wanted("embedded"), settings });
      expect(error).toBeInstanceOf(NuaError);
      expect(error).toMatchObject({
        code: "usage",
        hint: expect.stringContaining("docker-buildx"),
      });
    },
  );
});
