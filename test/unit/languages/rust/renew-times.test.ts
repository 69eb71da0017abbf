/** What Cargo is to see as changed, by the script that tells it. */
import { beforeEach, describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(import.meta.dirname, "../../../../src/languages/rust/agent/renew_times.py");

/** As a build context may have them: the same whatever was edited. */
const CONTEXT = 1_000_000_000;

const FILES = ["Cargo.toml", "src/main.rs", "src/shop.rs", "ui/index.html"];

let root = "";
const app = () => join(root, "app");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nua-build-test-"));
  for (const file of FILES) put(file, file);
  return () => rmSync(root, { recursive: true, force: true });
});

function put(file: string, text: string): void {
  mkdirSync(join(app(), file, ".."), { recursive: true });
  writeFileSync(join(app(), file), text);
  utimesSync(join(app(), file), CONTEXT, CONTEXT);
}

function run(...words: string[]): void {
  const argv = [SCRIPT, join(root, "target"), ...words, "node_modules"];
  const env = { ...process.env, PATH: `${join(root, "bin")}:${process.env.PATH}` };
  execFileSync("python3", argv, { cwd: app(), env });
}

/** Those that are new, all others being old; the next context brings all anew. */
function renewed(...words: string[]): string[] {
  const now = Date.now();
  run(...words);
  const times = FILES.map((file) => statSync(join(app(), file)).mtimeMs);
  const found = FILES.filter((_, index) => times[index]! > now - 2000);
  const old = times.filter((time) => time < 400_000_000_000);
  expect(found.length + old.length).toBe(FILES.length);
  for (const file of FILES) utimesSync(join(app(), file), CONTEXT, CONTEXT);
  return found;
}

function build(...words: string[]): string[] {
  const found = renewed(...words);
  run("--built", ...words);
  return found;
}

describe("is new for Cargo:", () => {
  test("all at first, and nothing where nothing has changed", () => {
    expect(build()).toEqual(FILES);
    expect(build()).toEqual([]);
  });

  test("a source that is edited, and gets no younger by it", () => {
    build();
    put("src/shop.rs", "edited");
    expect(build()).toEqual(["src/shop.rs"]);
    expect(build()).toEqual([]);
  });

  test("all, where something else than a source is edited, added or gone", () => {
    build();
    put("ui/index.html", "edited");
    expect(build()).toEqual(FILES);
    put("ui/more.css", "added");
    expect(build()).toEqual(FILES);
    rmSync(join(app(), "ui/more.css"));
    expect(build()).toEqual(FILES);
  });

  test("all, after a build that failed: it may have compiled what is gone again", () => {
    build();
    put("src/shop.rs", "edited");
    expect(renewed()).toEqual(["src/shop.rs"]);
    put("src/shop.rs", "src/shop.rs");
    expect(build()).toEqual(FILES);
  });

  test("nothing by what package managers install", () => {
    build();
    put("ui/node_modules/a/index.js", "added");
    expect(build()).toEqual([]);
    expect(build()).toEqual([]);
  });

  test("all, for a program that the last build has not made, and others have changed", () => {
    const [api, cli] = ["--program=api", "--program=cli"];
    expect(build(api, cli)).toEqual(FILES);
    expect(build(api)).toEqual([]);
    put("src/shop.rs", "edited");
    expect(build(api)).toEqual(["src/shop.rs"]);
    expect(build(cli)).toEqual(FILES);
    expect(build(cli)).toEqual([]);
    expect(build(api, cli)).toEqual(FILES);
  });

  test("a package beside the app, and nothing by what has been built there", () => {
    const top = "--top=..";
    put("../lib/src/lib.rs", "1");
    put("../target/release/x.d", "1");
    build(top);
    put("../lib/src/lib.rs", "2");
    put("../target/release/x.d", "2");
    expect(build(top)).toEqual([]);
    expect(statSync(join(root, "lib/src/lib.rs")).mtimeMs).toBeGreaterThan(Date.now() - 5000);
    put("../lib/Cargo.lock", "made");
    put("../lib/page.html", "made");
    expect(build(top)).toEqual(FILES);
  });

  test("all, where the note of the last build is none", () => {
    build();
    writeFileSync(join(root, "target/nua-last.json"), "{");
    expect(build()).toEqual(FILES);
  });

  test("all, where a link leads elsewhere", () => {
    symlinkSync("a.txt", join(app(), "linked.txt"));
    build();
    rmSync(join(app(), "linked.txt"));
    symlinkSync("b.txt", join(app(), "linked.txt"));
    expect(build()).toEqual(FILES);
  });

  test("a module called like the folder that Cargo builds in", () => {
    put("src/target/mod.rs", "1");
    build();
    put("src/target/mod.rs", "2");
    run();
    expect(statSync(join(app(), "src/target/mod.rs")).mtimeMs).toBeGreaterThan(Date.now() - 2000);
  });

  test("all, after a build that wrote beside its sources", () => {
    renewed();
    put("src/made.rs", "made");
    run("--built");
    rmSync(join(app(), "src/made.rs"));
    expect(build()).toEqual(FILES);
  });

  test("all, by another compiler, and nothing is left of what the first has made", () => {
    const compiler = (version: string) => {
      mkdirSync(join(root, "bin"), { recursive: true });
      writeFileSync(join(root, "bin/rustc"), `#!/bin/sh\necho ${version}\n`);
      chmodSync(join(root, "bin/rustc"), 0o755);
    };
    const made = join(root, "target/release/app");
    compiler("1.85");
    renewed();
    mkdirSync(join(made, ".."), { recursive: true });
    writeFileSync(made, "");
    run("--built");
    expect(build()).toEqual([]);
    expect(existsSync(made)).toBe(true);
    compiler("1.96");
    expect(renewed()).toEqual(FILES);
    expect(existsSync(made)).toBe(false);
  });
});
