/** Every example, by every client: built, saved, removed, loaded back, run, asked, stopped. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilders } from "../helpers/builders.ts";
import { docker, startApp } from "../helpers/engine.ts";
import { readApps } from "../helpers/expectation.ts";

const clients = testBuilders();
const apps = readApps(join(import.meta.dir, "../../examples"));
let output: string;

beforeAll(async () => {
  output = await mkdtemp("/var/tmp/nua-build-test-");
});
afterAll(() => rm(output, { recursive: true, force: true }));

describe.each(clients)("with $name", (client) => {
  test.each(apps)("$name builds and answers", async ({ path, expected }) => {
    const built = await nuaBuild(["--json", "--output", `${output}/`, path], { client });
    expect(built).toMatchObject({ status: 0 });
    const report = JSON.parse(built.stdout);
    expect(report.tag).toBe(expected.tag);
    expect(await readdir(output)).toContain(`${expected.tag}.tar`);

    await docker(client, "image", "rm", "--force", expected.tag);
    await docker(client, "load", "--input", report.archive.file);
    const { http, env } = expected;
    await using app = await startApp(client, expected.tag, { port: http.port, env: env ?? {} });
    expect(await app.get(http.path)).toEqual({ status: http.status, body: http.body });
    const stopped = await app.stop();
    if (expected.stop) expect(stopped.status).toBe(expected.stop.status);
  });
});
