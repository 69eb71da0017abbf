/** Bundles of apps that are out of the ordinary. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";

const client = testBuilder("buildx");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  await mkdir(join(folder, "contexts"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await docker(client, "image", "rm", "--force", TAG).catch(() => "");
});

const TAG = "nua-test-bundle-cases:1.0";
const CONFIG = `[metadata]
id = "test-bundle-cases"
version = "1.0"
title = "Bundles"
author = "Test"
[run]
start = "true"
`;

const run = (...argv: string[]) =>
  nuaBuild(argv, {
    client,
    env: { NUA_OUTPUT: `${folder}/`, NUA_BUILD_DIR: join(folder, "contexts") },
  });

async function writeApp(name: string, files: Record<string, string>): Promise<string> {
  const app = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(app, path)), { recursive: true });
    await writeFile(join(app, path), text);
  }
  return app;
}

test.skipIf(client === undefined)(
  "a package's own Dockerfile takes no inputs along, and what is missing is told each time",
  async () => {
    const app = await writeApp("own", {
      "nua-config.toml": CONFIG,
      "nua/Dockerfile":
        "ARG nua_builder_tag\nFROM $nua_builder_tag\nCOPY . /nua/build\nRUN app_builder\n",
    });
    const bundle = join(folder, "own.bundle");
    expect(await run("bundle", app, "--no-prove", "-o", bundle)).toMatchObject({ status: 0 });
    // Without its base, whose runtime of the agent is nua-build itself, with all of its words.
    expect(await run("--bundle", bundle, "--thin")).toMatchObject({ status: 0 });
    // In none of its layers, the Dockerfile that they have included.
    const found = Bun.spawnSync([
      "grep",
      "-cE",
      "nua-inputs(/blobs|:)",
      join(folder, `${TAG}.tar`),
    ]);
    expect(found.stdout.toString().trim()).toBe("0");
    const images = await docker(client, "images", "--quiet", "nua-inputs");
    expect(images.trim()).toBe("");

    const other = await writeApp("other", {
      "nua-config.toml": `${CONFIG}packages = ["tree"]\n[build]\nbuild = "true"\n`,
    });
    for (const time of ["first", "second"]) {
      const { status, stderr } = await run("--bundle", bundle, "--no-save", other);
      expect({ time, status, names: stderr.includes("deb tree, wanted by") }).toEqual({
        ...{ time, status: 4, names: true },
      });
    }
    expect(await readdir(join(folder, "contexts"))).toEqual([]);
  },
);

test.skipIf(client === undefined)("a source beside the app's folder is refused", async () => {
  await writeFile(join(folder, "source.tar"), "");
  const app = await writeApp("beside", {
    "nua-config.toml": `${CONFIG}[build]\nsrc-url = "../source.tar"\n`,
  });
  const { status, stderr } = await run("bundle", app, "-o", join(folder, "beside.bundle"));
  expect(status).toBe(4);
  expect(stderr).toContain(`Record "../source.tar": it is outside of the app's folder`);
});
