/** What of an app's folder is in its image, with each builder; and what a hostile folder cannot do. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { $ } from "zx";
import { nuaBuild } from "../helpers/binary.ts";
import { type BuilderName, testBuilder } from "../helpers/builders.ts";

const BUILDERS: BuilderName[] = ["buildx", "legacy", "embedded"];
const quiet = $({ quiet: true, nothrow: true });

let folder: string;
const tags: string[] = [];

beforeAll(() => {
  folder = mkdtempSync("/var/tmp/nua-build-test-");
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  const { program, env } = testBuilder("legacy");
  if (tags.length > 0)
    await quiet({ env: { ...process.env, ...env } })`${[program, "rmi", ...tags]}`;
});

interface App {
  id: string;
  root: string;
  put(path: string | Buffer, text: string, mode?: number): void;
}

/** The folder of an app that builds without a network. */
function createApp(build = 'build = ["true"]'): App {
  const id = `test-staging-${randomBytes(6).toString("hex")}`;
  const root = join(folder, id);
  const put: App["put"] = (path, text, mode = 0o644) => {
    const place = typeof path === "string" ? join(root, path) : path;
    if (typeof place === "string") mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
    chmodSync(place, mode);
  };
  put(
    "nua-config.toml",
    `[metadata]\nid = "${id}"\nversion = "1"\ntitle = "T"\nauthor = "A"\n[build]\n${build}\n[run]\nstart = "true"\n`,
  );
  tags.push(`nua-${id}:1`);
  return { id, root, put };
}

const settings = (name: string) => ({
  NUA_BUILD_DIR: join(folder, "contexts", name),
  XDG_STATE_HOME: join(folder, "state", name),
});

async function build(app: App, name: BuilderName, ...flags: string[]) {
  const client = testBuilder(name);
  const outcome = await nuaBuild(["--no-save", ...flags, app.root], {
    client,
    env: settings(name),
  });
  return { ...outcome, text: outcome.stdout + outcome.stderr };
}

/** What a shell line prints in the app's image, byte for byte. */
async function inImage({ id }: App, line: string): Promise<Buffer> {
  const { program, env } = testBuilder("legacy");
  const words = ["run", "--rm", "--entrypoint", "bash", `nua-${id}:1`, "-c", line];
  const ran = await quiet({ env: { ...process.env, ...env } })`${[program, ...words]}`;
  return ran.buffer();
}

