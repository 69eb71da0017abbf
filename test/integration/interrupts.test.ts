/**
 * Runs that are interrupted or killed at random moments, and what is left of them. How many of
 * each: NUA_TEST_INTERRUPTS; the moments come from NUA_TEST_SEED, which is printed.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BINARY, nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { METADATA } from "../helpers/config.ts";
import { docker } from "../helpers/engine.ts";

const COUNT = Number(process.env.NUA_TEST_INTERRUPTS ?? 6);
const KILLS = Math.ceil(COUNT / 4);
const SEED = Number(process.env.NUA_TEST_SEED ?? Date.now() % 100_000);

const client = testBuilder("buildx");
const unique = crypto.randomUUID().slice(0, 8);
const image = `nua-test-interrupts-${unique}:1.0`;

let base: string;
let app: string;
let env: Record<string, string>;
/** Milliseconds that a run takes that nothing interrupts. */
let whole: number;

beforeAll(async () => {
  process.stderr.write(`interrupts: NUA_TEST_SEED=${SEED}, ${COUNT} of each\n`);
  base = await mkdtemp("/var/tmp/nua-test-interrupts-");
  app = join(base, "app");
  env = {
    NUA_BUILD_DIR: join(base, "build"),
    NUA_OUTPUT: join(base, "output"),
    XDG_STATE_HOME: join(base, "state"),
  };
  for (const path of [app, ...Object.values(env)]) await mkdir(path);
  const sections = '[build]\nbuild = ["sleep 0.5", "head -c 5000000 /dev/urandom >big"]\n';
  const metadata = METADATA.replace('"app"', `"nua-test-interrupts-${unique}"`);
  await writeFile(join(app, "nua-config.toml"), `${metadata}${sections}[run]\nstart = "true"\n`);
  await change();
  // The first one makes the bases.
  expect(await nuaBuild([app], { client, env })).toMatchObject({ status: 0 });
  await change();
  const begin = performance.now();
  expect(await nuaBuild([app], { client, env })).toMatchObject({ status: 0 });
  whole = performance.now() - begin;
}, 1_800_000);

afterAll(async () => {
  await docker(client, "image", "rm", "--force", image).catch(() => "");
  await rm(base, { recursive: true, force: true });
});

/** So that a build is to be done. */
function change(): Promise<void> {
  return writeFile(join(app, "changed"), crypto.randomUUID());
}

/** Source: Steele and others, "Fast splittable pseudorandom number generators", as mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @returns its exit status as a shell tells it */
async function runAndSend(signal: NodeJS.Signals, after: number): Promise<number> {
  await change();
  const child = spawn(BINARY, [app], {
    env: { ...process.env, ...client.env, ...env, NUA_ENGINE: client.program },
    stdio: "ignore",
  });
  const timer = setTimeout(() => child.kill(signal), after);
  return new Promise((resolve) =>
    child.once("close", (status, by) => {
      clearTimeout(timer);
      resolve(status ?? 128 + NUMBERS[by as keyof typeof NUMBERS]);
    }),
  );
}

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 } as const;

/** Files and folders of runs, and what the engine has of them. */
async function leftovers(): Promise<string[]> {
  const folders = [env.NUA_BUILD_DIR!, env.NUA_OUTPUT!, join(env.XDG_STATE_HOME!, "nua-build")];
  const names = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true })));
  const containers = await docker(client, "ps", "--all", "--quiet", "--filter", "name=nua-run-");
  const images = await docker(client, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}");
  return [
    ...names.flat().filter((name) => /nua-build-|\.part$/.test(name)),
    ...containers.split("\n"),
    ...images.split("\n").filter((tag) => /^nua-(candidate|inputs|record):/.test(tag)),
  ]
    .filter((name) => name !== "")
    .sort();
}

test.each(["SIGHUP", "SIGINT", "SIGTERM"] as const)(
  "%s at any moment leaves nothing",
  async (signal) => {
    const random = createRandom(SEED + NUMBERS[signal]);
    for (let index = 0; index < COUNT; index += 1) {
      const after = random() * whole;
      const status = await runAndSend(signal, after);
      expect({ after, left: await leftovers() }).toEqual({ after, left: [] });
      expect([0, 128 + NUMBERS[signal]]).toContain(status);
    }
  },
  7_200_000,
);

test("what killed runs leave is gone after one run more", async () => {
  const random = createRandom(SEED);
  for (let index = 0; index < KILLS; index += 1) await runAndSend("SIGKILL", random() * whole);
  expect((await nuaBuild([app], { client, env })).status).toBe(0);
  expect(await leftovers()).toEqual([]);
}, 3_600_000);

test("prune tells what a killed run has left, and removes it", async () => {
  await runAndSend("SIGKILL", whole / 2);
  const left = await leftovers();
  const dry = await nuaBuild(["prune", "--dry-run", "--json"], { client, env });
  expect(JSON.parse(dry.stdout).left.length).toBeGreaterThanOrEqual(left.length > 0 ? 1 : 0);
  expect(await leftovers()).toEqual(left);
  const { stdout } = await nuaBuild(["prune", "--json"], { client, env });
  expect(JSON.parse(stdout)).toEqual({
    ok: true,
    removed: JSON.parse(dry.stdout).left,
    failed: [],
  });
  expect(await leftovers()).toEqual([]);
}, 600_000);
