/** The pipeline as a whole, of an app that wraps an image: what each goal asks of the engine. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, runPipeline } from "../../src/build.ts";
import type { Goal } from "../../src/goal.ts";
import { tryImage } from "../../src/keep-image.ts";
import { NuaError } from "../../src/lib/errors.ts";
import { ANEW } from "../../src/options.ts";
import { NetworkInput } from "../../src/session/network-input.ts";
import { CONFIG_IN_IMAGE } from "../../src/steps/check-image.ts";
import { METADATA } from "../helpers/config.ts";
import { Recorder, type RecorderOptions, recordedSession } from "../helpers/recorder.ts";

const folder = mkdtempSync(join(tmpdir(), "nua-pipeline-"));
const { XDG_STATE_HOME } = process.env;
process.env.XDG_STATE_HOME = join(folder, "state");
afterAll(() => {
  if (XDG_STATE_HOME === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = XDG_STATE_HOME;
  rmSync(folder, { recursive: true });
});

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(folder, "app-"));
  writeFileSync(join(path, "nua-config.toml"), `${METADATA}[build]\nbase-image = "wiki:1"\n`);
});

/** Builds what is in the context: the app's configuration. */
const onBuild: NonNullable<RecorderOptions["onBuild"]> = ({ context }) => ({
  files: { [CONFIG_IN_IMAGE]: readFileSync(join(context, "nua-config.json"), "utf8") },
});

/** Whatever proxies and certificates this machine has. */
class BareInput extends NetworkInput {
  override networkSettings = async () => ({});
}

function start(options: RecorderOptions = {}, input = new BareInput()) {
  const images = [{ id: "sha256:base", tags: ["wiki:1"] }];
  const engine = new Recorder({ images, onBuild, ...options });
  mkdirSync(join(folder, "build"), { recursive: true });
  const { session, told } = recordedSession(
    engine,
    { buildDir: join(folder, "build") },
    {
      input: () => input,
    },
  );
  return { engine, session, told };
}

const candidates = (calls: readonly string[]) =>
  calls.map((call) => call.replace(/nua-candidate:\S+/, "CANDIDATE"));

const options = { archive: null, epoch: null, jobs: 1, noCache: false, pull: false, strict: true };

describe("an image that is kept", () => {
  test("gets the app's tag when it was found good", async () => {
    const { engine, session } = start();
    const { image, plan, subApps, seconds } = await build({ ...options, path }, session);
    expect(subApps).toEqual([]);
    expect(candidates(engine.calls)).toEqual([
      "build CANDIDATE",
      `tag ${image.id} nua-app:1.0`,
      "remove CANDIDATE",
    ]);
    expect(engine.images.find(({ id }) => id === image.id)?.tags).toEqual([plan.tag]);
    const names = [
      ...[
        "open-app",
        "load-config",
        "source",
        "resolve-runtimes",
        "plan-build",
        "ensure-bases",
        "reuse-image",
      ],
      ...["stage-context", "build-image", "check-image", "scan-image", "remember-inputs"],
    ];
    // Two of them go on side by side.
    expect(Object.keys(seconds).sort()).toEqual(names.sort());
  });

  test("is not built again where nothing has changed", async () => {
    const { engine, session, told } = start();
    const { image } = await build({ ...options, path }, session);
    engine.calls.splice(0);
    const again = await build({ ...options, path }, session);
    expect(again.image.id).toBe(image.id);
    expect(engine.calls).toEqual([]);
    expect(told).toContain("step: Nothing has changed since nua-app:1.0 was built");
  });

  test("is gone, and the one before stays, where it is not good", async () => {
    const images = [
      { id: "sha256:base", tags: ["wiki:1"] },
      { id: "sha256:old", tags: ["nua-app:1.0"] },
    ];
    const { engine, session } = start({ images, onBuild: () => ({ files: {} }) });
    const failure = build({ ...options, path }, session);
    await expect(failure).rejects.toMatchObject({ code: "check" });
    expect(engine.images.map(({ id, tags }) => [id, tags])).toEqual([
      ["sha256:base", ["wiki:1"]],
      ["sha256:old", ["nua-app:1.0"]],
    ]);
  });
});

