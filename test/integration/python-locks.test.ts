/** Locks of Python's managers: what is in the image is what they pin, though the index has newer ones. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";
import { HASH, LOCKS, PROJECT, writePythonApp } from "../helpers/python-locks.ts";
import { indexSettings, startSite } from "../helpers/site.ts";

const client = testBuilder("embedded");
const site = startSite();
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  env = await indexSettings(client, site);
});
afterAll(async () => {
  site[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

async function build(manager: string, hash: string) {
  const app = writePythonApp(manager, join(folder, `${manager}-${hash.slice(7, 11)}`), hash);
  return nuaBuild(["--no-save", app], { client, env });
}

test.each(Object.keys(LOCKS))("what %s locked is installed", async (manager) => {
  expect(await build(manager, HASH)).toMatchObject({ status: 0 });
  const words = ["run", "--rm", `nua-python-lock-${manager}:1.0`, "pip", "freeze"];
  expect(await docker(client, ...words)).toContain("tinyweb==1.0");
});

test("what has another digest than the lock's ends the build", async () => {
  const { status, stderr } = await build("uv", `sha256:${"0".repeat(64)}`);
  expect(stderr).toContain("THESE PACKAGES DO NOT MATCH THE HASHES");
  expect(status).toBe(5);
});

test("a lock that does not fit is told, and an error with --frozen", async () => {
  const app = join(folder, "python-lock-stale");
  const metadata = { id: "python-lock-stale", version: "1.0", title: "Stale", author: "Nua" };
  const config = { metadata, run: { start: "python -m tinyweb" } };
  const files = {
    ...LOCKS.uv!(HASH),
    "pyproject.toml": PROJECT.replace(">=1.0", ">=1.2,<2"),
    "nua-config.json": JSON.stringify(config),
  };
  for (const [name, text] of Object.entries(files)) await Bun.write(join(app, name), text);
  const frozen = await nuaBuild(["--no-save", "--frozen", app], { client, env });
  expect(frozen.stderr).toContain('"tinyweb" is 1.0 in it');
  expect(frozen.status).toBe(4);
  const repaired = await nuaBuild(["--no-save", app], { client, env });
  expect(repaired.stderr).toContain("uv.lock does not fit pyproject.toml");
  expect(repaired.status).toBe(0);
  const words = ["run", "--rm", "nua-python-lock-stale:1.0", "pip", "freeze"];
  expect(await docker(client, ...words)).toContain("tinyweb==1.2");
});