describe.each(BUILDERS)("with builder %s", (name) => {
  test("permissions are plain, and names that are no text are there", async () => {
    const app = createApp();
    app.put("secret-mode.txt", "x", 0o600);
    app.put("group.txt", "x", 0o664);
    app.put("tool", "#!/bin/sh\n", 0o4700);
    app.put("nua/templates/etc/a.conf.j2", "x", 0o600);
    chmodSync(join(app.root, "nua"), 0o700);
    app.put(Buffer.concat([Buffer.from(`${app.root}/caf`), Buffer.from([0xe9])]), "x", 0o640);
    const before = process.umask(0o077);
    const built = await build(app, name);
    process.umask(before);
    expect(built).toMatchObject({ status: 0 });
    const paths = "/nua/build/* /nua/templates/etc/* /nua/metadata/nua-config.json";
    const listed = await inImage(app, `stat -c '%a %n' ${paths} | LC_ALL=C sort | cat -v`);
    const expected = [
      "644 /nua/build/cafM-i",
      "644 /nua/build/group.txt",
      "644 /nua/build/nua-config.json",
      "644 /nua/build/secret-mode.txt",
      "644 /nua/metadata/nua-config.json",
      "644 /nua/templates/etc/a.conf.j2",
      "755 /nua/build/nua",
      "755 /nua/build/tool",
    ];
    expect(listed.toString().trim().split("\n")).toEqual(expected);
  }, 600_000);

  test("secrets stay here, what apps need goes along, links are not followed", async () => {
    const app = createApp();
    const word = randomBytes(12).toString("hex");
    const secrets = [".env", "sub/.netrc", "sub/.ssh/config", ".npmrc", ".bundle/config", "a.p12"];
    for (const path of secrets) app.put(path, word);
    const kept = [
      ".cargo/config.toml",
      ".streamlit/config.toml",
      ".env.production",
      ".env.example",
    ];
    for (const path of [...kept, "node_modules/own/index.js"]) app.put(path, "kept");
    writeFileSync(join(folder, "outside.txt"), word);
    symlinkSync(join(folder, "outside.txt"), join(app.root, "link"));
    const built = await build(app, name);
    expect(built).toMatchObject({ status: 0 });
    const found = await inImage(
      app,
      `grep -rl ${word} /nua/build; grep -rl kept /nua/build | sort`,
    );
    const expected = [...kept, "node_modules/own/index.js"].map((path) => `/nua/build/${path}`);
    expect(found.toString().trim().split("\n")).toEqual(expected.sort());
    for (const path of [".env", "sub/.netrc", "sub/.ssh", ".npmrc"]) {
      expect(built.text).toContain(`Left out "${path}"`);
    }
    expect(built.text).toContain('"link" is kept as a link that leads out of the app\'s folder');
  }, 600_000);

  test("a folder of links in the place of generated files writes nothing here", async () => {
    const app = createApp('manifest = [".dockerignore", "Dockerfile", "a.txt"]\nbuild = ["true"]');
    app.put("a.txt", "x");
    app.put("Dockerfile", "FROM my-precious\n");
    mkdirSync(join(app.root, "0/1/2/3/4/5"), { recursive: true });
    symlinkSync("0/1/2/3/4/5", join(app.root, "nua"));
    const victim = join(folder, `victim-${name}`);
    symlinkSync(`nua/${"../".repeat(20)}${victim.slice(1)}`, join(app.root, ".dockerignore"));
    for (const generated of ["nua-agent.json", "nua-layers", "nua-source"]) {
      symlinkSync(victim, join(app.root, generated));
    }
    expect(await build(app, name)).toMatchObject({ status: 0 });
    expect(readdirSync(folder)).not.toContain(`victim-${name}`);
    expect(readFileSync(join(app.root, "Dockerfile"), "utf8")).toBe("FROM my-precious\n");
  }, 600_000);
});

test("the same app with other permissions has the same bytes", async () => {
  const app = createApp();
  app.put("sub/data.txt", "x");
  const archives = [0o644, 0o664].map((mode) => join(folder, `${app.id}-${mode}.tar`));
  for (const [index, mode] of [0o644, 0o664].entries()) {
    chmodSync(join(app.root, "sub/data.txt"), mode);
    const flags = ["--reproducible", "--no-cache", "-o", archives[index]!, app.root];
    const client = testBuilder("buildx");
    const outcome = await nuaBuild(flags, { client, env: settings("buildx") });
    expect(outcome).toMatchObject({ status: 0 });
  }
  expect(readFileSync(archives[0]!).equals(readFileSync(archives[1]!))).toBe(true);
}, 600_000);

test("what a bundle has of an app is what a build takes of it", async () => {
  const app = createApp();
  app.put(".dockerignore", "*.log\n");
  for (const path of ["big.log", ".env", "sub/.netrc"]) app.put(path, "secret");
  const client = testBuilder("buildx");
  const bundle = join(folder, `${app.id}.nua`);
  const words = ["bundle", app.root, "--no-prove", "-o", bundle];
  const made = await nuaBuild(words, { client, env: settings("buildx") });
  expect(made).toMatchObject({ status: 0 });
  const text = readFileSync(bundle);
  for (const name of ["big.log", "sub/.netrc"]) expect(text.includes(name)).toBe(false);
}, 600_000);

test("an archive in the app's own folder does not make the next one larger", async () => {
  const app = createApp();
  const client = testBuilder("buildx");
  for (let round = 0; round < 2; round += 1) {
    const flags = ["--no-cache", "-o", app.root, app.root];
    const { status } = await nuaBuild(flags, { client, env: settings("buildx") });
    expect(status).toBe(0);
    const listed = await inImage(app, "ls -A /nua/build");
    expect(listed.toString()).not.toContain(".tar");
  }
}, 600_000);
