/** Passwords in a configuration's own addresses: the build reads with them, and nothing keeps them. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker, gatewayOf } from "../helpers/engine.ts";
import { createWheel } from "../helpers/zip.ts";

const PASSWORD = `Pw${randomBytes(6).toString("hex")}`;
const ID = `test-secrets-${randomBytes(4).toString("hex")}`;
const TAG = `nua-${ID}:1.0`;
const client = testBuilder("buildx");

let folder: string;
let app: string;
let env: Record<string, string>;
let address: string;
let refused = 0;
const wheel = createWheel("guarded", "1.0", "LINE = 'from the guarded server'\n");
const server = Bun.serve({
  hostname: "0.0.0.0",
  port: 0,
  fetch({ headers }) {
    const wanted = `Basic ${Buffer.from(`bob:${PASSWORD}`).toString("base64")}`;
    if (headers.get("authorization") === wanted) return new Response(wheel);
    refused += 1;
    return new Response("", { status: 401 });
  },
});

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  env = { NUA_OUTPUT: `${folder}/archives/`, NUA_BUILD_DIR: `${folder}/contexts` };
  app = join(folder, "app");
  await mkdir(env.NUA_BUILD_DIR!);
  await mkdir(app);
  const host = `${await gatewayOf(client)}:${server.port}`;
  address = `http://bob:${PASSWORD}@${host}/guarded-1.0-py3-none-any.whl`;
  const config = `[metadata]
id = "${ID}"
version = "1.0"
title = "T"
author = "Nua"
[build]
pip-install = ["${address}"]
[run]
start = "true"
`;
  await writeFile(join(app, "nua-config.toml"), config);
});
afterAll(async () => {
  await docker(client, "image", "rm", "--force", TAG).catch(() => "");
  await server.stop(true);
  await rm(folder, { recursive: true, force: true });
});

test("plan and config show asterisks", async () => {
  for (const words of [["plan"], ["plan", "--json"], ["config"]]) {
    const { status, stdout, stderr } = await nuaBuild([...words, app]);
    expect(status).toBe(0);
    expect(stdout + stderr).not.toContain(PASSWORD);
  }
  expect((await nuaBuild(["config", app])).stdout).toContain("http://***@");
});

test("a legacy builder refuses them, and says why", async () => {
  const legacy = testBuilder("legacy");
  const { status, stderr } = await nuaBuild(["--no-save", app], { client: legacy, env });
  expect(status).toBe(3);
  expect(stderr).toContain('Hand a password to the builder "legacy": it has no secrets');
  expect(stderr).not.toContain(PASSWORD);
});

test("BuildKit reads with them, and the image, its history and the output hold none", async () => {
  const built = await nuaBuild(["-vv", app], { client, env });
  expect({ ...built, stdout: "" }).toMatchObject({ status: 0 });
  expect(built.stdout + built.stderr).not.toContain(PASSWORD);
  expect(refused).toBe(0);
  const print = ["python", "-c", "import guarded; print(guarded.LINE)"];
  expect(await docker(client, "run", "--rm", TAG, ...print)).toContain("from the guarded server");
  const archive = Bun.file(join(folder, "archives", `${TAG}.tar`));
  expect(Buffer.from(await archive.arrayBuffer()).includes(PASSWORD)).toBeFalse();
});
