/** What is made anew when something changes, and what is not. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";
import { indexSettings, startSite } from "../helpers/site.ts";
import { startTcpProxy } from "../helpers/tcp-proxy.ts";

// The last one is Debian's, which has BuildKit inside: only that makes layers.
const client = testBuilder("embedded");
const site = startSite();
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  env = {
    ...(await indexSettings(client, site)),
    NUA_OUTPUT: `${folder}/archives/`,
    NUA_BUILD_DIR: join(folder, "contexts"),
    XDG_STATE_HOME: join(folder, "state"),
  };
});
afterAll(async () => {
  site[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Writes an app; its files are old enough to be known for certain. */
async function writeApp(name: string, files: Record<string, string>): Promise<string> {
  const app = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    const file = join(app, path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, text);
    await utimes(file, 1_700_000_000, 1_700_000_000);
  }
  return app;
}

function config(name: string, more = "[run]\nstart = 'true'\n"): Record<string, string> {
  const text = `[metadata]\nid = "test-layers-${name}"\nversion = "1.0"\ntitle = "T"\nauthor = "Nua"\n`;
  return { "nua-config.toml": `${text}${more}` };
}

/** What is told of the layers, by their names. */
async function build(app: string, ...flags: string[]): Promise<Record<string, string>> {
  const built = await nuaBuild(["--explain-cache", ...flags, app], { client, env });
  expect(built).toMatchObject({ status: 0 });
  const told = [...built.stderr.matchAll(/layer (\w+): (.*)/g)];
  return Object.fromEntries(told.map(([, layer = "", what = ""]) => [layer, what]));
}

function inImage(tag: string, ...command: string[]): Promise<string> {
  return docker(client, "run", "--rm", "--entrypoint", command[0]!, tag, ...command.slice(1));
}

