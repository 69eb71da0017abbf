/** What an app may write to when its container starts: the volumes that it declares. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";

/** Writes to each of the volumes, and says to which it could not. */
const APP = `import os, sqlite3
for folder in ("/srv/data", "/nua/app/sqlite"):
    try:
        sqlite3.connect(folder + "/x.db").execute("create table if not exists t (a)")
        print("written", folder, oct(os.stat(folder).st_mode & 0o7777))
    except (sqlite3.Error, OSError) as error:
        print("failed", folder, error)
`;

const WRITTEN = ["written /srv/data 0o755", "written /nua/app/sqlite 0o755"];

function config(id: string): string {
  return `[metadata]
id = "${id}"
version = "1.0"
title = "Volumes"
author = "Nua"
[run]
start = "python app.py"
[[volume]]
name = "data"
target = "/srv/data"
[[provider]]
name = "db"
module-name = "sqlite"
`;
}

describe.each(["buildx", "legacy"] as const)("with %s", (name) => {
  const id = `test-volumes-${crypto.randomUUID().slice(0, 8)}`;
  const tag = `nua-${id}:1.0`;
  const volume = `${id}-volume`;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp("/var/tmp/nua-build-test-");
    const app = join(folder, "app");
    await mkdir(app);
    await writeFile(join(app, "nua-config.toml"), config(id));
    await writeFile(join(app, "app.py"), APP);
    const env = { XDG_STATE_HOME: join(folder, "state"), NUA_BUILD_DIR: join(folder, "build") };
    const built = await nuaBuild(["--no-save", app], { client: testBuilder(name), env });
    expect(built).toMatchObject({ status: 0 });
  });
  afterAll(async () => {
    const client = testBuilder(name);
    await docker(client, "volume", "rm", "--force", volume);
    await docker(client, "rmi", "--force", tag);
    await rm(folder, { recursive: true, force: true });
  });

  /** What the app prints, and what is said of its volumes. */
  async function start(...flags: string[]): Promise<{ said: string[]; warned: string[] }> {
    const { program, env } = testBuilder(name);
    const run = $({ quiet: true, env: { ...process.env, ...env } });
    const { stdout, stderr } = await run`${[program, "run", "--rm", ...flags, tag]}`;
    return { said: lines(stdout), warned: lines(stderr) };
  }

  test("they are there without a mount", async () => {
    expect(await start()).toEqual({ said: WRITTEN, warned: [] });
  });

  test("a named volume is the app's, and stays so", async () => {
    const mount = ["--volume", `${volume}:/srv/data`];
    expect(await start(...mount)).toEqual({ said: WRITTEN, warned: [] });
    expect(await start(...mount)).toEqual({ said: WRITTEN, warned: [] });
  });

  test("a fresh folder of the host's is the app's", async () => {
    const mount = ["--volume", `${folder}/made/by-the-engine:/srv/data`];
    expect(await start(...mount)).toEqual({ said: WRITTEN, warned: [] });
  });

  test("a folder with somebody's data is left as it is", async () => {
    const data = join(folder, "data");
    await mkdir(data);
    await writeFile(join(data, "file"), "theirs");
    const { uid } = await stat(data);
    const { said } = await start("--volume", `${data}:/srv/data`);
    expect(said[0]).toStartWith("failed /srv/data");
    expect((await stat(data)).uid).toBe(uid);
  });

  test("a fresh one that is read-only is a warning", async () => {
    const { said, warned } = await start("--volume", `${folder}/made/empty:/srv/data:ro`);
    expect(said[0]).toStartWith("failed /srv/data");
    expect(said[1]).toBe(WRITTEN[1]);
    expect(warned).toEqual(['nua: Prepare volume "/srv/data": Read-only file system']);
  });

  test("in memory, and with a root file system that is read-only", async () => {
    const { said } = await start("--tmpfs", "/srv/data", "--read-only");
    expect(said[0]).toStartWith("written /srv/data");
    expect(said[1]).toStartWith("failed");
  });

  test("as another user, the app starts as far as it can", async () => {
    const { said } = await start("--user", "1234", "--tmpfs", "/srv/data");
    expect(said).toEqual([
      "written /srv/data 0o1777",
      "failed /nua/app/sqlite unable to open database file",
    ]);
  });
});

// --- internal ---

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
