import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheKey } from "../../../src/incremental/cache-key.ts";

const state = process.env.XDG_STATE_HOME;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync("/var/tmp/nua-build-test-");
  process.env.XDG_STATE_HOME = folder;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  if (state === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = state;
});

const keyOf = (place: string, id: string) =>
  cacheKey({ place, config: { metadata: { id } } as never });

test("is an app's own: of its folder and its id", async () => {
  const key = await keyOf("/a", "x");
  expect(await keyOf("/a", "x")).toBe(key);
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(await keyOf("/b", "x")).not.toBe(key);
  expect(await keyOf("/a", "y")).not.toBe(key);
});

test("nobody can tell it who cannot read the secret", async () => {
  const key = await keyOf("/a", "x");
  const secret = join(folder, "nua-build/cache-secret");
  expect(statSync(secret).mode & 0o777).toBe(0o600);
  rmSync(secret);
  expect(await keyOf("/a", "x")).not.toBe(key);
});

test("without a place for the secret there is another key each time", async () => {
  writeFileSync(join(folder, "nua-build"), "in the way");
  expect(await keyOf("/a", "x")).not.toBe(await keyOf("/a", "x"));
});
