import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packApp } from "../../../../src/airgap/bundle/pack-app.ts";
import { writeBundle } from "../../../../src/airgap/bundle/write-bundle.ts";
import { openRequestedApps } from "../../../../src/airgap/record/open-request.ts";
import { createReporter } from "../../../../src/session/reporter.ts";
import { createSession } from "../../../../src/session/session.ts";
import { loadSettings } from "../../../../src/session/settings.ts";
import { createTakeRules } from "../../../../src/source/take-rules.ts";
import { BlobStore } from "../../../helpers/small-bundle.ts";

const { signal } = new AbortController();
const BUNDLE = { index: "a".repeat(64), name: "old.bundle" };
const [ONE, BOTH, OTHER] = ["1", "2", "3"].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
];
let store: BlobStore;
beforeEach(async () => {
  store = await BlobStore.create();
});
afterEach(() => rm(store.folder, { recursive: true }));

const sessionOf = () =>
  createSession({
    settings: loadSettings({ buildDir: join(store.folder, "build") }),
    report: createReporter(-1),
    signal,
  });

/** The request of an app of that name. */
async function writeRequest(name: string, held: string[], bundle = BUNDLE): Promise<string> {
  const root = join(store.folder, name);
  await mkdir(root);
  const file = join(root, "nua-config.toml");
  await writeFile(file, "");
  const rules = createTakeRules(root, { named: [], needed: [] });
  const tag = `nua-${name}:1`;
  const packed = await packApp({ root, file, tag, rules, folder: store.folder, signal });
  const written = await writeBundle({
    target: join(store.folder, `${name}.missing`),
    subject: { apps: [packed.app], images: [], exchanges: [], linuxBase: "" },
    blobs: new Map([[packed.app.source, packed.blob]]),
    request: { bundle, missing: [], held },
    signal,
  });
  return written.file;
}

test("requests of several apps are answered together, by what all of them lack", async () => {
  const files = [await writeRequest("a", [ONE, BOTH]), await writeRequest("b", [BOTH, OTHER])];
  let paths: string[];
  {
    await using requested = await openRequestedApps(files, sessionOf());
    paths = requested.paths;
    expect(paths.map((path) => path.split("/").at(-1))).toEqual(["a", "b"]);
    expect(paths.map((path) => existsSync(join(path, "nua-config.toml")))).toEqual([true, true]);
    expect(requested.older).toEqual({ ...BUNDLE, blobs: new Set([BOTH]) });
  }
  expect(paths.map((path) => existsSync(path))).toEqual([false, false]);
});

test("requests about different bundles are told apart", async () => {
  const files = [
    await writeRequest("a", []),
    await writeRequest("b", [], { ...BUNDLE, index: "b".repeat(64) }),
  ];
  expect(openRequestedApps(files, sessionOf())).rejects.toMatchObject({
    code: "input",
    message: `Read requests "${files[0]}" and "${files[1]}": they are about different bundles`,
  });
});
