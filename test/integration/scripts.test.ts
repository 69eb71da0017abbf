/** Scripts of apps in a container, with every name of nua.lib and nua.agent that they may use. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { $ } from "zx";
import { testBuilder } from "../helpers/builders.ts";
import { openWorkshop, type Workshop } from "../helpers/contract-app.ts";
import { docker } from "../helpers/engine.ts";

const FIXTURES = join(import.meta.dir, "../fixtures");
const client = testBuilder("embedded");

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop(client);
});
afterAll(() => shop[Symbol.asyncDispose]());

test("build.py and start.py with all that existing scripts import", async () => {
  const built = await shop.build(join(FIXTURES, "script-names"), ["--no-save"]);
  expect(built).toMatchObject({ status: 0 });
  const image = "nua-test-script-names:1.0";
  expect(await shop.sh("cat /nua/build/names-done", image)).toBe("0");
  const run = $({ quiet: true, nothrow: true, env: { ...process.env, ...client.env } });
  const words = ["run", "--rm", "--env", "WHO=a person", image];
  const { exitCode, stdout, stderr } = await run`${[client.program, ...words]}`;
  expect({ exitCode, stderr }).toEqual({ exitCode: 6, stderr: "$ ls /nua/app/data\n" });
  expect(stdout).toEndWith("started by nua with its own\n");
});

test("managers of databases, on real servers", async () => {
  const built = await shop.build(join(FIXTURES, "script-databases"), ["--no-save"]);
  expect(built).toMatchObject({ status: 0 });
  const said = await docker(client, "run", "--rm", "nua-test-script-databases:1.0");
  expect(said).toContain("PostgresManager works");
  expect(said).toContain("MariaDbManager works");
});
