/**
 * What deployment needs, by the letters of its checklist: T of the archive, C of the configuration
 * in it, I of the image; on an image that was built and an archive that was written.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Outcome } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import {
  CONTRACT_APP,
  CONTRACT_ID,
  CONTRACT_TAG,
  openWorkshop,
  type Workshop,
} from "../helpers/contract-app.ts";
import { readAsOrchestrator } from "../helpers/deployment-rules.ts";
import { docker, startApp } from "../helpers/engine.ts";

const client = testBuilder("embedded");

let shop: Workshop;
let built: Outcome;
let archive: Uint8Array;
beforeAll(async () => {
  shop = await openWorkshop(client);
  built = await shop.build(CONTRACT_APP);
  expect(built).toMatchObject({ status: 0 });
  archive = await readFile(join(shop.output, `${CONTRACT_TAG}.tar`));
});
afterAll(() => shop[Symbol.asyncDispose]());

function storedConfig(): Record<string, unknown> {
  return readAsOrchestrator(archive) as Record<string, unknown>;
}

describe("the archive", () => {
  test("T1: its name and place", async () => {
    expect((await stat(join(shop.output, `nua-${CONTRACT_ID}:1.10-2.tar`))).isFile()).toBe(true);
  });
  test("T2: its version is one that can be ordered", () => {
    expect(built.stderr).not.toContain("has no order");
  });
  test("T3 T4 T5 10.18: plain tars, one layer with the configuration, which YAML can read", async () => {
    expect(readAsOrchestrator(archive)).toMatchObject({ metadata: { title: "The contract 🎉" } });
    expect(new TextDecoder().decode(archive)).not.toContain("\\ud83c");
  });
  test("T6: docker load returns the image, with its creation time and size", async () => {
    await docker(client, "image", "rm", "--force", CONTRACT_TAG);
    const file = join(shop.output, `${CONTRACT_TAG}.tar`);
    expect(await docker(client, "load", "--input", file)).toContain(CONTRACT_TAG);
    const [created = "", size] = (
      await shop.inspect(CONTRACT_TAG, "{{json .Created}} {{.Size}}")
    ).split(" ");
    expect(created.length).toBeGreaterThanOrEqual(21);
    expect(Number(size)).toBeGreaterThan(1e6);
  });
});

describe("the configuration in the archive", () => {
  const keys: [string, string, unknown][] = [
    ["C1", "metadata", { id: CONTRACT_ID, version: "1.10", release: 2, tags: ["test"] }],
    ["C2", "build", { license: "MIT" }],
    [
      "C3",
      "port",
      {
        web: { container: 8000, host: null, proxy: null, protocol: "tcp", ssl: true, web: true },
        api: { container: 9000, host: null, proxy: 9001, protocol: "tcp", ssl: true, web: true },
      },
    ],
    [
      "C4",
      "env",
      {
        GREETING: "hello",
        NUMBER: "8.50",
        LIST: "[1, 'a']",
        SECRET: { random: "True", length: "24", persistent: "" },
        HOST: { from: "db", key: "hostname" },
      },
    ],
    ["C5", "env", { URL: "http://{GREETING}/" }],
    ["C6", "volume", [{ name: "data", target: "/nua/app/data" }]],
    ["C7", "healthcheck", { command: "true", interval: 30 }],
    ["C8", "docker", { mem_limit: "1G", restart_policy: { name: "always" } }],
    ["C9", "run", { "post-run": "echo {label}", "post-run-status": "running" }],
    ["C10", "backup", { method: "tgz_volumes", options: { destination: "local" } }],
    [
      "C11",
      "provider",
      [
        {
          name: "db",
          type: "docker-image",
          network: true,
          build: { "base-image": expect.stringContaining("postgres") },
        },
      ],
    ],
  ];
  test.each(keys)("%s: %s", async (_, key, expected) => {
    expect(storedConfig()[key]).toMatchObject(expected as object);
  });
  test("C4: no value of the environment is anything but text", async () => {
    const { env: stored } = storedConfig();
    const leaves = Object.values(stored as object).flatMap((value) =>
      typeof value === "object" ? Object.values(value as object) : [value],
    );
    expect(leaves.filter((leaf) => typeof leaf !== "string")).toEqual([]);
  });
  test("C7: what the healthcheck does not say is absent, not null", async () => {
    expect(Object.keys(storedConfig().healthcheck as object)).toEqual(["command", "interval"]);
  });
});

describe("the image", () => {
  test("I1: root starts start.py", async () => {
    const format = "{{.Config.User}}|{{json .Config.Entrypoint}}|{{json .Config.Cmd}}";
    expect(await shop.inspect(CONTRACT_TAG, format)).toBe(
      '|null|["python","/nua/scripts/start.py"]',
    );
  });
  test("I2: the environment of the container is the app's, read when it starts", async () => {
    for (const greeting of ["one", "two"]) {
      await using app = await startApp(client, CONTRACT_TAG, {
        port: 8000,
        env: { GREETING: greeting },
      });
      expect((await app.get("/")).body).toStartWith(`${greeting}|`);
    }
  });
  test("I3: its labels", async () => {
    const labels = JSON.parse(await shop.inspect(CONTRACT_TAG, "{{json .Config.Labels}}"));
    expect(labels).toMatchObject({
      APP_ID: CONTRACT_ID,
      NUA_TAG: CONTRACT_TAG,
      NUA_BUILD_VERSION: expect.stringMatching(/^\d/),
    });
  });
  test("I4: backups need nothing of it: no volume is declared, none would be lost", async () => {
    expect(await shop.inspect(CONTRACT_TAG, "{{json .Config.Volumes}}")).toBe("null");
  });
});
