/** Mirrors, a proxy with a password and a CA: the build needs them, and nothing keeps them. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker, gatewayOf } from "../helpers/engine.ts";
import { type GuardedSite, startGuardedSite } from "../helpers/guarded-site.ts";

// The last one is Debian's, whose builder has secrets, whatever the machine lacks.
const client = testBuilder("embedded");
const ID = "test-network-settings";
const TAG = `nua-${ID}:1.0`;
const MANIFEST = { name: "a", version: "1.0.0", dependencies: { "nua-guarded": "1.0.0" } };

let folder: string;
let site: GuardedSite;
let env: Record<string, string>;
let app: string;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  site = await startGuardedSite(folder);
  env = { NUA_OUTPUT: `${folder}/archives/`, NUA_BUILD_DIR: `${folder}/contexts` };
  await mkdir(env.NUA_BUILD_DIR!);
  app = join(folder, "app");
  await mkdir(app);
  const config = `[metadata]
id = "${ID}"
version = "1.0"
title = "T"
author = "Nua"
[build]
builder = "nodejs20"
packages = ["nua-guarded"]
pip-install = ["tinyweb"]
build = "npm install"
[run]
packages = ["nua-guarded"]
start = "true"
`;
  await writeFile(join(app, "nua-config.toml"), config);
  await writeFile(join(app, "package.json"), JSON.stringify(MANIFEST));
  // From where everybody takes it: what is guarded is the app's own.
  await nuaBuild(["bases", "build", "nua-builder-nodejs20"], { client });
});
afterAll(async () => {
  await docker(client, "image", "rm", "--force", TAG).catch(() => "");
  await site[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const build = async (settings: Record<string, string>, ...flags: string[]) =>
  nuaBuild(["--no-cache", ...flags, app], { client, env: { ...env, ...settings } });

test("the build succeeds through them, and they are found nowhere", async () => {
  const settings = site.settings(await gatewayOf(client));
  const built = await build(settings, "-vv", "--json");
  expect({ ...built, stdout: "" }).toMatchObject({ status: 0 });
  const run = (...argv: string[]) => docker(client, "run", "--rm", TAG, ...argv);
  expect(await run("cat", "/usr/share/nua-guarded")).toBe("from the guarded repository");
  expect(await run("python", "-c", "import tinyweb; print(tinyweb.LINE)")).toContain("1.0");
  const script = "console.log(require('/nua/build/node_modules/nua-guarded'))";
  expect(await run("node", "-e", script)).toBe("guarded");

  const { archive } = JSON.parse(built.stdout) as { archive: { file: string } };
  const planned = await nuaBuild(["plan", "--json", app], { client, env: { ...env, ...settings } });
  const places = {
    archive: await readFile(archive.file, "latin1"),
    history: await docker(client, "history", "--no-trunc", "--format", "{{json .}}", TAG),
    config: await docker(client, "inspect", TAG),
    log: built.stderr,
    result: built.stdout,
    plan: planned.stdout + planned.stderr,
  };
  const passwords = site.traces.filter((trace) => !trace.endsWith(".invalid"));
  for (const [place, text] of Object.entries(places)) {
    // The programs that fetch tell from where, but not by which password.
    const traces = place === "log" ? passwords : site.traces;
    expect({ place, found: traces.filter((one) => text.includes(one)) }).toEqual({
      place,
      found: [],
    });
  }
  expect(built.stderr).toContain("Nothing of mirrors and proxies is in the image");
}, 300_000);

test.each(["NUA_HTTP_PROXY", "NUA_PIP_INDEX", "NUA_CA"])(
  "without %s it fails, and no password is told",
  async (name) => {
    const settings = site.settings(await gatewayOf(client));
    if (name === "NUA_PIP_INDEX") {
      settings[name] = settings[name]!.replace("ind3x-s3cret", "wr0ng-s3cret");
    } else if (name === "NUA_CA") {
      // Of something that has signed nothing here.
      settings[name] = join(folder, "site.pem");
    } else {
      delete settings[name];
      delete settings.NUA_HTTPS_PROXY;
    }
    const { status, stderr } = await build(settings, "-vv");
    expect({ status, stderr: status === 5 ? "" : stderr }).toEqual({ status: 5, stderr: "" });
    expect(stderr).not.toContain("s3cret");
  },
  300_000,
);

test("a build that writes a password down is refused", async () => {
  const settings = site.settings(await gatewayOf(client));
  const archive = join(env.NUA_OUTPUT!, `${TAG}.tar`);
  for (const file of [archive, `${archive}.sha256`]) await rm(file, { force: true });
  const script = { ...MANIFEST, scripts: { postinstall: 'echo "$PIP_INDEX_URL" >kept' } };
  await writeFile(join(app, "package.json"), JSON.stringify(script));
  const { status, stderr } = await build(settings);
  expect({ status, stderr: status === 8 ? "" : stderr }).toEqual({ status: 8, stderr: "" });
  expect(stderr).toMatch(
    new RegExp(`Scan image "${TAG}": the password of .*\\bpipIndex\\b.* is in layer sha256:`),
  );
  expect(stderr).not.toContain("s3cret");
  expect(await readdir(env.NUA_OUTPUT!)).toEqual([]);
}, 300_000);
