/** Archives that a checksum vouches for are fetched once. */
import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createReporter } from "../../../src/session/reporter.ts";
import { createSession } from "../../../src/session/session.ts";
import { loadSettings } from "../../../src/session/settings.ts";
import { fetchSource } from "../../../src/source/fetch-source.ts";

const CONTENT = "an archive\n".repeat(120_000);
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

let asked = 0;
let folder: string;
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch() {
    asked += 1;
    return new Response(CONTENT);
  },
});

beforeEach(async () => {
  asked = 0;
  folder = await mkdtemp(join(tmpdir(), "nua-kept-"));
  process.env.XDG_CACHE_HOME = join(folder, "cache");
});
afterEach(async () => {
  delete process.env.XDG_CACHE_HOME;
  await rm(folder, { recursive: true });
});
afterAll(() => server.stop(true));

async function fetchIt(sha256: string | null, settings: Record<string, string> = {}) {
  const session = createSession({
    settings: loadSettings(settings),
    report: createReporter(-1),
    signal: new AbortController().signal,
  });
  const target = join(folder, "target");
  await rm(target, { force: true });
  const url = `http://127.0.0.1:${server.port}/app.tar.gz`;
  const source = { kind: "archive", url, sha256, dir: "app", key: "build.src-url" } as const;
  const runElsewhere = () => Promise.reject(new Error("no git is needed"));
  const request = { source, root: folder, target, work: join(folder, "work"), runElsewhere };
  const fetched = await fetchSource(request, session);
  return { fetched, text: await readFile(target, "utf8") };
}

const kept = () => join(folder, "cache/nua-build/sources", SHA256);
const WHOLE = { fetched: { bytes: CONTENT.length, sha256: SHA256 }, text: CONTENT };

test("with a checksum it is fetched once", async () => {
  for (const _ of [1, 2, 3]) expect(await fetchIt(SHA256)).toEqual(WHOLE);
  expect(asked).toBe(1);
  expect(await readdir(join(folder, "cache/nua-build/sources"))).toEqual([SHA256]);
});

test("without one it is fetched each time, and not kept", async () => {
  for (const _ of [1, 2]) expect(await fetchIt(null)).toEqual(WHOLE);
  expect(asked).toBe(2);
  expect(await readdir(folder)).toEqual(["target"]);
});

test.each([
  ["was changed", () => writeFile(kept(), "something else")],
  [
    "is a link",
    async () => {
      await rm(kept());
      await writeFile(join(folder, "other"), CONTENT);
      await symlink(join(folder, "other"), kept());
    },
  ],
])("what %s is fetched again", async (_, change) => {
  await fetchIt(SHA256);
  await change();
  expect(await fetchIt(SHA256)).toEqual(WHOLE);
  expect(asked).toBe(2);
  expect(await fetchIt(SHA256)).toEqual(WHOLE);
  expect(asked).toBe(2);
});

test("one that is larger than it may be now is refused as before", async () => {
  await fetchIt(SHA256);
  const failed = fetchIt(SHA256, { sourceLimit: "1" });
  await expect(failed).rejects.toThrow("it is larger than");
  expect(asked).toBe(2);
});

test("where nothing can be kept, it is fetched", async () => {
  await writeFile(join(folder, "cache"), "");
  for (const _ of [1, 2]) expect(await fetchIt(SHA256)).toEqual(WHOLE);
  expect(asked).toBe(2);
});
