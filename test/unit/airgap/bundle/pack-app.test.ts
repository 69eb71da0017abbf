import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packApp } from "../../../../src/airgap/bundle/pack-app.ts";
import { unpackApp } from "../../../../src/airgap/bundle/unpack-app.ts";
import { createTakeRules } from "../../../../src/source/take-rules.ts";
import { sha256 } from "../../../helpers/image-archive.ts";
import { type TestMember, tarBytes } from "../../../helpers/tar-bytes.ts";

const { signal } = new AbortController();
const options = { limits: { bytes: 1e6, files: 100 }, signal };
let folder: string;
let root: string;
let blobs: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-pack-app-"));
  root = join(folder, "hello");
  blobs = join(folder, "blobs");
  await mkdir(join(root, "nua"), { recursive: true });
  await mkdir(blobs);
  await writeFile(join(root, "nua/nua-config.toml"), "[metadata]\n");
  await writeFile(join(root, "app.py"), "print()\n");
});
afterEach(() => rm(folder, { recursive: true }));

const pack = (named: string[] = []) =>
  packApp({
    root,
    file: join(root, "nua/nua-config.toml"),
    tag: "nua-hello:1",
    rules: createTakeRules(root, { named, needed: ["nua/nua-config.toml", ".dockerignore"] }),
    folder: blobs,
    signal,
  });

test("comes out as it went in, without what is private or made again", async () => {
  const long = `${"deep/".repeat(30)}ü`;
  await mkdir(join(root, "deep/".repeat(30)), { recursive: true });
  await writeFile(join(root, long), "long");
  await writeFile(join(root, "run.sh"), "#!/bin/sh\n");
  await chmod(join(root, "run.sh"), 0o755);
  await symlink("app.py", join(root, "link.py"));
  await symlink("nowhere", join(root, "dangling"));
  for (const name of [".env", ".npmrc", ".dockerignore", ".kept", "Dockerfile"]) {
    await writeFile(join(root, name), name);
  }
  await mkdir(join(root, "node_modules"));
  await writeFile(join(root, "node_modules/.package-lock.json"), "{}");
  await writeFile(join(root, ".npmrc"), "save-exact=true\n");
  await writeFile(join(root, ".dockerignore"), "*.log\n");
  await writeFile(join(root, "big.log"), "");
  const { app, blob } = await pack([".kept"]);
  expect(app).toEqual({
    tag: "nua-hello:1",
    name: "hello",
    config: "nua/nua-config.toml",
    source: sha256(await readFile(blob.file)),
  });
  expect(blob.bytes).toBe((await readFile(blob.file)).length);
  const out = join(folder, "out");
  await unpackApp(blob.file, out, options);
  expect((await readdir(out)).sort()).toEqual([
    ".dockerignore",
    ".kept",
    ".npmrc",
    "Dockerfile",
    "app.py",
    "dangling",
    "deep",
    "link.py",
    "nua",
    "run.sh",
  ]);
  expect(await readFile(join(out, long), "utf8")).toBe("long");
  expect(await readFile(join(out, "link.py"), "utf8")).toBe("print()\n");
  expect(Bun.spawnSync(["stat", "-c", "%a", join(out, "run.sh")]).stdout.toString()).toBe("755\n");
  const again = await packApp({
    root: out,
    file: join(out, "nua/nua-config.toml"),
    tag: "nua-hello:1",
    rules: createTakeRules(out, { named: [".kept"], needed: ["nua/nua-config.toml"] }),
    folder: blobs,
    signal,
  });
  expect(again.app.source).toBe(app.source);
});

test("has the same bytes whenever its files were written", async () => {
  const { app } = await pack();
  Bun.spawnSync(["touch", "-d", "2001-01-01", join(root, "app.py"), root]);
  expect((await pack()).app.source).toBe(app.source);
  expect(await readdir(blobs)).toEqual([app.source]);
});

test.each<[string, TestMember[], string]>([
  ["a name that leads out", [{ name: "../evil" }], "its name leads out of the folder"],
  ["an absolute name", [{ name: "/tmp/evil" }], "its name leads out of the folder"],
  ["a device", [{ name: "evil", type: "3" }], "it is no file, folder or link"],
  ["a hard link", [{ name: "evil", type: "1", linkName: "/etc/passwd" }], "it is no file, folder"],
  [
    "a link to a file of this machine",
    [{ name: "evil", type: "2", linkName: "/etc/passwd" }],
    "it leads out of the folder",
  ],
  [
    "a file through a link",
    [
      { name: "way", type: "2", linkName: "/tmp" },
      { name: "way/evil", content: "x" },
    ],
    "file already exists",
  ],
])("%s is refused, and nothing is left", async (_, members, message) => {
  const tar = join(folder, "evil.tar");
  await writeFile(tar, tarBytes([{ name: "good", content: "x" }, ...members]));
  const out = join(folder, "out");
  expect(unpackApp(tar, out, options)).rejects.toThrow(message);
  await unpackApp(tar, out, options).catch(() => {});
  expect(await readdir(folder)).not.toContain("out");
});
