/** What Deno has fetched, in the form that an image has it in, by the script that gives it that. */
import { beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const SCRIPT = join(import.meta.dirname, "../../../../src/languages/deno/agent/deno_cache.py");
// Each starts Python, some of them several times.
setDefaultTimeout(60_000);

const MARK = "\n// denoCacheMetadata=";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nua-build-test-"));
  return () => rmSync(root, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** As Deno has it below `remote`. */
function placeOf(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  const host = port === "" ? hostname : `${hostname}_PORT${port}`;
  const digest = createHash("sha256").update(pathname).digest("hex");
  return `remote/${protocol.slice(0, -1)}/${host}/${digest}`;
}

function putModule(url: string, text: string): void {
  const headers = { etag: '"1"', date: "today", "content-type": "text/typescript" };
  put(placeOf(url), text + MARK + JSON.stringify({ headers, url, time: 1_795_940_193 }));
}

const read = (path: string) => readFileSync(join(root, path), "utf8");
const kept = (url: string, text: string) =>
  `${text}${MARK}${JSON.stringify({ headers: { "content-type": "text/typescript" }, url, time: 0 })}`;

function run(words: string[], env: Record<string, string> = {}): void {
  const all = { PATH: process.env.PATH ?? "", DENO_DIR: root, ...env };
  execFileSync("python3", [SCRIPT, ...words], { cwd: root, env: all });
}

function files(): string[] {
  const all = readdirSync(root, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

describe("what is closed", () => {
  test("has nothing of its time, and no notes of Deno's", () => {
    putModule("https://jsr.io/@a/b/1.0.0/mod.ts", "export {};");
    for (const name of ["dep_analysis_cache_v2-wal", "gen/file/x.js", "v8_code_cache_v2"])
      put(name, "");
    run(["close"]);
    const place = placeOf("https://jsr.io/@a/b/1.0.0/mod.ts");
    expect(files()).toEqual([place]);
    expect(read(place)).toBe(kept("https://jsr.io/@a/b/1.0.0/mod.ts", "export {};"));
  });

  test("names the versions that are there alone, and no more than its lock file lacks", () => {
    const list = "https://jsr.io/@a/b/meta.json";
    const versions = { "1.0.0": {}, "2.0.0": {} };
    putModule(list, JSON.stringify({ scope: "a", name: "b", latest: "2.0.0", versions }));
    putModule("https://jsr.io/@a/b/1.0.0_meta.json", "{}");
    const hono = "npm/registry.npmjs.org/hono";
    const dist = { tarball: "http://npm.example/hono.tgz", integrity: "sha512-0" };
    const packument = {
      ...{ name: "hono", "_deno.etag": "1", time: {}, "dist-tags": { latest: "4.1.0" } },
      versions: { "4.0.0": { dist }, "4.1.0": { dist } },
    };
    put(`${hono}/registry.json`, JSON.stringify(packument));
    put(`${hono}/4.0.0/registry.json`, "{}");
    put("deno.lock", '{"version": "4"}');
    run(["close"]);
    expect(read(placeOf(list))).toContain('"2.0.0":{}');
    run(["close", "deno.lock"], { NPM_CONFIG_REGISTRY: "http://npm.example/" });
    expect(JSON.parse(read(`${hono}/registry.json`))).toEqual({
      ...{ name: "hono", "dist-tags": {} },
      versions: {
        "4.0.0": {
          dist: { ...dist, tarball: "https://registry.npmjs.org/hono/-/hono-4.0.0.tgz" },
        },
      },
    });
    put("deno.lock", '{"version": "5"}');
    run(["close", "deno.lock"]);
    const short = { scope: "a", name: "b", latest: "1.0.0", versions: { "1.0.0": {} } };
    expect(read(placeOf(list))).toBe(kept(list, JSON.stringify(short)));
    expect(files().filter((name) => name.startsWith("npm/"))).toEqual([
      "npm/registry.npmjs.org/hono/4.0.0/registry.json",
    ]);
  });

  test.each([
    ["https://npm.example/", "npm/npm.example"],
    ["http://npm.example:4873/root/", "npm/npm.example_4873/root"],
    ["http://10.0.0.1:4873/npm", "npm/4873/npm"],
    ["http://10.0.0.1/", "npm/_"],
  ])("is as the public registries have it, whichever mirror it is from: %s", (address, folder) => {
    const mirror = { NPM_CONFIG_REGISTRY: address, JSR_URL: "http://jsr.example:8080/jsr/" };
    putModule("http://jsr.example:8080/jsr/@a/b/1.0.0/mod.ts", "export {};");
    put(`${folder}/hono/4.0.0/package.json`, "{}");
    put("npm/registry.npmjs.org/hono/3.0.0/package.json", "{}");
    run(["close"], mirror);
    expect(files()).toEqual([
      "npm/registry.npmjs.org/hono/3.0.0/package.json",
      "npm/registry.npmjs.org/hono/4.0.0/package.json",
      placeOf("https://jsr.io/@a/b/1.0.0/mod.ts"),
    ]);
    expect(existsSync(join(root, folder.split("/").slice(0, 2).join("/")))).toBe(false);
    expect(existsSync(join(root, "remote/http"))).toBe(false);
  });

  test("is opened for a mirror, and closed as it was", () => {
    const mirror = {
      NPM_CONFIG_REGISTRY: "https://npm.example:1/a/b/",
      JSR_URL: "https://jsr.example/",
    };
    putModule("https://jsr.io/@a/b/1.0.0/mod.ts", "export {};");
    put("npm/registry.npmjs.org/hono/4.0.0/package.json", "{}");
    run(["close"], mirror);
    const before = files();
    run(["open"], mirror);
    expect(read("npm/npm.example_1/a/b/hono/4.0.0/package.json")).toBe("{}");
    expect(lstatSync(join(root, "npm/npm.example_1/a/b")).isSymbolicLink()).toBe(true);
    expect(read(placeOf("https://jsr.example/@a/b/1.0.0/mod.ts"))).toStartWith("export {};");
    run(["close"], mirror);
    expect(files()).toEqual(before);
    expect(existsSync(join(root, "npm/npm.example_1"))).toBe(false);
  });

  test("is left alone where it is none that Deno has written", () => {
    put("remote/https/a/0", "text");
    put("remote/https/a/1", `text${MARK}{`);
    put("remote/https/a/2", `text${MARK}[]`);
    run(["close"]);
    run(["open"], { JSR_URL: "https://a/" });
    expect(files()).toEqual(["remote/https/a/0", "remote/https/a/1", "remote/https/a/2"]);
    run(["close"], { DENO_DIR: "" });
    run(["close"], { DENO_DIR: join(root, "nowhere") });
  });
});
