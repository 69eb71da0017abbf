/**
 * One archive on every engine at hand: `npm run test:engines`, with NUA_TEST_ENGINES naming
 * them as `name=program@host`, separated by commas.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { nuaBuild } from "../helpers/binary.ts";
import { readAsOrchestrator } from "../helpers/deployment-rules.ts";
import { type Client, docker, startApp } from "../helpers/engine.ts";
import { sha256 } from "../helpers/image-archive.ts";

const EXAMPLE = join(import.meta.dir, "../../examples/hello-python");
const BASE = `nua-python:${manifest.version}`;
const TAG = "nua-hello-python:1.0-1";

const clients = (process.env.NUA_TEST_ENGINES ?? "").split(",").flatMap(parseClient);
/** Where it is built; the others only get the archive. */
const [builder] = clients;

let folder: string;
/** SHA-256 of the archives that the first engine has written. */
const digests = { full: "", thin: "", base: "" };
const fileOf = (name: string) => join(folder, `${name}.tar`);

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  await run(builder!, "-q", EXAMPLE, "--output", fileOf("full"));
  digests.full = await digestOf("full");
  digests.thin = await save(builder!, TAG, "thin", "--thin");
  digests.base = await save(builder!, BASE, "base");
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(client: Client, ...argv: string[]): Promise<string> {
  const { status, stdout, stderr } = await nuaBuild(argv, { client });
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.trim();
}

async function save(client: Client, tag: string, name: string, ...flags: string[]) {
  await run(client, "save", "-q", tag, "--output", fileOf(name), ...flags);
  return digestOf(name);
}

async function digestOf(name: string): Promise<string> {
  return sha256(await readFile(fileOf(name)));
}

test("there are several engines to compare", () => {
  expect(clients.length).toBeGreaterThan(1);
});

describe.each(clients)("$name", (client) => {
  test("saves what was loaded as the same bytes, whole and thin", async () => {
    for (const name of ["base", "full"]) await run(client, "load", "-q", fileOf(name));
    expect(await save(client, TAG, "full-again")).toBe(digests.full);
    expect(await save(client, BASE, "base-again")).toBe(digests.base);
    expect(await save(client, TAG, "thin-again", "--thin")).toBe(digests.thin);
  });

  test("takes a thin archive when it has the base", async () => {
    await docker(client, "image", "rm", "--force", TAG);
    expect(await run(client, "load", "-q", fileOf("thin"))).toBe(TAG);
    expect(await save(client, TAG, "full-again")).toBe(digests.full);
  });

  test("writes what the orchestrator reads, and what runs", async () => {
    await save(client, TAG, "full-again");
    const config = readAsOrchestrator(await readFile(fileOf("full-again")));
    expect(config).toMatchObject({ metadata: { id: "hello-python" } });
    // Without systemd podman starts no container with a health check.
    if (client.program === "podman") return;
    await using app = await startApp(client, TAG, { port: 8080 });
    expect((await app.get("/")).status).toBe(200);
    expect((await app.stop()).seconds).toBeLessThan(2);
  });
});

test("the thin archive and the base give the whole one", async () => {
  await run(builder!, "thicken", "-q", fileOf("thin"), fileOf("base"), "--output", fileOf("thick"));
  expect(await digestOf("thick")).toBe(digests.full);
});

// --- internal ---

function parseClient(text: string): Client[] {
  const match = /^(.+?)=(.+?)(?:@(.+))?$/.exec(text.trim());
  if (!match) return [];
  const [, name = "", program = "", host] = match;
  return [{ name, program, env: host === undefined ? {} : { DOCKER_HOST: host } }];
}
