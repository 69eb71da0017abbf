/** A bundle on its way: made beside one engine, tried there, and built from beside another one. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openReplay } from "../../src/airgap/replay/open-replay.ts";
import { build } from "../../src/build.ts";
import { type BundleOptions, makeBundle, tryBundle } from "../../src/bundle.ts";
import { CommandError } from "../../src/lib/errors.ts";
import { formatMissing } from "../../src/protocol/exchanges.ts";
import { CONFIG_IN_IMAGE } from "../../src/steps/check-image.ts";
import { METADATA } from "../helpers/config.ts";
import { createImage, type ImageFixture, packImage } from "../helpers/image-archive.ts";
import { Recorder, type RecorderOptions, recordedSession } from "../helpers/recorder.ts";

const TAG = "nua-app:1.0";
const folder = mkdtempSync(join(tmpdir(), "nua-bundle-"));
const at = (...names: string[]) => join(folder, ...names);
const { XDG_STATE_HOME } = process.env;
process.env.XDG_STATE_HOME = at("state");
afterAll(() => {
  if (XDG_STATE_HOME === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = XDG_STATE_HOME;
  rmSync(folder, { recursive: true });
});

let base: ImageFixture;
let connected: Recorder;
const onBuild: NonNullable<RecorderOptions["onBuild"]> = ({ context }) => ({
  files: { [CONFIG_IN_IMAGE]: readFileSync(join(context, "nua-config.json"), "utf8") },
});

/** Beside that engine: the settings of nobody, and folders of the test's own. */
const beside = (engine: Recorder) =>
  recordedSession(engine, { buildDir: at("build"), output: at("output") });

const options: BundleOptions = {
  ...{ paths: [at("app")], strict: true, target: at("app.bundle"), since: [] },
  ...{ withImages: true, withBinary: false },
};

beforeAll(async () => {
  for (const name of ["app", "build", "output"]) mkdirSync(at(name));
  writeFileSync(at("app/nua-config.toml"), `${METADATA}[build]\nbase-image = "wiki:1"\n`);
  base = { ...(await createImage()), tag: "wiki:1" };
  const { diffIds, configDigest: id } = base;
  const archive = packImage(base, "docker-25");
  const image = { id, diffIds, archive, tags: ["wiki:1"] };
  connected = new Recorder({ images: [image], onBuild });
  const { session, told } = beside(connected);
  const approve = (file: string) => tryBundle([file], session);
  await makeBundle({ ...options, approve }, session);
  expect(told).toContain(`step: Build ${TAG} to see what that reads`);
  expect(told).toContain(`step: Build ${TAG} once more, without a network`);
});

test("the engine beside which it is made holds afterwards what it held before", async () => {
  expect(await connected.listTags()).toEqual(["wiki:1"]);
  const [tried, ...others] = connected.requests;
  expect(others).toEqual([]);
  expect(tried).toMatchObject({ network: "none", buildArgs: { nua_wrap_tag: "wiki:1" } });
});

test("another engine gets its images under names that only builds from it know", async () => {
  const engine = new Recorder({ onBuild });
  const { session, told } = beside(engine);
  await using replay = await openReplay([options.target], session);
  const [app] = replay.apps;
  const asked = { archive: null, epoch: null, jobs: 1, noCache: false, pull: false, strict: true };
  const { image } = await build({ ...asked, path: app!.path }, replay.session);
  const name = `nua-bundle:${base.configDigest.replace("sha256:", "")}`;
  expect((await engine.listTags()).sort()).toEqual([TAG, name]);
  expect(image.labels).toMatchObject({ APP_ID: "app" });
  expect(engine.requests).toMatchObject([{ network: "none", buildArgs: { nua_wrap_tag: name } }]);
  expect(told.filter((text) => text.includes("offline: sealed"))).toHaveLength(1);
});

test("what is missing is named, and asked for by a file", async () => {
  const missing = { method: "GET", url: "https://x.org/a.tar", client: "curl" } as const;
  const engine = new Recorder({
    onBuild: (_, { onLine }) => {
      onLine?.(`#7 0.5 ${formatMissing({ ...missing, wantedBy: "build.build[0]" })}`);
      throw new CommandError("build", "Run it", { argv: ["docker"], exitCode: 1, tail: "" });
    },
  });
  const { session } = beside(engine);
  await using replay = await openReplay([options.target], session);
  const [app] = replay.apps;
  const asked = { archive: null, epoch: null, jobs: 1, noCache: true, pull: false, strict: true };
  const failure = build({ ...asked, path: app!.path }, replay.session);
  await expect(failure).rejects.toMatchObject({
    name: "MissingInputsError",
    message: expect.stringContaining("https://x.org/a.tar"),
    hint: expect.stringContaining("nua-build bundle --missing"),
  });
  expect(existsSync(at("output/nua-app_1.0.missing"))).toBeTrue();
});

test("a bundle that does not hold what its build asks for is not written", async () => {
  const engine = new Recorder({
    images: connected.images.filter(({ tags }) => tags.includes("wiki:1")),
    onBuild: (_, { onLine }) => {
      onLine?.(formatMissing({ method: "GET", url: "https://x.org/", client: "", wantedBy: "" }));
      throw new CommandError("build", "Run it", { argv: ["docker"], exitCode: 1, tail: "" });
    },
  });
  const { session } = beside(engine);
  const target = at("other.bundle");
  const approve = (file: string) => tryBundle([file], session);
  await expect(makeBundle({ ...options, target, approve }, session)).rejects.toMatchObject({
    name: "MissingInputsError",
    hint: expect.stringContaining("--no-prove"),
  });
  expect(existsSync(target)).toBeFalse();
});

test("an archive in place of a folder is packed as one, and is called the same on the far side", async () => {
  mkdirSync(at("web"));
  writeFileSync(at("web/nua-config.toml"), '[build]\nbase-image = "wiki:1"\n');
  Bun.spawnSync(["tar", "-czf", "web-2.0.tgz", "web"], { cwd: folder });
  const target = at("web.bundle");
  await makeBundle({ ...options, paths: [at("web-2.0.tgz")], target }, beside(connected).session);
  expect(readdirSync(at("build"))).toEqual([]);
  const { session } = beside(new Recorder({ onBuild }));
  await using replay = await openReplay([target], session);
  const [app] = replay.apps;
  const asked = { archive: null, epoch: null, jobs: 1, noCache: false, pull: false, strict: true };
  const { image } = await build({ ...asked, path: app!.path }, replay.session);
  expect(image).toMatchObject({ tag: "nua-web:0.1.0", labels: { APP_ID: "web" } });
});