describe("an app with requirements", () => {
  const tag = "nua-test-layers-requirements:1.0";
  let app: string;

  beforeAll(async () => {
    app = await writeApp("requirements", {
      ...config("requirements"),
      "requirements.txt": `# ${crypto.randomUUID()}\ntinyweb>=1.0,<2\n`,
      "app.py": "import tinyweb\n",
    });
    await build(app);
  });

  test("a change of the app leaves its dependencies alone", async () => {
    const edited = `import tinyweb  # ${crypto.randomUUID()}\n`;
    await writeApp("requirements", { "app.py": edited });
    expect(await build(app)).toEqual({
      dependencies: "reused",
      app: "made anew: app.py changed",
    });
    expect(await inImage(tag, "cat", "/nua/build/app.py")).toBe(edited.trim());
  });

  test("nothing changed, nothing written", async () => {
    const archive = join(folder, "archives", `${tag}.tar`);
    const listing = async () => [
      (await stat(archive)).mtimeMs,
      (await stat(join(folder, "archives"))).mtimeMs,
      (await stat(join(folder, "contexts"))).mtimeMs,
      (await readdir(join(folder, "state"), { recursive: true })).sort(),
    ];
    const before = await listing();
    const built = await nuaBuild(["--json", app], { client, env });
    expect(built.stderr).toContain("Nothing has changed");
    expect(JSON.parse(built.stdout)).toMatchObject({ ok: true, tag, archive: { file: archive } });
    expect(await listing()).toEqual(before);
  });

  test("but an image that is gone is built", async () => {
    await docker(client, "image", "rm", "--force", tag);
    const built = await nuaBuild(["-q", app], { client, env });
    expect(built).toMatchObject({ status: 0 });
    expect(built.stderr).not.toContain("Nothing has changed");
    expect(await docker(client, "image", "inspect", "--format", "{{.Id}}", tag)).toContain(
      "sha256",
    );
  });

  test("a change of the requirements makes both anew", async () => {
    const text = `# ${crypto.randomUUID()}\ntinyweb==1.0\n`;
    await writeApp("requirements", { "requirements.txt": text });
    const { dependencies, app: own } = await build(app);
    expect(dependencies).toBe("made anew: requirements.txt changed");
    expect(own).toBe("made anew: requirements.txt changed");
    expect(await inImage(tag, "/nua/venv/bin/pip", "list")).toMatch(/tinyweb +1\.0\n/);
  });

  test("--no-cache makes everything anew", async () => {
    const { dependencies } = await build(app, "--no-cache");
    expect(dependencies).toStartWith("made anew");
  });

  test("no cache, list or archive of a package manager is in the image", async () => {
    const found = await inImage(
      tag,
      ...["find", "/var/lib/apt/lists", "/var/cache/apt", "/run", "/nua", "-type", "f"],
    );
    const files = found.split("\n").filter((file) => !/\/lock$|^\/nua\/(venv|build)\//.test(file));
    expect(files.filter((file) => /cache|apt|pip/.test(file))).toEqual([]);
    expect(found).not.toContain("__pycache__/app");
  });
});

test("a project's lock file decides the versions, and its manifest makes a layer", async () => {
  const manifest = "[tool.poetry]\nname = 'a'\nversion = '1'\ndescription = ''\nauthors = []\n";
  const app = await writeApp("locked", {
    ...config("locked"),
    "pyproject.toml": [
      manifest,
      "[tool.poetry.dependencies]\npython = '>=3.10'\ntinyweb = '^1.0'\n",
      "[build-system]\nrequires = ['poetry-core']\nbuild-backend = 'poetry.core.masonry.api'\n",
    ].join(""),
    "poetry.lock": `[[package]]\nname = "tinyweb"\nversion = "1.0"\n# ${crypto.randomUUID()}\n`,
    "a.py": "import tinyweb\n",
  });
  await build(app);
  const tag = "nua-test-layers-locked:1.0";
  // Without the lock it would be 1.2.
  expect(await inImage(tag, "/nua/venv/bin/pip", "list")).toMatch(/tinyweb +1\.0\n/);
  expect(await inImage(tag, "python", "-c", "import a; print(a.tinyweb.LINE)")).toContain("1.0");
  await writeApp("locked", { "a.py": `import tinyweb  # ${crypto.randomUUID()}\n` });
  expect(await build(app)).toMatchObject({ dependencies: "reused" });
});

test("what only the build of a Node app needs is in no layer of its image", async () => {
  const places = ["built.txt", "node_modules/ms/built.txt", "node_modules/is-number/built.txt"];
  const script = `require('is-number'); for (const one of process.argv.slice(1)) require('fs').writeFileSync(one, 'yes')`;
  const app = await writeApp("node", {
    ...config("node", '[build]\nlicense = "MIT"\nbuilder = "node-20"\n[run]\nstart = "true"\n'),
    "package.json": JSON.stringify({
      name: "node",
      scripts: { build: `node -e "${script}" ${places.join(" ")}` },
      dependencies: { ms: "2.1.3" },
      devDependencies: { "is-number": "7.0.0" },
    }),
    "index.js": "",
  });
  await build(app);
  const tag = "nua-test-layers-node:1.0";
  expect(await inImage(tag, "ls", "/nua/build/node_modules")).toBe("ms");
  // What the build makes of dependencies is there, as far as these are.
  for (const place of places.slice(0, 2)) {
    expect(await inImage(tag, "cat", `/nua/build/${place}`)).toBe("yes");
  }
  const edited = `// ${crypto.randomUUID()}\n`;
  await writeApp("node", { "index.js": edited });
  expect(await build(app)).toEqual({
    ...{ development: "reused", dependencies: "reused" },
    app: "made anew: index.js changed",
  });
  expect(await inImage(tag, "cat", "/nua/build/index.js")).toBe(edited.trim());
});

test("Debian packages that stay have a layer; lists and archives do not", async () => {
  const run = '[run]\nstart = "true"\npackages = ["netcat-openbsd"]\n';
  const app = await writeApp("debian", { ...config("debian", run), "app.py": "" });
  await build(app);
  await writeApp("debian", { "app.py": `# ${crypto.randomUUID()}\n` });
  expect(await build(app)).toEqual({ packages: "reused", app: "made anew: app.py changed" });
  const tag = "nua-test-layers-debian:1.0";
  expect(await inImage(tag, "sh", "-c", "command -v nc")).toContain("nc");
  const left = await inImage(tag, "find", "/var/lib/apt/lists", "/var/cache/apt", "-type", "f");
  expect(left.replace(/\S*\/lock$/gm, "").trim()).toBe("");
});

describe("several apps", () => {
  test("are built side by side; the worst failure decides", async () => {
    const good = await writeApp("good", { ...config("good"), "app.py": "" });
    const bad = await writeApp("bad", config("bad", '[build]\nlicense = "MIT"\ntest = "false"\n'));
    const words = ["--json", "--jobs", "2", good, bad, join(folder, "missing")];
    const { status, stdout, stderr } = await nuaBuild(words, { client, env });
    expect(status).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      status: 5,
      builds: [
        { path: good, ok: true, tag: "nua-test-layers-good:1.0" },
        { path: bad, ok: false, code: "build" },
        { path: join(folder, "missing"), ok: false, code: "input" },
      ],
    });
    expect(stderr).toMatch(/good +built/);
    expect(stderr).toMatch(/bad +failed/);
  });

  test("do not go to one file", async () => {
    const words = ["--output", join(folder, "one.tar"), "./a", "./b"];
    const { status, stderr } = await nuaBuild(words, { client, env });
    expect(status).toBe(2);
    expect(stderr).toContain("it is not a folder");
  });
});

test("an engine over TCP builds, and the archive is here", async () => {
  const socket = (client.env.DOCKER_HOST ?? "unix:///var/run/docker.sock").replace("unix://", "");
  using proxy = startTcpProxy(socket);
  const app = await writeApp("remote", { ...config("remote"), "app.py": crypto.randomUUID() });
  const remote = { ...env, DOCKER_HOST: proxy.host };
  const built = await nuaBuild(["-q", app], { client, env: remote });
  expect(built).toMatchObject({ status: 0 });
  expect(await Bun.file(built.stdout.trim()).exists()).toBe(true);
});
