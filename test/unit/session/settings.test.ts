import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "../../../src/session/settings.ts";
import { NOWHERE } from "../../helpers/nowhere.ts";

let folder: string;
/** No settings but those of the folder, whatever the machine has. */
const only = (folder: string) => ({ XDG_CONFIG_HOME: folder, XDG_CONFIG_DIRS: NOWHERE });
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
  const env = { ...only(folder), NUA_OUTPUT: "/variable", NUA_LINUX_BASE: "variable:1" };
  const settings = loadSettings({ output: "/flag" }, env);
  expect(settings).toMatchObject({
    output: "/flag",
    linuxBase: "variable:1",
    engine: "podman",
    pipIndex: "http://f",
    buildDir: "/var/tmp",
  });
});

test("the system's folders of settings are those of XDG_CONFIG_DIRS, the first one first", async () => {
  await write('engine = "podman"\noutput = "/first"\n');
  const second = await mkdtemp(join(tmpdir(), "nua-settings-"));
  await mkdir(join(second, "nua-build"));
  await writeFile(
    join(second, "nua-build/nua-build.toml"),
    'output = "/second"\nbuild-dir = "/var/second"\n',
  );
  const env = { XDG_CONFIG_HOME: NOWHERE, XDG_CONFIG_DIRS: `${folder}:${second}` };
  const settings = loadSettings({}, env);
  await rm(second, { recursive: true });
  expect(settings).toMatchObject({ engine: "podman", output: "/first", buildDir: "/var/second" });
});

test("an empty variable counts as none", async () => {
  await write("");
  const settings = loadSettings({}, { ...only(folder), NUA_ENGINE: "" });
  expect(settings.engine).toBe("docker");
});

test("a broken settings file is named", async () => {
  await write("output = [");
  const loading = Promise.try(loadSettings, {}, only(folder));
  await expect(loading).rejects.toMatchObject({
    code: "config",
    file: join(folder, "nua-build/nua-build.toml"),
  });
});

test("what is not a setting is named, with the one that was probably meant", async () => {
  await write('linux_base = "x"\nsource-limit = 100\n[pip]\nindx = "http://f"\n');
  const told: string[] = [];
  const env = { ...only(folder), NUA_OUTPT: "/x", NUA_BUILD: "/bin", NUA_OTHER: "1" };
  const settings = loadSettings({}, env, (warning) => told.push(warning));
  expect(settings.sourceLimit).toBe("100");
  expect(told.map((line) => line.replace(/^Settings "[^"]*": /, ""))).toEqual([
    '"linux_base" is not a setting; did you mean "linux-base"?',
    '"pip.indx" is not a setting; did you mean "pip.index"?',
    "Variable NUA_OUTPT is not a setting; did you mean NUA_OUTPUT?",
  ]);
});

test("no setting passes for an option", async () => {
  await write("");
  const loading = Promise.try(loadSettings, { linuxBase: "--help" }, only(folder));
  await expect(loading).rejects.toMatchObject({ code: "config" });
  expect(loadSettings({ output: "-" }, only(folder)).output).toBe("-");
});
