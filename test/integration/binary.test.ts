/** The compiled binary alone: without a clone, without Node, whatever folder it is started in. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { $ } from "zx";
import { BINARY, nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { METADATA } from "../helpers/config.ts";
import { docker } from "../helpers/engine.ts";
import { NOWHERE } from "../helpers/nowhere.ts";

const EXAMPLE = join(import.meta.dir, "../../examples/hello-python");
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const client = testBuilder("buildx");

test("it builds from an empty folder with nothing in its environment", async () => {
  const alone = join(folder, "alone");
  const output = join(folder, "output");
  for (const path of [alone, output]) await mkdir(path);
  await copyFile(BINARY, join(alone, "nua-build"));
  await chmod(join(alone, "nua-build"), 0o755);
  const env = ["-i", `PATH=${SYSTEM_PATH}`, `NUA_ENGINE=${client.program}`];
  // But for the base that its image is built on, which is there.
  const { NUA_LINUX_BASE = "host" } = process.env;
  for (const [name, value] of Object.entries({ ...client.env, NUA_LINUX_BASE }))
    env.push(`${name}=${value}`);
  const run = $({ cwd: alone, quiet: true, nothrow: true });
  const built = await run`env ${env} ./nua-build -q --output ${output}/ ${EXAMPLE}`;
  expect(built.stderr).toBe("");
  expect(built.stdout).toBe(`${output}/nua-hello-python:1.0-1.tar\n`);
  expect(await readdir(alone)).toEqual(["nua-build"]);
  expect((await readdir(output)).sort()).toEqual([
    "nua-hello-python:1.0-1.tar",
    "nua-hello-python:1.0-1.tar.sha256",
  ]);
});

test("nothing of the current folder changes the tool", async () => {
  const app = join(folder, "app");
  await mkdir(app);
  await writeFile(join(app, "nua-config.toml"), METADATA);
  await writeFile(join(app, ".env"), `NUA_ENGINE=${NOWHERE}\nNUA_LINUX_BASE=evil\nNO_COLOR=\n`);
  await writeFile(join(app, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
  await writeFile(join(app, "evil.ts"), 'throw new Error("evil");\n');
  await writeFile(join(app, "tsconfig.json"), "{ broken");
  await writeFile(
    join(app, "package.json"),
    '{"type": "commonjs", "imports": {"#x": "./evil.ts"}}',
  );
  // NUA_ENGINE of that .env would lead nowhere.
  expect(await nuaBuild(["bases", "list"], { env: client.env, cwd: app })).toMatchObject({
    status: 0,
    stderr: "",
  });
  expect(await nuaBuild(["config"], { cwd: app })).toMatchObject({ status: 0, stderr: "" });
});

describe("exit statuses and where things are printed", () => {
  test.each([
    { argv: ["--version"], status: 0, stdout: /^nua-build version: \d+\.\d+/, stderr: /^$/ },
    { argv: ["-V"], status: 0, stdout: /^nua-build version: \d+\.\d+/, stderr: /^$/ },
    { argv: ["--help"], status: 0, stdout: /USAGE nua-build \[OPTIONS\] \[PATH…\]/, stderr: /^$/ },
    { argv: ["check", EXAMPLE], status: 0, stdout: /^No error/, stderr: /^$/ },
    { argv: ["--validate", EXAMPLE], status: 0, stdout: /^No error/, stderr: /^$/ },
    { argv: ["--nope"], status: 2, stdout: /^$/, stderr: /--nope/ },
    { argv: ["bases", "nope"], status: 2, stdout: /^$/, stderr: /use list, build, save or load/ },
    { argv: [NOWHERE], status: 4, stdout: /^$/, stderr: /no such file or folder/ },
    { argv: ["--engine", NOWHERE, EXAMPLE], status: 6, stdout: /^$/, stderr: /NUA_ENGINE/ },
  ] as { argv: string[]; status: number; stdout: RegExp; stderr: RegExp }[])(
    "$argv ends with $status",
    async ({ argv, status, stdout, stderr }) => {
      const outcome = await nuaBuild(argv);
      expect(outcome.status).toBe(status);
      expect(outcome.stdout).toMatch(stdout);
      expect(outcome.stderr).toMatch(stderr);
    },
  );

  test("a folder of nothing that is known is 3, with what was looked for", async () => {
    const unknown = join(folder, "unknown");
    await mkdir(unknown);
    await writeFile(join(unknown, "notes.txt"), "");
    const outcome = await nuaBuild(["check", unknown]);
    expect(outcome).toMatchObject({ status: 3, stdout: "" });
    expect(outcome.stderr).toMatch(/neither how it is built nor started.*package\.json/s);
  });

  test("no engine behind the socket is 6, with what to do", async () => {
    const env = { DOCKER_HOST: `unix://${NOWHERE}.sock` };
    const outcome = await nuaBuild([EXAMPLE], { env });
    expect(outcome.status).toBe(6);
    expect(outcome.stderr).toContain("hint: start it");
  });
});

test("a full disk is 7, and nothing is left on it", async () => {
  const disk = join(folder, "disk");
  await mkdir(disk);
  const mounted = await $({ quiet: true, nothrow: true })`mount -t tmpfs -o size=20m none ${disk}`;
  expect(mounted.stderr).toBe("");
  try {
    const outcome = await nuaBuild(["--output", `${disk}/`, EXAMPLE], { client });
    expect(outcome.status).toBe(7);
    expect(outcome.stderr).toContain(disk);
    expect(await readdir(disk)).toEqual([]);
  } finally {
    await $({ quiet: true })`umount ${disk}`;
  }
});

test("two runs at once both succeed", async () => {
  const output = join(folder, "twice");
  await mkdir(output);
  const run = () => nuaBuild(["-q", "--output", `${output}/`, EXAMPLE], { client });
  const outcomes = await Promise.all([run(), run()]);
  expect(outcomes.map(({ status }) => status)).toEqual([0, 0]);
  expect(await readdir(output)).toHaveLength(2);
});

// The legacy builder cannot mount the agent: it stays in the image.
describe.each([testBuilder("buildx"), testBuilder("embedded")])(
  "the image that $name builds",
  (by) => {
    test("is no larger than its base and what it brings, with no JavaScript runtime", async () => {
      await nuaBuild(["--no-save", EXAMPLE], { client: by });
      const size = async (image: string) =>
        Number(await docker(by, "image", "inspect", "--format", "{{.Size}}", image));
      const version = (await nuaBuild(["--version"])).stdout.trim().split(" ").at(-1);
      const added = (await size("nua-hello-python:1.0-1")) - (await size(`nua-python:${version}`));
      expect(added).toBeLessThan(5_000_000);
      const search = "command -v node bun; find / -xdev -size +50M -type f";
      expect(await docker(by, "run", "--rm", "nua-hello-python:1.0-1", "sh", "-c", search)).toBe(
        "",
      );
    });
  },
);

test("the folder of the binary is not written to", async () => {
  const names = await readdir(dirname(BINARY));
  expect(names.filter((name) => !name.startsWith("nua-build"))).toEqual([]);
});
