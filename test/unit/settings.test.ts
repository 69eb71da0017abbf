import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "../../src/settings.ts";

let folder: string;
const write = (text: string) => writeFile(join(folder, "nua-build/nua-build.toml"), text);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-settings-"));
  await mkdir(join(folder, "nua-build"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a flag wins over a variable, over the user's file, over the default", async () => {
  await write(
    'output = "/file"\nlinux-base = "file:1"\nengine = "podman"\n[pip]\nindex = "http://f"\n',
  );
  const env = { XDG_CONFIG_HOME: folder, NUA_OUTPUT: "/variable", NUA_LINUX_BASE: "variable:1" };
  const settings = loadSettings({ output: "/flag" }, env);
  expect(settings).toMatchObject({
    output: "/flag",
    linuxBase: "variable:1",
    engine: "podman",
    pipIndex: "http://f",
    buildDir: "/var/tmp",
  });
});

test("an empty variable counts as none", async () => {
  await write("");
  const settings = loadSettings({}, { XDG_CONFIG_HOME: folder, NUA_ENGINE: "" });
  expect(settings.engine).toBe("docker");
});

test("a broken settings file is named", async () => {
  await write("output = [");
  const loading = Promise.try(loadSettings, {}, { XDG_CONFIG_HOME: folder });
  await expect(loading).rejects.toMatchObject({
    code: "config",
    file: join(folder, "nua-build/nua-build.toml"),
  });
});
