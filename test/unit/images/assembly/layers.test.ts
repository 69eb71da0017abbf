import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findMissing } from "../../../../src/images/assembly/assemble-image.ts";
import { readLayers } from "../../../../src/images/assembly/read-layers.ts";
import type { AppLayer } from "../../../../src/protocol/agent-input.ts";
import { MissingExchangesError } from "../../../../src/session/input-source.ts";

let folder: string;
const DIGEST = `sha256:${"a".repeat(64)}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-layers-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function handOut(name: AppLayer, facts: unknown, tar?: string): Promise<void> {
  await Bun.write(join(folder, `${name}.json`), JSON.stringify(facts));
  if (tar !== undefined) await Bun.write(join(folder, `${name}.tar`), tar);
}

test("a layer comes with its file, or with facts alone", async () => {
  await handOut("dependencies", {
    version: 1,
    diffId: DIGEST,
    bytes: 9,
    missing: [],
    warnings: [],
  });
  await handOut(
    "app",
    { version: 1, diffId: DIGEST, bytes: 3, missing: [], warnings: ["w"] },
    "tar",
  );
  expect(await readLayers(folder, ["dependencies", "app"])).toEqual([
    {
      name: "dependencies",
      version: 1,
      diffId: DIGEST,
      bytes: 9,
      missing: [],
      warnings: [],
      file: undefined,
    },
    {
      name: "app",
      version: 1,
      diffId: DIGEST,
      bytes: 3,
      missing: [],
      warnings: ["w"],
      file: join(folder, "app.tar"),
    },
  ]);
});

test.each([
  [
    "of another length",
    { version: 1, diffId: DIGEST, bytes: 4, missing: [], warnings: [] },
    "packages.tar has 3 bytes",
  ],
  [
    "of another version",
    { version: 2, diffId: DIGEST, bytes: 3, missing: [], warnings: ["w"] },
    "Expected 1",
  ],
  [
    "without a digest",
    { version: 1, diffId: "sha256:x", bytes: 3, missing: [], warnings: ["w"] },
    "sha256:x",
  ],
])("a layer %s is an error that names it", async (_, facts, says) => {
  await handOut("packages", facts, "tar");
  const failure = await readLayers(folder, ["packages"]).catch((error: Error) => error);
  expect(String(failure)).toContain('Read layer "packages" that was built');
  expect(String(failure)).toContain(says);
});

test("layers of which something is missing are none, and tell all of it", async () => {
  const [deb, wheel] = ["http://a/ed.deb", "http://b/x.whl"].map((url) => {
    return { method: "GET", url, client: "apt", wantedBy: "run-packages" };
  });
  const facts = { version: 1, diffId: DIGEST, bytes: 3, warnings: [] };
  await handOut("packages", { ...facts, missing: [deb] }, "tar");
  await handOut("dependencies", { ...facts, missing: [wheel] });
  await handOut("app", { ...facts, missing: [] }, "tar");
  const names: AppLayer[] = ["packages", "dependencies", "app"];
  const failure = await readLayers(folder, names).catch((error: Error) => error);
  expect(failure).toBeInstanceOf(MissingExchangesError);
  expect(failure).toMatchObject({ code: "input", missing: [deb, wheel] });
});

test("a layer that was not handed out at all is one, too", async () => {
  await expect(readLayers(`${folder}/none`, ["app"])).rejects.toThrow(/Read layer "app".*ENOENT/);
});

const layer = (diffId: string, file?: string) => ({ name: "app", diffId, file }) as never;
const missing = (before: string[] | undefined, ...layers: never[]) =>
  findMissing({
    base: { diffIds: ["b"] },
    before: before && { diffIds: before },
    layers,
  } as never).map(({ diffId }) => diffId);

test("layers without a file are missing, unless the engine holds them where they have to be", () => {
  expect(missing(["b", "1"], layer("1"), layer("2", "f"))).toEqual([]);
  expect(missing(["b", "1", "2"], layer("1"), layer("2"))).toEqual([]);
  expect(missing(undefined, layer("1"), layer("2", "f"))).toEqual(["1"]);
  expect(missing(["b", "0", "2"], layer("1", "f"), layer("2"))).toEqual(["2"]);
  // Upon another base they are other layers to the engine.
  expect(missing(["a", "1"], layer("1"))).toEqual(["1"]);
});

test.each([
  ["tar", "a link"],
  ["json", "a link"],
  ["json", "far too long"],
])("%s of a layer that is %s is not followed, nor read", async (ending, what) => {
  const apart = await mkdtemp(join(tmpdir(), "nua-layers-"));
  const facts = { version: 1, diffId: DIGEST, bytes: 6, missing: [] };
  await writeFile(join(apart, "secret"), ending === "tar" ? "secret" : JSON.stringify(facts));
  const out = join(apart, "out");
  await Bun.write(join(out, "app.json"), JSON.stringify(facts));
  await Bun.write(join(out, "app.tar"), "secret");
  const file = join(out, `app.${ending}`);
  await rm(file);
  if (what === "a link") await symlink("../secret", file);
  else {
    await writeFile(file, "{}");
    await truncate(file, 1e9);
  }
  await expect(readLayers(out, ["app"])).rejects.toMatchObject({
    code: "engine",
    message: expect.stringContaining('Read layer "app" that was built'),
  });
  await rm(apart, { recursive: true });
});
