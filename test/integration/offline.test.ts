/** --offline: nothing is fetched, and the build's commands have no network. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilders } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";

const clients = testBuilders();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CONFIG = `[metadata]
id = "test-offline"
version = "1.0"
title = "Offline"
author = "Test"
`;

async function writeApp(name: string, files: Record<string, string>): Promise<string> {
  const app = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(app, path)), { recursive: true });
    await writeFile(join(app, path), text);
  }
  return app;
}

describe.each(clients)("with $name", (client) => {
  const build = async (app: string, env: Record<string, string> = {}) =>
    nuaBuild(["--offline", app], {
      client,
      env: { NUA_OUTPUT: `${folder}/archives/`, NUA_BUILD_DIR: `${folder}/contexts`, ...env },
    });
  const tag = "nua-test-offline:1.0";

  beforeAll(async () => {
    await mkdir(`${folder}/contexts`, { recursive: true });
    // What --offline builds upon.
    await nuaBuild(["bases", "build"], { client });
  });
  afterAll(() => docker(client, "image", "rm", "--force", tag).catch(() => ""));

  test("a build has no network but the loopback", async () => {
    const app = await writeApp("plain", {
      "nua-config.toml": `${CONFIG}[build]\nbuild = "cat /proc/net/dev > devices"\n[run]\nstart = "true"\n`,
      random: crypto.randomUUID(),
    });
    const built = await build(app);
    expect(built).toMatchObject({ status: 0 });
    expect(built.stderr).toContain("Offline");
    const devices = await docker(client, "run", "--rm", tag, "cat", "/nua/build/devices");
    expect(devices.match(/^\s*\w+:/gm)?.map((name) => name.trim())).toEqual(["lo:"]);
  });

  test("what a command cannot reach is told with its place, and why", async () => {
    const line = "python3 -c \\\"import urllib.request as r; r.urlopen('http://192.0.2.1/')\\\"";
    const app = await writeApp("command", {
      "nua-config.toml": `${CONFIG}[build]\nbuild = "${line}"\n[run]\nstart = "true"\n`,
    });
    const { status, stderr } = await build(app);
    expect({ status, stderr }).toMatchObject({ status: 5 });
    expect(stderr).toContain("with --offline commands have no network");
    expect(stderr).toContain("nua-config.toml:7:");
  });

  test.each([
    ["an archive", `src-url = "https://example.org/x.tar.gz"`, "example.org/x.tar.gz"],
    ["a repository", `git-url = "https://example.org/x.git"`, "example.org/x.git"],
    ["an image", `base-image = "example.org/none:1"`, "example.org/none:1"],
  ])("%s from elsewhere is refused, with nothing left behind", async (name, line, says) => {
    const app = await writeApp(name, { "nua-config.toml": `${CONFIG}[build]\n${line}\n` });
    const { status, stderr } = await build(app);
    expect({ status, stderr }).toMatchObject({ status: 4 });
    expect(stderr).toContain(says);
    expect(stderr).toContain("--offline forbids it");
    expect(await readdir(`${folder}/contexts`)).toEqual([]);
  });

  test.each([
    ["FROM example.org/none:1", "example.org/none:1"],
    ["FROM scratch\nADD https://example.org/x /x", "https://example.org/x"],
    ["# syntax=example.org/frontend:1\nFROM scratch", "example.org/frontend:1"],
  ])("a Dockerfile that says %j is refused", async (text, says) => {
    const app = await writeApp("own", { "nua-config.toml": CONFIG, "nua/Dockerfile": text });
    const { status, stderr } = await build(app);
    expect({ status, stderr }).toMatchObject({ status: 4 });
    expect(stderr).toContain(says);
    expect(stderr).toContain("nua/Dockerfile");
  });

  test("a base image that would have to be built is named, with what brings it here", async () => {
    const app = await writeApp("plain", {});
    const { status, stderr } = await build(app, { NUA_LINUX_BASE: "debian:none" });
    expect({ status, stderr }).toMatchObject({ status: 4 });
    expect(stderr).toContain("nua-build bases load FILE");
  });
});
