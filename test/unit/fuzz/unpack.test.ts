/**
 * Mutated archives, bundles and sources: each is unpacked into its folder or refused with an error
 * that says why; nothing beside the folder changes, and nothing takes long. `NUA_FUZZ_RUNS` says
 * how many of each kind, `NUA_FUZZ_FIRST` where to begin: a failure names its number.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { formatIndex, parseIndex } from "../../../src/airgap/bundle/bundle-index.ts";
import { openBundle } from "../../../src/airgap/bundle/open-bundle.ts";
import { unpackApp } from "../../../src/airgap/bundle/unpack-app.ts";
import { unpackApps } from "../../../src/airgap/bundle/unpack-apps.ts";
import { writeBundle } from "../../../src/airgap/bundle/write-bundle.ts";
import { listImages } from "../../../src/images/archive/list-images.ts";
import { openArchive } from "../../../src/images/archive/open-archive.ts";
import { readArchive } from "../../../src/images/archive/read-archive.ts";
import { writeOciLayout } from "../../../src/images/archive/write-oci-layout.ts";
import { NuaError } from "../../../src/lib/errors.ts";
import { archiveTree } from "../../../src/source/archive-tree.ts";
import { MEMBER } from "../../../src/source/bundle-members.ts";
import { readBundleMembers, seal } from "../../helpers/edit-bundle.ts";
import { imageOf, LAYOUTS, NUA_CONFIG, packImage } from "../../helpers/image-archive.ts";
import { hostileNames, mutate, mutateBytes, type Random, randomOf } from "../../helpers/mutate.ts";
import { BlobStore, smallSubject } from "../../helpers/small-bundle.ts";
import { tarBytes } from "../../helpers/tar-bytes.ts";
import { WatchedFolder } from "../../helpers/watched-folder.ts";
import { createZip } from "../../helpers/zip.ts";

const RUNS = Number(process.env.NUA_FUZZ_RUNS ?? 150);
const FIRST = Number(process.env.NUA_FUZZ_FIRST ?? 0);
/** Milliseconds; what is not read to its end by then is taken for a hang. */
const HANG = 30_000;

const { signal } = new AbortController();
const limits = { bytes: 10e6, files: 1000 };
const attempt = "Unpack";
const watched = new WatchedFolder();
const names = hostileNames(watched.canary);
const at = (...parts: string[]) => join(watched.folder, ...parts);

const APP = tarBytes([
  { name: "nua-config.toml", content: "[metadata]\n" },
  { name: "a/", type: "5" },
  { name: "a/b/", type: "5" },
  { name: "a/b/file", content: "x".repeat(700) },
  { name: "link", type: "2", linkName: "a/b" },
  { name: "up", type: "2", linkName: "a/../nua-config.toml" },
]);
const layer = (name: string, content: string) => tarBytes([{ name, content }]);
const IMAGE = imageOf([
  layer("bin/sh", "#!"),
  layer("nua/metadata/nua-config.json", NUA_CONFIG),
  layer("bin/.wh.sh", ""),
]);

let store: BlobStore;
let bundle: [string, Uint8Array][];

beforeAll(async () => {
  store = await BlobStore.create();
  const subject = await smallSubject(store);
  subject.apps[0]!.source = await store.add(APP);
  const target = join(store.folder, "app.nua");
  await writeBundle({ target, subject, blobs: store.blobs, signal });
  bundle = [...(await readBundleMembers(target))];
});
afterAll(async () => {
  watched[Symbol.dispose]();
  await rm(store.folder, { recursive: true });
});

/** By kind, what is done with a mutated input. */
const KINDS: Record<string, (random: Random) => Promise<unknown>> = {
  async "an image archive"(random) {
    const layout = LAYOUTS[random(LAYOUTS.length)]!;
    const bytes = mutate(Buffer.from(packImage(IMAGE, layout)), random, names);
    const file = at("image.tar");
    writeFileSync(file, random(3) === 0 ? mutateBytes(gzipSync(bytes), random) : bytes);
    await settle(() => listImages(file));
    await settle(() => readArchive(file));
    const { chunks } = await openArchive(file, attempt);
    const folder = at("layout");
    await writeOciLayout({ folder, source: chunks, diffIds: IMAGE.diffIds, attempt });
  },
  async "a bundle"(random) {
    const file = at("app.nua");
    writeFileSync(file, mutateBundle(random));
    const opened = await openBundle([file], { folder: at("inputs"), signal });
    const packed = opened.index.apps.flatMap((app) => {
      const tar = opened.blobFile(app.source);
      return tar === undefined ? [] : [{ ...app, tar }];
    });
    await unpackApps(packed, at("apps"), { limits, signal });
  },
  async "an app's tar file"(random) {
    writeFileSync(at("app.tar"), mutate(APP, random, names));
    await unpackApp(at("app.tar"), at("app"), { limits, signal });
  },
  async "a source"(random) {
    const packers = [(bytes: Buffer) => bytes, gzipSync, zstdCompressSync];
    const tar = Buffer.from(packers[random(packers.length)]!(mutate(APP, random, names)));
    const zip = createZip(
      ["a/b", "c", names[random(names.length)]!].map((name) => ({ name, text: "x" })),
    );
    const whole = random(3) === 0 ? zip : tar;
    writeFileSync(at("source"), random(2) === 0 ? mutateBytes(whole, random) : whole);
    // As much as the whole one has: what is doubled is refused.
    const exact = { bytes: 1500, files: 6 };
    await archiveTree({ file: at("source"), attempt, limits: exact, signal });
  },
};

