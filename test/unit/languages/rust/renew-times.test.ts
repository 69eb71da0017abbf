/** What Cargo is to see as changed, by the script that tells it. */
import { beforeEach, describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(import.meta.dirname, "../../../../src/languages/rust/agent/renew_times.py");

/** As a build context has them: the same whatever was edited. */
const OLD = 315_619_200;

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
  utimesSync(join(app(), file), OLD, OLD);
}

function run(...words: string[]): void {
  const argv = [SCRIPT, join(root, "target"), ...words];
  execFileSync("python3", argv, { cwd: app() });
}

/** Those that are new, as a new context brings all others. */
function renewed(): string[] {
  run("node_modules");
  const found = FILES.filter((file) => statSync(join(app(), file)).mtimeMs > (OLD + 1) * 1000);
  for (const file of found) utimesSync(join(app(), file), OLD, OLD);
  return found;
}

function build(): string[] {
  const found = renewed();
  run("--built");
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
  });

  test("all, where the note of the last build is none", () => {
    build();
    writeFileSync(join(root, "target/nua-last.json"), "{");
    expect(build()).toEqual(FILES);
  });
});
