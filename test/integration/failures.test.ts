/** What fails or is interrupted says so, by its exit status, and leaves nothing behind. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BINARY, nuaBuild } from "../helpers/binary.ts";
import { testBuilders } from "../helpers/builders.ts";
import { METADATA } from "../helpers/config.ts";
import { type Client, docker } from "../helpers/engine.ts";

const STEPS = [
  ...["load-config", "plan-build", "ensure-bases", "stage-context"],
  ...["build-image", "check-image", "save-archive"],
];

let base: string;
beforeAll(async () => {
  base = await mkdtemp("/var/tmp/nua-build-test-");
});
afterAll(() => rm(base, { recursive: true, force: true }));

interface Workplace {
  app: string;
  /** Folders that a run may write to, both empty. */
  env: { NUA_BUILD_DIR: string; NUA_OUTPUT: string };
  /** What is left of a run: files, and containers that were not there before. */
  leftovers(): Promise<string[]>;
}

/** An app of its own, so that no layer of it is cached. */
async function createWorkplace(client: Client, sections: string): Promise<Workplace> {
  const folder = join(base, crypto.randomUUID());
  const app = join(folder, "app");
  const env = { NUA_BUILD_DIR: join(folder, "build"), NUA_OUTPUT: join(folder, "output") };
  for (const path of [app, env.NUA_BUILD_DIR, env.NUA_OUTPUT])
    await mkdir(path, { recursive: true });
  const metadata = METADATA.replace('"app"', '"nua-test-failures"');
  await writeFile(join(app, "nua-config.toml"), `${metadata}${sections}`);
  await writeFile(join(app, "unique"), crypto.randomUUID());
  const containers = async () => (await docker(client, "ps", "--all", "--quiet")).split("\n");
  const before = new Set(await containers());
  return {
    app,
    env,
    leftovers: async () => {
      const added = async () => (await containers()).filter((id) => !before.has(id));
      // The engine removes the container of a cancelled build in its own time.
      for (let waited = 0; waited < 50 && (await added()).length > 0; waited += 1) {
        await Bun.sleep(100);
      }
      const files = [...(await readdir(env.NUA_BUILD_DIR)), ...(await readdir(env.NUA_OUTPUT))];
      return [...files, ...(await added())];
    },
  };
}

const clients = testBuilders();

describe.each(clients)("with $name", (client) => {
  afterAll(async () => {
    await docker(client, "image", "rm", "--force", "nua-test-failures:1.0").catch(() => "");
  });

  test.each([
    {
      name: "a failing build command",
      sections: '[build]\nbuild = ["true", "echo seen; cd /nowhere"]\n',
      key: "build.build[1]",
      line: 7,
      says: "/nowhere",
    },
    {
      name: "a failing test",
      sections: '[build]\ntest = "echo checked; exit 3"\n',
      key: "build.test",
      line: 7,
      says: "checked",
    },
  ])("$name ends with 5 and its place", async ({ sections, key, line, says }) => {
    const { app, env, leftovers } = await createWorkplace(client, sections);
    const outcome = await nuaBuild(["--json", app], { client, env });
    expect(outcome.status).toBe(5);
    expect(outcome.stderr).toContain(`step: ${key}`);
    expect(outcome.stderr).toContain(`nua-config.toml:${line}:`);
    expect(outcome.stderr).toContain(says);
    expect(outcome.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ ok: false, code: "build", step: key });
    expect(await leftovers()).toEqual([]);
  });

  test.each(STEPS)("an interrupt in %s ends with 130", async (step) => {
    const sections = '[build]\nbuild = "sleep 2"\n[run]\nstart = "true"\n';
    const { app, env, leftovers } = await createWorkplace(client, sections);
    const child = spawn(BINARY, ["-v", ...flagsOf(step), app], {
      env: { ...process.env, ...client.env, ...env, NUA_ENGINE: client.program },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const before = stderr.includes(step);
      stderr += text;
      // The later steps are given a moment, so that they are in the middle of it.
      if (!before && stderr.includes(step)) setTimeout(() => child.kill("SIGINT"), delayOf(step));
    });
    // As a shell tells it, of a run that had nothing to clean up yet, too.
    const status = await new Promise((resolve) =>
      child.once("close", (code, by) => resolve(by === "SIGINT" ? 130 : code)),
    );
    expect({ status, stderr }).toMatchObject({ status: 130 });
    expect(await leftovers()).toEqual([]);
  });
});

/** An archive that is compressed is long in the making; others may be done when their step begins. */
function flagsOf(step: string): string[] {
  return step === "save-archive" ? ["--compress", "gzip"] : [];
}

function delayOf(step: string): number {
  return step === "build-image" ? 1000 : step === "save-archive" ? 200 : 0;
}
