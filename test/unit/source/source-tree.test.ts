import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { folderTree } from "../../../src/source/folder-tree.ts";
import { indexTree } from "../../../src/source/index-tree.ts";
import { decodeText, subtree, TREE_LIMITS, treePath } from "../../../src/source/source-tree.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";

let base: string;
const at = (path: string) => join(base, "app", path);

function write(path: string, text = ""): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "nua-tree-"));
  mkdirSync(join(base, "app"));
  writeFileSync(join(base, "outside"), "not the app's");
  write("package.json", '\uFEFF{"name": "a"}');
  write("lib/a.js", "a");
  write("bin/run", "#!/bin/sh\n");
  chmodSync(at("bin/run"), 0o750);
  write("nua/build.py");
  write("nua-config.toml");
  write("Dockerfile", "FROM scratch");
  write(".git/config");
  write(".env", "TOKEN=1");
  write(".npmrc", "//registry.npmjs.org/:_authToken=npm_x");
  write("keys/.ssh/id_rsa");
  write("node_modules/.package-lock.json", "{}");
  write("node_modules/left-pad/package.json", "{}");
  write("old.pyc");
  write(".dockerignore", "yarn.lock\ndocs\n!docs/keep.md\n");
  write("yarn.lock", "# yarn");
  write("docs/keep.md");
  write("docs/other.md");
  symlinkSync("package.json", at("inside"));
  symlinkSync("../outside", at("leaving"));
  symlinkSync(".env", at("to-secret"));
  symlinkSync("loop", at("loop"));
});
afterAll(() => rmSync(base, { recursive: true }));

describe("a folder", () => {
  test("is listed as a build takes it", () => {
    expect(folderTree(at("")).list("")).toEqual([
      { name: "bin", kind: "folder" },
      { name: "docs", kind: "folder" },
      { name: "inside", kind: "link" },
      { name: "keys", kind: "folder" },
      { name: "leaving", kind: "link" },
      { name: "lib", kind: "folder" },
      { name: "loop", kind: "link" },
      { name: "nua", kind: "folder" },
      { name: "package.json", kind: "file" },
      { name: "to-secret", kind: "link" },
    ]);
    const names = (folder: string) => folderTree(at("")).list(folder);
    expect(names("bin")).toEqual([{ name: "run", kind: "file", executable: true }]);
    expect(names("docs/")).toEqual([{ name: "keep.md", kind: "file" }]);
    expect(names("keys")).toEqual([]);
    for (const none of ["node_modules", "package.json", "none", "..", "/", ".git"]) {
      expect(names(none)).toEqual([]);
    }
  });

  test("has texts without their byte order mark, also through links", () => {
    const tree = folderTree(at(""));
    expect(tree.text("package.json")).toBe('{"name": "a"}');
    expect(tree.text("./lib/../inside")).toBe('{"name": "a"}');
    expect(tree.text("lib")).toBeUndefined();
    expect(tree.has("lib")).toBe(true);
  });

  test("lets its own Dockerfile be read, which no build takes", () => {
    const tree = folderTree(at(""));
    expect([tree.text("Dockerfile"), tree.has("Dockerfile")]).toEqual(["FROM scratch", false]);
    expect(tree.text("lib/Dockerfile")).toBeUndefined();
    expect(folderTree(at(""), ["lib"]).text("Dockerfile")).toBeUndefined();
    rmSync(at("Dockerfile"));
    symlinkSync(".env", at("Dockerfile"));
    expect(folderTree(at("")).text("Dockerfile")).toBeUndefined();
  });

  test("has what .dockerignore leaves out where it is asked for by name", () => {
    expect(folderTree(at("")).text("yarn.lock")).toBe("# yarn");
    expect(folderTree(at("")).has("docs/other.md")).toBe(true);
  });

  test.each([
    ...[".env", "to-secret", ".npmrc", "keys/.ssh/id_rsa", "node_modules/left-pad/package.json"],
    ...[".git/config", "nua-config.toml", "old.pyc", "leaving", "loop", "none"],
    ...["../outside", "lib/../../outside", "/etc/passwd", "lib/a.js/b", "a\0b", "x/".repeat(5000)],
  ])("has no %p", (path) => {
    const tree = folderTree(at(""));
    expect([tree.has(path), tree.text(path)]).toEqual([false, undefined]);
  });

  test("is what build.manifest chooses of it", () => {
    const tree = folderTree(at(""), ["lib/a.js", ".env"]);
    expect(tree.list("").map(({ name }) => name)).toEqual([".env", "lib", "nua"]);
    expect([tree.has("package.json"), tree.has("lib/a.js")]).toEqual([false, true]);
  });

  test("gives no text that is too large", () => {
    write("large", "x".repeat(TREE_LIMITS.text + 1));
    expect(folderTree(at("")).has("large")).toBe(true);
    expect(folderTree(at("")).text("large")).toBeUndefined();
    rmSync(at("large"));
  });
});

describe("an index", () => {
  const tree = indexTree(
    new Map([
      ["a/b.txt", { kind: "file", text: "B" }],
      ["a/up", { kind: "link", target: "../link" }],
      ["link", { kind: "link", target: "a" }],
      ["out", { kind: "link", target: "a/../../etc" }],
      ["loop", { kind: "link", target: "loop" }],
      ["root", { kind: "link", target: "/a" }],
      ["run", { kind: "file", executable: true }],
    ] as const),
  );

  test("knows folders by what is in them, and follows links within itself", () => {
    expect(tree.list(".")).toEqual([
      { name: "a", kind: "folder" },
      { name: "link", kind: "link" },
      { name: "loop", kind: "link" },
      { name: "out", kind: "link" },
      { name: "root", kind: "link" },
      { name: "run", kind: "file", executable: true },
    ]);
    expect(tree.text("link/up/b.txt")).toBe("B");
    expect(tree.list("link").map(({ name }) => name)).toEqual(["b.txt", "up"]);
    expect([tree.has("run"), tree.text("run")]).toEqual([true, undefined]);
  });

  test.each(["out", "loop", "root", "root/b.txt", "../a", "a/b.txt/c", "/a", "none"])(
    "has no %p",
    (path) => expect(tree.has(path)).toBe(false),
  );
});

test("a folder of a tree is a tree", () => {
  const tree = subtree(memoryTree({ "app/a.txt": "A", "b.txt": "B", "app/empty/": "" }), "app/.");
  expect(tree.list("").map(({ name }) => name)).toEqual(["a.txt", "empty"]);
  expect([tree.text("a.txt"), tree.text("../b.txt"), tree.has("empty")]).toEqual([
    "A",
    undefined,
    true,
  ]);
  expect(subtree(tree, "../..").has("b.txt")).toBe(false);
});

test.each([
  ["", ""],
  ["./a//b/../c/", "a/c"],
  ["a/..", ""],
  ["a/../..", undefined],
  ["/a", undefined],
])("the path %p is %p", (path, normal) => expect(treePath(path)).toBe(normal));

test.each([
  ["UTF-8", Buffer.from("é")],
  ["UTF-8 with a mark", Buffer.from("\uFEFFé")],
  ["UTF-16, little end first", Buffer.from("\uFEFFé", "utf16le")],
  ["UTF-16, big end first", Buffer.from("\uFEFFé", "utf16le").swap16()],
])("text in %s", (_, bytes) => expect(decodeText(bytes)).toBe("é"));
