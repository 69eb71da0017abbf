/** An app's tag, and the image that has it, when a build of the app does not end well. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { type BuilderName, testBuilder } from "../helpers/builders.ts";
import { METADATA } from "../helpers/config.ts";
import { docker } from "../helpers/engine.ts";

const ID = `failed-${crypto.randomUUID().slice(0, 8)}`;
const TAG = `nua-${ID}:1.0`;
const GOOD = `ARG nua_builder_tag\nFROM \${nua_builder_tag}\nCOPY . /nua/build\nRUN app_builder\n`;
/** Without what the orchestrator looks for. */
const WRONG = `ARG nua_builder_tag\nFROM \${nua_builder_tag}\nCOPY . /elsewhere\n`;

let folder: string;
let app: string;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  app = join(folder, "app");
  await mkdir(join(app, "nua"), { recursive: true });
  await writeFile(join(app, "nua-config.toml"), METADATA.replace('"app"', `"${ID}"`));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(["buildx", "embedded", "legacy"] as const)("with the builder %s", (name) => {
  const client = testBuilder(name as BuilderName);
  const output = () => join(folder, name);
  const build = async (argv: string[], env: Record<string, string> = {}) => {
    const own = { NUA_OUTPUT: `${output()}/`, NUA_BUILD_DIR: folder, ...env };
    return nuaBuild([...argv], { client, env: own });
  };
  const idOf = (reference: string) =>
    docker(client, "image", "inspect", "--format", "{{.Id}}", reference);
  /** The app's images by their names; those without one have `<none>`. */
  const list = async () => {
    const words = ["--filter", `label=NUA_TAG=${TAG}`, "--format", "{{.Repository}}:{{.Tag}}"];
    return (await docker(client, "images", ...words)).split("\n");
  };
  /** A client that does something of its own in place of one command, or after it. */
  const shim = async (command: string, line: string) => {
    const file = join(folder, `${name}-${command}`);
    const text = `#!/bin/sh\nif test "$1" = ${command}; then ${line}; fi\nexec ${client.program} "$@"\n`;
    await writeFile(file, text, { mode: 0o755 });
    return { NUA_ENGINE: file, ...client.env };
  };

  let good: string;
  beforeAll(async () => {
    await writeFile(join(app, "nua/Dockerfile"), GOOD);
    const { status, stderr } = await build([app]);
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    good = await idOf(TAG);
  }, 600_000);
  afterAll(async () => {
    await docker(client, "image", "rm", "--force", TAG).catch(() => "");
    await rm(output(), { recursive: true, force: true });
  });

  test("an image that is not right has no tag, and the one before keeps its own", async () => {
    await writeFile(join(app, "nua/Dockerfile"), WRONG);
    const failed = await build([app]);
    expect(failed).toMatchObject({ status: 8, stderr: expect.stringContaining("it has no /nua/") });
    expect([await idOf(TAG), await list()]).toEqual([good, [TAG]]);
    expect((await readdir(output())).sort()).toEqual([`${TAG}.tar`, `${TAG}.tar.sha256`]);
  }, 300_000);

  test("a configuration in it that is larger than any is not read", async () => {
    const large = "RUN truncate -s 40M /nua/metadata/nua-config.json\n";
    await writeFile(join(app, "nua/Dockerfile"), `${GOOD}${large}`);
    const failed = await build([app, "--no-save"]);
    expect(failed).toMatchObject({ status: 8, stderr: expect.stringContaining("is larger than") });
    expect([await idOf(TAG), await list()]).toEqual([good, [TAG]]);
  }, 300_000);

  test("when the engine refuses the reproducible one, the one before keeps its tag", async () => {
    await writeFile(join(app, "nua/Dockerfile"), GOOD);
    const refusing = await shim("load", "cat >/dev/null; echo no room >&2; exit 1");
    const argv = [app, "--reproducible", "--no-save"];
    // Its bases are made reproducible first: that they are is no part of this.
    expect(await build(argv, refusing)).toMatchObject({ status: 6 });
    expect([await idOf(TAG), await list()]).toEqual([good, [TAG]]);
  }, 300_000);

  test("an interrupt before the image was found good leaves the one before", async () => {
    await writeFile(join(app, "nua/Dockerfile"), `${GOOD}RUN touch /interrupted\n`);
    const interrupting = await shim("create", "kill -INT $PPID; sleep 1");
    expect(await build([app, "--no-save"], interrupting)).toMatchObject({ status: 130 });
    expect([await idOf(TAG), await list()]).toEqual([good, [TAG]]);
  }, 300_000);

  test("an image that has another name as well keeps that", async () => {
    const kept = `nua-test-kept:${ID}-${name}`;
    await docker(client, "tag", TAG, kept);
    try {
      await writeFile(join(app, "nua/Dockerfile"), `${GOOD}RUN touch /newer\n`);
      expect(await build([app, "--no-save"])).toMatchObject({ status: 0 });
      expect(await idOf(kept)).not.toBe(await idOf(TAG));
    } finally {
      await docker(client, "image", "rm", kept);
    }
  }, 300_000);
});
