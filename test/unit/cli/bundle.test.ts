import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ParsedArgs } from "citty";
import { olderBundle, openBundle } from "../../../src/airgap/bundle/open-bundle.ts";
import { writeBundle } from "../../../src/airgap/bundle/write-bundle.ts";
import { bundleCommand } from "../../../src/cli/bundle.ts";
import { createReporter } from "../../../src/session/reporter.ts";
import { createSession } from "../../../src/session/session.ts";
import { loadSettings } from "../../../src/session/settings.ts";
import { BlobStore, noise, smallSubject } from "../../helpers/small-bundle.ts";

const { signal } = new AbortController();
let store: BlobStore;
let file: string;
beforeEach(async () => {
  store = await BlobStore.create();
  file = join(store.folder, "app.nua");
  await writeBundle({
    target: file,
    subject: await smallSubject(store),
    blobs: store.blobs,
    signal,
  });
});
afterEach(() => rm(store.folder, { recursive: true }));

/** What the command prints. */
async function run(
  words: string[],
  flags: { json?: boolean } = {},
  settings: Parameters<typeof loadSettings>[0] = {},
): Promise<string[]> {
  const report = createReporter(-1);
  const session = createSession({ settings: loadSettings(settings), report, signal });
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const args = { _: words, ...flags } as unknown as ParsedArgs;
  const rest = { values: () => [], begin: () => {}, endWith: () => {} };
  await bundleCommand.run(args, { session, verbosity: 0, words, print, ...rest });
  return lines;
}

test("a bundle is verified and inspected", async () => {
  expect(await run(["verify", file])).toEqual([`${file}: whole`]);
  const [verified] = await run(["verify", file], { json: true });
  expect(JSON.parse(verified!)).toMatchObject({ ok: true, file });
  expect((await run(["inspect", file]))[0]).toContain("app:    nua-hello:1.0, folder hello");
  const [inspected] = await run(["inspect", file], { json: true });
  expect(JSON.parse(inspected!)).toMatchObject({
    ok: true,
    items: [{ kind: "index" }, { kind: "npm", name: "left-pad", version: "1.3.0" }],
  });
});

test("a difference bundle is told apart and together with the older one", async () => {
  const since = olderBundle(await openBundle([file], { signal }));
  const subject = await smallSubject(store);
  const exchanges = [
    ...subject.exchanges,
    await store.exchange("https://r.org/express/-/express-4.0.0.tgz", noise(600, 3)),
  ];
  const target = join(store.folder, "more.nua");
  await writeBundle({
    target,
    subject: { ...subject, exchanges },
    blobs: store.blobs,
    since,
    signal,
  });
  expect(await run(["verify", target])).toEqual([`${target}: whole`]);
  expect((await run(["inspect", target]))[0]).toContain("since:  app.nua, for 5 contents");
  const [both] = await run(["inspect", target, file], { json: true });
  expect(JSON.parse(both!)).toMatchObject({ files: [{ file }, { file: target }], absent: [] });
});

test("base images may travel apart, but not in part", async () => {
  const subject = await smallSubject(store);
  const [{ config, layers }] = subject.images as [(typeof subject.images)[number]];
  const write = (...without: string[]) => {
    const blobs = new Map([...store.blobs].filter(([digest]) => !without.includes(digest)));
    return writeBundle({ target: file, subject, blobs, signal });
  };
  await write(config, layers[0]!.content);
  expect(await run(["verify", file])).toEqual([`${file}: whole`]);
  expect((await run(["inspect", file]))[0]).toContain("image:  nua-python:1, which is not in it");
  await write(layers[0]!.content);
  expect(run(["verify", file])).rejects.toMatchObject({
    code: "input",
    message: `Verify bundle "${file}": an input is missing:\n  image nua-python:1`,
  });
  expect(write(subject.apps[0]!.source)).rejects.toThrow("of the bundle is nowhere");
});

test("a damaged bundle is refused", async () => {
  const bytes = await readFile(file);
  bytes[2000]! ^= 1;
  await writeFile(file, bytes);
  expect(run(["verify", file])).rejects.toMatchObject({ code: "archive" });
  expect(run(["inspect", file])).rejects.toMatchObject({ code: "archive" });
});

test.each([
  [[], "Make a bundle: no app is named"],
  [["verify"], "Verify bundles: expected at least one file"],
  [["inspect"], "Inspect bundle: expected at least one file"],
])("%p is no call", async (words, message) => {
  expect(run(words)).rejects.toMatchObject({ code: "usage", message });
});

test("a bundle is made where there is a network", () => {
  expect(run([store.folder], {}, { offline: "true" })).rejects.toMatchObject({
    code: "usage",
    message: "Make a bundle: NUA_OFFLINE forbids the network that it is for",
  });
});

test("a bundle that is not there is told as one to be read", () => {
  expect(run(["verify", "nowhere"])).rejects.toMatchObject({
    message: 'Read bundle "nowhere": no such file or folder: "nowhere"',
    hint: "check its name, and the folder that it is in",
  });
});
