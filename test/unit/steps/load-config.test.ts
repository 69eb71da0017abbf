import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfigStep } from "../../../src/steps/load-config.ts";
import { METADATA } from "../../helpers/config.ts";
import { planApp } from "../../helpers/planned-app.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";

async function load(text: string, settings: Parameters<typeof recordedSession>[1] = {}) {
  const engine = new Recorder();
  const { session, told } = recordedSession(engine, settings);
  await using app = await planApp(session);
  const { root: path } = app.loaded;
  await writeFile(join(path, "nua-config.toml"), text);
  const outcome = (strict: boolean) =>
    loadConfigStep.run({ path, strict }, session).then(
      ({ config }) => config.metadata.id,
      ({ code }: { code: string }) => code,
    );
  const result = { plain: await outcome(false), strict: await outcome(true) };
  expect(engine.calls).toEqual([]);
  return { ...result, told };
}

test("a configuration without faults is read, and nothing is told", async () => {
  expect(await load(METADATA)).toEqual({ plain: "app", strict: "app", told: [] });
});

test("an unknown key is told, or an error where that is wanted", async () => {
  const { plain, strict, told } = await load(`${METADATA}[build]\nbiuld = []\n`);
  expect({ plain, strict }).toEqual({ plain: "app", strict: "config" });
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^warn: .*build\.biuld: unknown key/s);
});

test("how much a configuration may have is a setting", async () => {
  const long = `${METADATA}tagline = "${"x".repeat(2000)}"\n`;
  expect((await load(long)).plain).toBe("app");
  expect((await load(long, { configLimit: "1" })).plain).toBe("config");
});