describe("an image that is only looked at", () => {
  test("is found good, and gone afterwards: the engine holds what it held before", async () => {
    const { engine, session, told } = start();
    const before = await engine.listTags();
    const announce = (tag: string) => `Try ${tag}`;
    const goal = { announce, ...tryImage(async ({ image }) => image.tags) };
    const [tags] = await runPipeline({ ...ANEW, path }, goal, session);
    expect(tags).toEqual([expect.stringMatching(/^nua-candidate:/)]);
    expect(candidates(engine.calls)).toEqual(["build CANDIDATE", "remove CANDIDATE"]);
    expect(await engine.listTags()).toEqual(before);
    expect(told).toContain("step: Try nua-app:1.0");
  });

  test("leaves the app's tag to an image of the same content", async () => {
    const same = { id: "sha256:same", tags: [] };
    const { engine, session } = start({ onBuild: () => ({ ...same, files: {} }) });
    engine.add({ ...same, tags: ["nua-app:1.0"] });
    const failure = runPipeline(
      { ...ANEW, path },
      tryImage(async () => {}),
      session,
    );
    await expect(failure).rejects.toMatchObject({ code: "check" });
    expect(await engine.findImage("nua-app:1.0")).toBeDefined();
  });
});

describe("an app that brings another one along", () => {
  beforeEach(() => {
    const provider = '[[provider]]\nname = "side"\ntype = "app"\nbase-image = "wiki:1"\n';
    const main = `${METADATA}[build]\nbase-image = "wiki:1"\n${provider}`;
    writeFileSync(join(path, "nua-config.toml"), main);
  });

  test("is the last one of what is made", async () => {
    const goal: Goal<string> = { make: async ({ plan }) => plan.tag };
    const tags = await runPipeline({ ...ANEW, path }, goal, start().session);
    expect(tags).toHaveLength(2);
    expect(tags[1]).toBe("nua-app:1.0");
  });

  test("is built alone where only that is wanted", async () => {
    const { engine, session } = start();
    const wants = ({ tag }: { tag: string }) => tag === "nua-app:1.0";
    const goal = { wants, ...tryImage(async ({ plan }) => plan.tag) };
    expect(await runPipeline({ ...ANEW, path }, goal, session)).toEqual(["nua-app:1.0"]);
    expect(engine.requests).toHaveLength(1);
  });
});

test("the input source is asked before anything is built, and explains what has failed", async () => {
  class Strict extends BareInput {
    override async explain(error: unknown, app: () => { tag: string }): Promise<unknown> {
      return new NuaError("input", `${app().tag}: ${(error as Error).message}`);
    }
  }
  const onBuild = () => {
    throw new NuaError("build", "it broke");
  };
  const { engine, session } = start({ onBuild }, new Strict());
  const failure = build({ ...options, path }, session);
  await expect(failure).rejects.toMatchObject({ message: "nua-app:1.0: it broke" });
  expect(candidates(engine.calls)).toEqual(["build CANDIDATE", "remove CANDIDATE"]);

  class Refusing extends BareInput {
    override admit(): void {
      throw new NuaError("input", "not this one");
    }
  }
  const refused = start({}, new Refusing());
  await expect(build({ ...options, path }, refused.session)).rejects.toThrow("not this one");
  expect(refused.engine.calls).toEqual([]);
});

test("what has failed is told, also where nothing could be planned of the app", async () => {
  const text = `${METADATA}[build]\nsrc-url = "nowhere.tar"\ndefault-files = false\n`;
  writeFileSync(join(path, "nua-config.toml"), text);
  const failure = build({ ...options, strict: false, path }, start().session);
  await expect(failure).rejects.toThrow("nowhere.tar");
});
