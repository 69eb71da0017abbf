import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { readContextName, storeContextName } from "../../../src/incremental/context-name.ts";
import { listingLine } from "../../../src/incremental/file-listing.ts";
import type { BuildInputs, BuildRecord } from "../../../src/incremental/record.ts";

const APP = { place: "/app", tag: "nua-app:1.0" };
const NAME = "context-of-the-last-build";

const state = process.env.XDG_STATE_HOME;
beforeEach(() => {
  process.env.XDG_STATE_HOME = mkdtempSync("/var/tmp/nua-build-test-");
});
afterEach(() => {
  rmSync(process.env.XDG_STATE_HOME!, { recursive: true });
  if (state === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = state;
});

function inputs(digest: string, mtimeMs = 1): BuildInputs {
  const facts = { size: 1, mtimeMs, mode: 0o644, digest, identity: "" };
  return { version: 3, parts: {}, files: listingLine("f", facts), images: {} };
}

function recorded(digest: string): BuildRecord {
  return { inputs: inputs(digest), imageId: "sha256:1", contextName: NAME, warnings: [] };
}

async function taken(now: BuildInputs | undefined, record: BuildRecord | undefined) {
  await storeContextName(APP.place, APP.tag, NAME);
  return readContextName(APP, { inputs: now, record });
}

test("the builder's copy is used again where it sees all that has changed", async () => {
  expect(await taken(inputs("a"), recorded("a"))).toBe(NAME);
  expect(await taken(inputs("b", 2), recorded("a"))).toBe(NAME);
});

test.each([
  ["a file has changed whose size and time have not", inputs("b"), recorded("a")],
  ["nothing is known of the last build, or everything is to be done", inputs("a"), undefined],
  ["the inputs cannot be known", undefined, recorded("a")],
  ["the record is of another build", inputs("a"), { ...recorded("a"), contextName: "other" }],
])("not where %s", async (_, now, record) => {
  const name = await taken(now, record);
  expect(name).toMatch(/^context-[0-9a-f]{32}$/);
  expect(await taken(now, record)).not.toBe(name);
});

test("it is given up by a build that does not end, and used by one at a time", async () => {
  await storeContextName(APP.place, APP.tag, NAME);
  const both = { inputs: inputs("a"), record: recorded("a") };
  expect(await readContextName(APP, both)).toBe(NAME);
  expect(await readContextName(APP, both)).not.toBe(NAME);
});

test("another app, or another folder, has another", async () => {
  await storeContextName(APP.place, APP.tag, NAME);
  const both = { inputs: inputs("a"), record: recorded("a") };
  expect(await readContextName({ ...APP, place: "/b" }, both)).not.toBe(NAME);
  expect(await readContextName({ ...APP, tag: "nua-b:1.0" }, both)).not.toBe(NAME);
});
