/** What one build leaves behind never ends in another one's image. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild, type Outcome } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";

const run = crypto.randomUUID().slice(0, 8);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(["buildx", "embedded", "legacy"] as const)("with %s", (name) => {
  const client = testBuilder(name);
  const mounts = name !== "legacy";
  const tags = new Set<string>();
  afterAll(async () => {
    for (const tag of tags) await docker(client, "image", "rm", "--force", tag).catch(() => {});
  });

  const tagOf = (app: string) => `nua-test-crossing-${run}-${name}-${app}:1.0`;

  /** Files of the same time, as archives of releases have them. */
  async function writeApp(app: string, files: Record<string, string>, sections = "") {
    const root = join(folder, name, app);
    const id = `test-crossing-${run}-${name}-${app}`;
    const config = `[metadata]\nid = "${id}"\nversion = "1.0"\ntitle = "T"\nauthor = "Nua"\n${sections}\n[run]\nstart = "true"\n`;
    for (const [path, text] of Object.entries({ "nua-config.toml": config, ...files })) {
      const file = join(root, path);
      await mkdir(join(file, ".."), { recursive: true });
      await writeFile(file, text);
      await utimes(file, 499162500, 499162500);
    }
    tags.add(tagOf(app));
    return root;
  }

  function build(root: string, ...flags: string[]): Promise<Outcome> {
    const env = { XDG_STATE_HOME: join(folder, "state"), NUA_BUILD_DIR: join(folder, "contexts") };
    return nuaBuild(["--no-save", ...flags, root], { client, env });
  }

  async function built(root: string, ...flags: string[]): Promise<Outcome> {
    const outcome = await build(root, ...flags);
    expect(outcome).toMatchObject({ status: 0 });
    return outcome;
  }

  function read(app: string, path: string): Promise<string> {
    return docker(client, "run", "--rm", "--entrypoint", "cat", tagOf(app), path);
  }

  test("a file of another app with the same path, size and time is not taken for it", async () => {
    await built(await writeApp("a", { "data.txt": "content of A" }));
    await built(await writeApp("b", { "data.txt": "content of B" }));
    expect(await read("a", "/nua/build/data.txt")).toBe("content of A");
    expect(await read("b", "/nua/build/data.txt")).toBe("content of B");
  });

  test("a file is not taken for what it was before, when its size and time are kept", async () => {
    const root = await writeApp("stale", { "f.txt": "version 1" });
    await built(root);
    expect((await built(root)).stderr).toContain("Nothing has changed");
    await writeApp("stale", { "f.txt": "version 2" });
    expect((await built(root)).stderr).not.toContain("Nothing has changed");
    expect(await read("stale", "/nua/build/f.txt")).toBe("version 2");
    await writeApp("stale", { "f.txt": "version 3" });
    await built(root, "--no-cache");
    expect(await read("stale", "/nua/build/f.txt")).toBe("version 3");
  });

  test("nor for what it was in a build that failed", async () => {
    const fails = '[build]\nbuild = "test ! -e fail"\n';
    const root = await writeApp("failed", { "f.txt": "version 1" }, fails);
    await built(root);
    await writeApp("failed", { "f.txt": "version two", fail: "" }, fails);
    expect((await build(root)).status).toBe(5);
    await rm(join(root, "fail"));
    await writeApp("failed", { "f.txt": "version due" }, fails);
    await built(root);
    expect(await read("failed", "/nua/build/f.txt")).toBe("version due");
  });

  test("no cache has what another app's commands have left in it", async () => {
    const caches = "/run/nua/cache /var/cache/apt/archives /var/lib/apt/lists";
    const leave = `for d in $(find ${caches} -maxdepth 1 -type d); do sudo touch $d/left-${run}; done`;
    const find = `find ${caches} -name left-${run} >found.txt`;
    const commands = (command: string) =>
      `[build]\nbuild = ${JSON.stringify(["mkdir -p found", `${command} || true`])}\n`;
    const first = await writeApp("leaves", { "a.txt": "a" }, commands(leave));
    await built(first);
    await built(await writeApp("finds", { "a.txt": "a" }, commands(find)));
    expect(await read("finds", "/nua/build/found.txt")).toBe("");
    // Its own, it finds again.
    await writeApp("leaves", { "a.txt": "b" }, commands(find));
    await built(first);
    const found = await read("leaves", "/nua/build/found.txt");
    if (mounts) expect(found).toContain(`/run/nua/cache/pip/left-${run}`);
    else expect(found).toBe("");
  });

  // The engine's old builder has no mounts that a Dockerfile could name.
  if (mounts) {
    test("nor one of a Dockerfile of its own", async () => {
      const recipe = (command: string) => ({
        "nua/Dockerfile": `ARG nua_builder_tag\nFROM \${nua_builder_tag}\nCOPY . /nua/build\nRUN --mount=type=cache,target=/var/cache/own ${command}\nRUN app_builder\n`,
      });
      await built(await writeApp("leaves-own", recipe(`touch /var/cache/own/left-${run}`)));
      await built(await writeApp("finds-own", recipe("ls -A /var/cache/own >/found.txt")));
      expect(await read("finds-own", "/found.txt")).toBe("");
    });
  }

  test("warnings are told each time, whatever comes from a cache", async () => {
    const sections = '[build]\nbuild = "true"\nmeta-packages = "test-unknown"\n';
    const root = await writeApp("warns", { "x.js": "1" }, sections);
    const warningsOf = async (...flags: string[]) => {
      const { stdout, stderr } = await built(root, "--json", ...flags);
      const { warnings } = JSON.parse(stdout) as { warnings: string[] };
      for (const warning of warnings) expect(stderr).toContain(warning);
      return warnings;
    };
    const first = await warningsOf();
    expect(first).not.toEqual([]);
    expect(await warningsOf()).toEqual(first);
    await writeApp("warns", { "x.js": "22" }, sections);
    expect(await warningsOf()).toEqual(first);
    await docker(client, "image", "rm", "--force", tagOf("warns"));
    expect(await warningsOf()).toEqual(first);
    // What is left out changes no file of the image, and is told all the same.
    await writeApp("warns", { ".netrc": "password x" }, sections);
    expect((await warningsOf()).join()).toContain('Left out ".netrc"');
    await rm(join(root, ".netrc"));
    expect(await warningsOf()).toEqual(first);
  });
});
