/** The apps of test/fixtures/apps: together they use every key of the schema. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BuildPlan } from "../../src/plan/build-plan.ts";
import { formatPlannedWords } from "../../src/plan/format-plan.ts";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { readAsOrchestrator } from "../helpers/deployment-rules.ts";
import { docker, startApp } from "../helpers/engine.ts";
import { readApps } from "../helpers/expectation.ts";
import { buildWrappedImage, prepareApp } from "../helpers/fixture-apps.ts";
import { indexSettings, startSite } from "../helpers/site.ts";

// One client: what differs between them is tested with the examples.
const client = testBuilder("embedded");
const apps = readApps(join(import.meta.dir, "../fixtures/apps"));
const site = startSite();
const wrapped = `nua-test-wrapped:${process.pid}`;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  env = await indexSettings(client, site);
  const built = await nuaBuild(["bases", "build", "nua-builder"], { client });
  expect(built).toMatchObject({ status: 0 });
  const version = (await nuaBuild(["--version"])).stdout.trim().split(" ").at(-1);
  await buildWrappedImage(client, { folder, tag: wrapped, base: `nua-python:${version}` });
});
afterAll(async () => {
  site[Symbol.dispose]();
  await docker(client, "image", "rm", "--force", wrapped);
  await rm(folder, { recursive: true, force: true });
});

describe.each(apps)("$name", (app) => {
  test("builds, answers and stops", async () => {
    const path = await prepareApp(app, { folder, port: site.port, wrapped, client });
    const planned = await nuaBuild(["plan", "--json", path], { client, env });
    const plan: BuildPlan = JSON.parse(planned.stdout);
    // What makes those is no part of the app's plan.
    if (plan.images.linuxBase === null && plan.images.needed.length > 0) {
      const made = await nuaBuild(["bases", "build", ...plan.images.needed], { client, env });
      expect(made).toMatchObject({ status: 0 });
    }
    // What an earlier run has left in the builder's cache would hide what is asked for.
    const words = ["--json", "-vv", "--strict", "--no-cache", "--output", `${folder}/`, path];
    const built = await nuaBuild(words, { client, env });
    expect(built).toMatchObject({ status: 0 });
    expectAsPlanned(plan, built.stderr);
    const { expected } = app;
    expect(JSON.parse(built.stdout).tag).toBe(expected.tag);
    const { http } = expected;
    await using started = await startApp(client, expected.tag, {
      port: http.port,
      env: expected.env ?? {},
    });
    expect(await started.get(http.path)).toEqual({ status: http.status, body: http.body });
    const stopped = await started.stop();
    if (expected.stop) expect(stopped.status).toBe(expected.stop.status);
  });
});

/** Whatever the plan says is run, and nothing else. */
function expectAsPlanned({ layers, subApps }: BuildPlan, output: string): void {
  const planned = layers
    .flatMap(({ actions }) => actions.flatMap(({ commands }) => commands))
    .flatMap((command) => (command.kind === "run" ? [formatPlannedWords(command)] : []));
  const ran = [...output.matchAll(/^(?:.*?\s)?\$ (.*)$/gm)].map(([, line = ""]) =>
    // The agent's own copy of pip, where it is the same.
    line.replace(/ \S+\/python\/pip(?= |$)/, " -m pip"),
  );
  const isPlanned = (line: string) => planned.some((command) => matches(command, line));
  expect(planned.filter((command) => !ran.some((line) => matches(command, line)))).toEqual([]);
  // A sub-app's commands are in its own plan.
  if (Object.keys(subApps).length > 0) return;
  expect(ran.filter((line) => !isPlanned(line) && !STRUCTURAL.test(line))).toEqual([]);
}

/** A star stands for the files that are there when the command is run. */
function matches(command: string, line: string): boolean {
  const pattern = command
    .split("*")
    .map((part) => RegExp.escape(part))
    .join(".*");
  return new RegExp(`^${pattern}$`).test(line);
}

/** Files put in their places and Debian packages: what the plan has as one word each. */
const STRUCTURAL =
  /^(install|find|cp|chown|rm|apt-get|apt-mark) |^test -e "\$TMPDIR\/apt-lists"|nua\.lib\.unpack_source/;

test("a sub-app has an image and an archive of its own, and the main app names it", async () => {
  const tag = "nua-fixture-main-echo:1.0";
  const inspected = await nuaBuild(["inspect", "--json", join(folder, `${tag}.tar`)]);
  expect(inspected).toMatchObject({ status: 0 });
  const text = await docker(
    client,
    ...["run", "--rm", "nua-fixture-main:1.0", "cat", "/nua/metadata/nua-config.json"],
  );
  expect(JSON.parse(text).provider).toMatchObject([
    { name: "echo", type: "docker-image", build: { "base-image": tag } },
  ]);
  await using started = await startApp(client, tag, { port: 8000 });
  expect(await started.get("/")).toEqual({ status: 200, body: "the sub-app\n" });
});

test("of an image of Nua's that is wrapped, the orchestrator reads the outer configuration", async () => {
  const app = join(folder, "wrap-nua");
  const metadata = { id: "fixture-outer", version: "1.0", title: "Outer", author: "Nua" };
  const config = { metadata, build: { "base-image": "nua-fixture-main:1.0" } };
  await Bun.write(join(app, "nua-config.json"), JSON.stringify(config));
  const built = await nuaBuild(["--quiet", "--output", `${folder}/`, app], { client });
  expect(built).toMatchObject({ status: 0 });
  const archive = await Bun.file(built.stdout.trim()).bytes();
  expect(readAsOrchestrator(archive, 2)).toMatchObject({ metadata: { id: "fixture-outer" } });
});

test("the address of the package index is nowhere in an image", async () => {
  expect(site.asked).toContain("/wheels/tinyweb-1.2-py3-none-any.whl");
  const search = `! grep -rlF '${env.NUA_PIP_INDEX}' /nua /etc /root /tmp /var`;
  await docker(client, "run", "--rm", "nua-fixture-pip-index:1.0", "sh", "-c", search);
  const history = await docker(client, "history", "--no-trunc", "nua-fixture-pip-index:1.0");
  expect(history).not.toContain(String(env.NUA_PIP_TRUSTED_HOST));
});
