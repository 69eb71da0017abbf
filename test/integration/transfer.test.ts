/** Images on their way: saved, carried as files and streams, loaded, completed, and rebuilt. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { BINARY, nuaBuild } from "../helpers/binary.ts";
import { testBuilder, testBuilders } from "../helpers/builders.ts";
import { type Client, docker } from "../helpers/engine.ts";
import { sha256, tarOf } from "../helpers/image-archive.ts";

const EXAMPLE = join(import.meta.dir, "../../examples/hello-python");

const client = testBuilder("legacy");
/** Its layers are a few bytes, and its base is an image of the test's own. */
const [BASE, TAG] = ["nua-test-transfer-base:1", "nua-test-transfer:1"];

let folder: string;
let output: string;
beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  output = `${folder}/archives/`;
  await writeFile(join(folder, "base.tar"), await tarOf({ "base.txt": "x".repeat(200_000) }));
  await docker(client, "import", join(folder, "base.tar"), BASE);
  const context = join(folder, "app.tar");
  const label = `LABEL org.opencontainers.image.base.name=${BASE}`;
  const Dockerfile = `FROM ${BASE}\n${label}\nCOPY app.txt /\nCMD ["none"]\n`;
  await writeFile(context, await tarOf({ Dockerfile, "app.txt": crypto.randomUUID() }));
  await $({
    quiet: true,
    env: { ...process.env, ...client.env },
  })`cat ${context} | ${client.program} build --tag ${TAG} -`;
});
afterAll(async () => {
  for (const tag of [TAG, BASE])
    await docker(client, "image", "rm", "--force", tag).catch(() => "");
  await rm(folder, { recursive: true, force: true });
});

/** What a command prints on standard output. */
async function run(...argv: string[]): Promise<string> {
  const env = { NUA_OUTPUT: output, NUA_BUILD_DIR: folder };
  const { status, stdout, stderr } = await nuaBuild(argv, { client, env });
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.trim();
}

async function save(...flags: string[]): Promise<string> {
  return run("save", "-q", TAG, ...flags);
}

async function digestOf(file: string): Promise<string> {
  return sha256(await readFile(file));
}

describe("an image that is saved", () => {
  test("is what is loaded, and left alone when it is saved again", async () => {
    const file = await save();
    expect(file).toBe(`${output}nua-test-transfer:1.tar`);
    const before = await digestOf(file);
    await docker(client, "image", "rm", "--force", TAG);
    expect(await run("load", "-q", file)).toBe(TAG);
    const { mtimeMs } = await Bun.file(file).stat();
    expect(await save()).toBe(file);
    expect((await Bun.file(file).stat()).mtimeMs).toBe(mtimeMs);
    await rm(file);
    expect(await digestOf(await save())).toBe(before);
    expect(await docker(client, "inspect", "--format", "{{.Config.Cmd}}", TAG)).toBe("[none]");
  });

  test.each(["--compress zstd", "--compress gzip:9", "--split 60k", "--safe-name"])(
    "can be loaded from the form %s",
    async (flags) => {
      const [file = ""] = (await save(...flags.split(" "))).split("\n");
      expect(await run("load", "-q", file)).toBe(TAG);
      expect(await run("verify", "-q", file)).toBe(`${file}: whole`);
    },
  );

  test("can go through a pipe", async () => {
    const env = {
      ...process.env,
      NUA_ENGINE: client.program,
      NUA_BUILD_DIR: folder,
      ...client.env,
    };
    const pipe = $({ quiet: true, env });
    const piped = await pipe`${BINARY} save -q ${TAG} -o - | ${BINARY} load -q -`;
    expect(piped.stdout).toBe(`${TAG}\n`);
    const sum = await pipe`${BINARY} save -q ${TAG} -o - | sha256sum`;
    expect(sum.stdout.slice(0, 64)).toBe(await digestOf(await save()));
  });

  test("says so when the reader of the pipe stops", async () => {
    const words = [BINARY, "save", "-q", "nua-python:0.1.0", "-o", "-"];
    const env = {
      ...process.env,
      NUA_ENGINE: client.program,
      NUA_BUILD_DIR: folder,
      ...client.env,
    };
    const line = `"$@" | head -c 5000 >/dev/null; echo "$PIPESTATUS"`;
    const stopped = await $({ quiet: true, env })`bash -c ${line} bash ${words}`;
    expect(stopped.stdout).toBe("7\n");
    expect(stopped.stderr).toContain("Save to standard output: its reader stopped before the end");
    expect((await readdir(folder)).filter((name) => name.startsWith("nua-build-"))).toEqual([]);
  });

  test("is told the same from the file and from the engine", async () => {
    const file = await save();
    const fromFile = JSON.parse(await run("inspect", "--json", file));
    const fromEngine = JSON.parse(await run("inspect", "--json", TAG));
    expect(fromEngine).toEqual(fromFile);
    expect(fromFile).toMatchObject({ tags: [TAG], base: BASE });
    expect(fromFile.largestFiles[0]).toMatchObject({ path: "/base.txt", bytes: 200_000 });
  });
});