/** Sealed as a whole one is: what is wrong is in what it says. */
function mutateBundle(random: Random): Uint8Array {
  const members = bundle.map(([name, bytes]): [string, Uint8Array] => [name, bytes]);
  const place = random(members.length);
  const [name, bytes] = members[place]!;
  const kind = random(4);
  if (kind === 0) return mutateBytes(Buffer.from(seal(members)), random);
  if (kind === 1) return mutate(Buffer.from(seal(members)), random, names);
  if (kind === 2) members[place] = [name, mutateBytes(Buffer.from(bytes), random)];
  else withOtherApp(members, random);
  return seal(members);
}

/** The digests are right; the app's folder, or where it says to be, is hostile. */
function withOtherApp(members: [string, Uint8Array][], random: Random): void {
  const at = members.findIndex(([name]) => name === MEMBER.index);
  const index = parseIndex(members[at]![1], { attempt });
  const [app] = index.apps;
  const tar = mutate(APP, random, names);
  const sha256 = new Bun.CryptoHasher("sha256").update(tar).digest("hex");
  const stored = { bytes: tar.length, compression: "none" as const };
  index.blobs = [...index.blobs, { sha256, bytes: tar.length, stored }].sort((one, other) =>
    one.sha256 < other.sha256 ? -1 : 1,
  );
  app!.source = sha256;
  if (random(3) === 0) app!.name = names[random(names.length)]!;
  if (random(3) === 0) app!.config = names[random(names.length)]!;
  const others = members.filter(([name]) => !name.startsWith("blobs/"));
  const blobs = new Map(members.filter(([name]) => name.startsWith("blobs/")));
  blobs.set(`blobs/${sha256}`, tar);
  const digest = (name: string) => name.replace(/\.zst$/, "");
  const sorted = [...blobs].sort(([one], [other]) => (digest(one) < digest(other) ? -1 : 1));
  others[others.findIndex(([name]) => name === MEMBER.index)]![1] = formatIndex(index);
  members.splice(0, members.length, ...others, ...sorted);
}

/** @throws whatever is no error that a person could do something about */
async function settle(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "done";
  } catch (error) {
    if (error instanceof NuaError && CODES.includes(error.code)) return error.message;
    throw error;
  }
}

/** Of what is wrong with an input, or with a disk that cannot hold its names. */
const CODES: readonly string[] = ["archive", "input"];

test.each(Object.keys(KINDS))(
  "%s",
  async (kind) => {
    let done = 0;
    for (let run = FIRST; run < FIRST + RUNS; run += 1) {
      const { promise: hang, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(new Error("it hangs")), HANG);
      try {
        const outcome = await Promise.race([settle(() => KINDS[kind]!(randomOf(run))), hang]);
        if (outcome === "done") done += 1;
        watched.reset();
      } catch (error) {
        throw new Error(`run ${run} of "${kind}"`, { cause: error });
      } finally {
        clearTimeout(timer);
      }
    }
    // Some are as good as before, others are not: or nothing has been tried.
    if (RUNS >= 100) expect([0, RUNS]).not.toContain(done);
    expect(readFileSync(watched.canary, "utf8")).toBe("alive");
  },
  RUNS * 1000 + HANG,
);

test("the inputs are good before they are mutated", async () => {
  writeFileSync(at("app.tar"), APP);
  await unpackApp(at("app.tar"), at("app"), { limits, signal });
  expect(readFileSync(at("app/link/file"), "utf8")).toHaveLength(700);
  writeFileSync(at("app.nua"), seal(bundle));
  await openBundle([at("app.nua")], { folder: at("inputs"), signal });
  watched.reset();
});
