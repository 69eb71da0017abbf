import { afterEach, beforeEach, expect, test } from "bun:test";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describeBundle, formatSummary } from "../../../../src/airgap/bundle/describe-bundle.ts";
import { MissingInputsError } from "../../../../src/airgap/bundle/missing-error.ts";
import { openBundle, verifyBundle } from "../../../../src/airgap/bundle/open-bundle.ts";
import { openRequest } from "../../../../src/airgap/bundle/open-request.ts";
import { writeBundle } from "../../../../src/airgap/bundle/write-bundle.ts";
import { BlobStore, LEFT_PAD, smallSubject } from "../../../helpers/small-bundle.ts";

const { signal } = new AbortController();
let store: BlobStore;
let file: string;
beforeEach(async () => {
  store = await BlobStore.create();
  file = join(store.folder, "app.nua");
});
afterEach(() => rm(store.folder, { recursive: true }));

test("a bundle is told in figures and by name", async () => {
  const subject = await smallSubject(store);
  await writeBundle({ target: file, subject, blobs: store.blobs, signal });
  const summary = describeBundle(await openBundle([file], { signal }));
  expect(summary).toMatchObject({
    files: [{ file, hasBinary: false }],
    apps: subject.apps,
    images: [{ tag: "nua-python:1", layers: 1, bytes: 5400 }],
    kinds: [
      { kind: "index", count: 1, bytes: 19 },
      { kind: "npm", count: 1 },
    ],
    absent: [],
    request: null,
  });
  const lines = stripVTControlCharacters(formatSummary(summary, true)).split("\n");
  expect(lines.slice(1, 5)).toEqual([
    "app:    nua-hello:1.0, folder hello",
    "image:  nua-python:1, 5.40 kB in 1 layers",
    "index:      1  19 B",
    expect.stringMatching(/^npm: {8}1 {2}3\.\d\d kB$/),
  ]);
  expect(lines.at(-1)).toMatch(/ [0-9a-f]{12} {2}npm left-pad 1\.3\.0, wanted by yarn\.lock$/);
  expect(formatSummary(summary, false).split("\n")).toHaveLength(5);
});

test("a request tells what was missed, and is no bundle", async () => {
  const subject = { ...(await smallSubject(store)), images: [], exchanges: [] };
  const missing = [{ method: "GET" as const, url: LEFT_PAD, client: "npm", wantedBy: "yarn.lock" }];
  const held = ["1".repeat(64), "0".repeat(64)];
  const request = { bundle: { index: "2".repeat(64), name: "old.nua" }, missing, held };
  await writeBundle({ target: file, subject, blobs: store.blobs, request, signal });
  const read = await verifyBundle(file, { signal });
  expect(read.index.request).toEqual({ ...request, held: held.toReversed() });
  expect(read.index.blobs.map(({ sha256 }) => sha256)).toEqual([subject.apps[0]!.source]);
  const summary = describeBundle({ files: [read], blobs: new Map(), absent: read.absent });
  expect(formatSummary(summary, false)).toContain(
    "missed: npm left-pad 1.3.0, wanted by yarn.lock",
  );
  expect(openBundle([file], { signal })).rejects.toMatchObject({
    code: "input",
    hint: "where there is a network: nua-build bundle --missing app.nua",
  });
  const out = join(store.folder, "out");
  const opened = await openRequest(file, out, { signal });
  const [app] = subject.apps;
  expect(opened).toMatchObject({ missing, apps: [{ ...app, tar: join(out, app!.source) }] });
  expect(opened.since).toEqual({ ...request.bundle, blobs: new Set(held) });
  expect(await readdir(out)).toEqual([app!.source]);
});

test("a bundle is no request, and nothing of it is left", async () => {
  const subject = await smallSubject(store);
  await writeBundle({ target: file, subject, blobs: store.blobs, signal });
  const out = join(store.folder, "out");
  const opened = openRequest(file, out, { signal });
  expect(opened).rejects.toThrow("it is a bundle, and no request");
  await opened.catch(() => {});
  expect(await readdir(out)).toEqual([]);
});

test("what is missing is named, each once", () => {
  const item = { kind: "npm", name: "left-pad", version: "1.3.0" } as const;
  const missing = { item, wantedBy: { file: "yarn.lock", line: 812 } };
  const error = new MissingInputsError('Build "app"', [missing, missing], "do this");
  expect(error).toMatchObject({ code: "input", hint: "do this" });
  expect(error.message).toBe(
    'Build "app": an input is missing:\n  npm left-pad 1.3.0, wanted by yarn.lock:812',
  );
});