describe("a thin archive", () => {
  test("needs its base in the engine, and says what to bring", async () => {
    const whole = await digestOf(await save());
    const base = await run("save", "-q", BASE);
    const thin = await save("--thin", "-o", join(folder, "thin.tar"));
    expect((await Bun.file(thin).stat()).size).toBeLessThan(100_000);
    for (const tag of [TAG, BASE]) await docker(client, "image", "rm", "--force", tag);
    const refused = await nuaBuild(["load", thin], { client });
    expect(refused.status).toBe(4);
    expect(refused.stderr).toContain(`its base image ${BASE} is not in the engine`);
    expect(refused.stderr).toContain(`nua-build save ${BASE}`);
    expect(await run("load", "-q", base)).toBe(BASE);
    expect(await run("load", "-q", thin)).toBe(TAG);
    expect(await digestOf(await save())).toBe(whole);
    const full = join(folder, "full.tar");
    expect(await run("thicken", "-q", thin, base, "-o", full)).toBe(full);
    expect(await digestOf(full)).toBe(whole);
  });

  test("cannot be made of an image whose base is not known", async () => {
    const { status, stderr } = await nuaBuild(["save", BASE, "--thin", "-o", folder], { client });
    expect({ status, stderr }).toMatchObject({ status: 4 });
    expect(stderr).toContain("it has no label org.opencontainers.image.base.name");
  });
});

test("a damaged archive never reaches the engine", async () => {
  const file = await save("-o", join(folder, "damaged.tar"));
  const id = await docker(client, "inspect", "--format", "{{.Id}}", TAG);
  const bytes = await readFile(file);
  bytes[bytes.indexOf("xxxx") + 100] = 0;
  await writeFile(file, bytes);
  const { status, stderr } = await nuaBuild(["load", file], { client });
  expect(status).toBe(7);
  expect(stderr).toContain("its digest is not the one in its name");
  expect(await docker(client, "inspect", "--format", "{{.Id}}", TAG)).toBe(id);
  expect((await nuaBuild(["verify", file], { client })).stderr).toContain("checksum file");
});

describe.each(testBuilders())("a reproducible image by $name", (builder: Client) => {
  const build = (path: string, ...flags: string[]) =>
    nuaBuild(["-q", "--json", ...flags, path], {
      client: builder,
      env: { NUA_OUTPUT: output, NUA_BUILD_DIR: folder },
    });

  test("comes out of its source again, to the last byte", async () => {
    const { stdout } = await build(EXAMPLE, "--reproducible");
    const { archive, tag } = JSON.parse(stdout);
    const created = await docker(builder, "inspect", "--format", "{{.Created}}", tag);
    expect(created).toStartWith("1980-01-02T00:00:00");
    const again = await nuaBuild(["verify", "-q", "--rebuild", archive.file, EXAMPLE], {
      client: builder,
      env: { NUA_BUILD_DIR: folder },
    });
    expect(again).toEqual({ status: 0, stdout: "identical\n", stderr: "" });
    expect(await docker(builder, "images", "--quiet", "nua-candidate")).toBe("");
  });

  test("and what is different is named", async () => {
    const app = join(folder, builder.name.replaceAll(" ", "-"));
    await $({ quiet: true })`cp -r ${EXAMPLE} ${app}`;
    const { stdout } = await build(app, "--reproducible");
    await writeFile(join(app, "src/hello/server.py"), "changed = True\n");
    const { archive } = JSON.parse(stdout);
    const changed = await nuaBuild(["verify", "-q", "--rebuild", archive.file, app], {
      client: builder,
    });
    expect(changed.status).toBe(7);
    expect(changed.stderr).toMatch(
      /not identical: layer \d of \d: \/nua\/build\/src\/hello\/server.py: its size/,
    );
  });
});
