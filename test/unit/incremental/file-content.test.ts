import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  linkSync,
  lstatSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { contentReader, LARGE_BYTES } from "../../../src/incremental/file-content.ts";
import { listingLine, listingReader } from "../../../src/incremental/file-listing.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync("/var/tmp/nua-build-test-");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes it, with a time of long ago. */
function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  utimesSync(file, 1_700_000_000, 1_700_000_000);
  return file;
}

const settle = () => Bun.sleep(150);

function look(file: string, listing = "") {
  return contentReader(listingReader(listing)).file("f", file, lstatSync(file));
}

/** Of what was looked at, with a digest that only an earlier look can have given. */
const marked = (file: string) => listingLine("f", { ...look(file), digest: "remembered" });

const silentChanges: [string, (file: string) => void][] = [
  ["written to", (file) => write(file, "two")],
  [
    "replaced",
    (file) => {
      write("other", "two");
      renameSync(join(folder, "other"), join(folder, file));
    },
  ],
];

test.each(silentChanges)(
  "a file %s with its size and time kept is read again",
  async (name, change) => {
    const file = write(name, "one");
    await settle();
    const before = marked(file);
    change(name);
    const digest = new Bun.CryptoHasher("sha256").update("two").digest("base64url");
    expect(look(file, before)).toMatchObject({ digest, size: 3, mtimeMs: 1_700_000_000_000 });
  },
);

test("a file that is what it was is not", async () => {
  const file = write("same", "one");
  await settle();
  expect(look(file, marked(file)).digest).toBe("remembered");
});

test("one that has got another name besides is, and has the content that it had", async () => {
  const file = write("linked", "one");
  await settle();
  const before = look(file);
  linkSync(file, join(folder, "besides"));
  await settle();
  const now = look(file, marked(file).replace("remembered", before.digest));
  expect(now.digest).toBe(before.digest);
});

test("a file that has just changed may change again in the same moment: it is read", () => {
  // On a machine that has much to do, the moment may be over before anybody looks.
  for (let tries = 1; ; tries += 1) {
    const file = write(`young${tries}`, "one");
    const before = listingLine("f", { ...look(file), digest: "remembered" });
    const now = look(file, before);
    if (now.identity !== "" && tries < 50) continue;
    expect(now.identity).toBe("");
    expect(now.digest).not.toBe("remembered");
    break;
  }
});

test("what cannot be read is never the same", () => {
  const file = join(folder, "gone");
  const info = lstatSync(write("there", "one"));
  const read = () => contentReader(() => undefined).file("f", file, info).digest;
  writeFileSync(file, "x");
  rmSync(file);
  expect(read()).not.toBe(read());
});

test("neither a pipe nor a link in a file's place is opened", async () => {
  const info = lstatSync(write("file", "one"));
  const pipe = join(folder, "pipe");
  await $({ quiet: true })`mkfifo ${pipe}`;
  const link = join(folder, "link");
  symlinkSync(join(folder, "file"), link);
  const read = (path: string) => contentReader(() => undefined).file("f", path, info);
  expect(read(pipe).identity).toBe("");
  expect(read(link).digest).toStartWith("unread-");
});

test("a link is what it says", () => {
  const at = (target: string) => {
    const link = join(folder, `to-${target}`);
    symlinkSync(target, link);
    return contentReader(() => undefined).link(link, lstatSync(link)).digest;
  };
  expect(at("aa")).not.toBe(at("ab"));
});

test("where a file system keeps no times of its own, files are read each time", async () => {
  expect(look("/proc/version").identity).toBe("");
  await settle();
  expect(look("/proc/version").digest).toBe(look("/proc/version", marked("/proc/version")).digest);
});

test("a large file is read to the same end, and a signal is heard meanwhile", async () => {
  const file = write("large", "");
  truncateSync(file, LARGE_BYTES + 1);
  await settle();
  const reader = contentReader(listingReader(""));
  const never = new AbortController().signal;
  const info = lstatSync(file);
  expect(await reader.largeFile("f", file, info, never)).toEqual(reader.file("f", file, info));
  // A hole, which takes no disk.
  truncateSync(file, 500e9);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("stop")), 20);
  const reading = reader.largeFile("f", file, lstatSync(file), controller.signal);
  await expect(reading).rejects.toThrow("stop");
}, 60_000);
