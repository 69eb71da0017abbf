/** A bundle that is made through a proxy and mirrors with passwords has nothing of them. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { readBundleMembers } from "../helpers/edit-bundle.ts";
import { docker, gatewayOf } from "../helpers/engine.ts";
import { type GuardedSite, startGuardedSite } from "../helpers/guarded-site.ts";

const ID = "test-airgap-guarded";
const TAG = `nua-${ID}:1.0`;
const CONFIG = `[metadata]
id = "${ID}"
version = "1.0"
title = "T"
author = "Nua"
[build]
builder = "nodejs20"
[run]
start = "true"
`;
const MANIFEST = { name: "a", version: "1.0.0", dependencies: { "nua-guarded": "1.0.0" } };

// The one whose builder has secrets.
const client = testBuilder("buildx");

let folder: string;
let site: GuardedSite;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  site = await startGuardedSite(folder);
  for (const name of ["contexts", "app"]) await mkdir(join(folder, name));
  const app = join(folder, "app");
  await writeFile(join(app, "nua-config.toml"), CONFIG);
  await writeFile(join(app, "requirements.txt"), "tinyweb\n");
  await writeFile(join(app, "package.json"), JSON.stringify(MANIFEST));
  // From where everybody takes them: what is guarded is the app's own.
  await nuaBuild(["bases", "build", "nua-builder-nodejs20"], { client });
});
afterAll(async () => {
  await docker(client, "image", "rm", "--force", TAG).catch(() => "");
  await site[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const run = (argv: string[], settings: Record<string, string> = {}) => {
  const own = { NUA_BUILD_DIR: join(folder, "contexts"), XDG_STATE_HOME: join(folder, "state") };
  return nuaBuild(argv, { client, env: { ...own, ...settings } });
};

test("the proxy, the passwords and the certificate are found nowhere", async () => {
  const gateway = await gatewayOf(client);
  // The mirror of apt is given as lines, which stand in for no public address.
  const { NUA_APT_MIRROR: _, ...settings } = site.settings(gateway);
  const file = join(folder, "app.bundle");
  const words = ["bundle", "-vv", "--no-bases", "-o", file, join(folder, "app")];
  const made = await run(words, settings);
  expect({ ...made, stderr: made.status === 0 ? "" : made.stderr }).toMatchObject({ status: 0 });
  for (const part of ["/simple/tinyweb/", "/npm/nua-guarded"]) {
    expect(site.asked.filter((asked) => asked.endsWith(part))).not.toEqual([]);
  }

  const inspected = await run(["bundle", "inspect", "--json", file]);
  expect(JSON.parse(inspected.stdout)).toMatchObject({ ok: true, apps: [{ tag: TAG }] });
  const places = new Map([["log", made.stderr + made.stdout]]);
  places.set("inspect", inspected.stdout + inspected.stderr);
  for (const [name, bytes] of await readBundleMembers(file)) {
    const plain = name.endsWith(".zst") ? Bun.zstdDecompressSync(bytes) : bytes;
    places.set(name, Buffer.from(plain).toString("latin1"));
  }
  const proxy = new URL(settings.NUA_HTTP_PROXY!).host;
  // Where the mirrors are is told by what they answer with themselves.
  const traces = [...site.traces.filter((trace) => !trace.endsWith(".invalid")), proxy];
  for (const [place, text] of places) {
    expect({ place, found: traces.filter((one) => text.includes(one)) }).toEqual({
      place,
      found: [],
    });
  }
});

test("and a sealed build needs none of them", async () => {
  const output = join(folder, "output/");
  const words = ["--bundle", join(folder, "app.bundle"), "-o", output];
  const built = await run(words);
  expect({ ...built, stderr: built.status === 0 ? "" : built.stderr }).toMatchObject({ status: 0 });
  expect(built.stderr).toContain("offline: sealed");
  const script = `python3 -c "import tinyweb; print(tinyweb.LINE)"
node -e "console.log(require('/nua/build/node_modules/nua-guarded'))"`;
  const printed = await docker(client, "run", "--rm", TAG, "sh", "-c", script);
  expect(printed).toBe("b'tinyweb 1.0\\n'\nguarded");
});
