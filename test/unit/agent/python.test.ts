import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InstallTools } from "../../../src/languages/installer.ts";
import { compileCommands } from "../../../src/languages/python/agent/compile-python.ts";
import { install } from "../../../src/languages/python/agent/install-python.ts";
import { findSource } from "../../../src/languages/python/agent/sources.ts";
import {
  findBuild,
  findReleases,
  listVersions,
} from "../../../src/languages/python/agent/standalone.ts";
import type { Command } from "../../../src/protocol/command.ts";
import { line } from "./facts.ts";

const name = (version: string, release: string, rest = "x86_64-unknown-linux-gnu-install_only") =>
  `cpython-${version}+${release}-${rest}.tar.gz`;
const sum = (letter: string) => letter.repeat(64);
const SUMS = [
  `${sum("a")}  ${name("3.12.7", "20241016")}`,
  `${sum("b")}  ${name("3.12.7", "20241016", "x86_64-unknown-linux-gnu-install_only_stripped")}`,
  `${sum("c")}  ${name("3.12.10", "20250409")}`,
  `${sum("d")}  ${name("3.13.0", "20241016", "aarch64-unknown-linux-gnu-install_only")}`,
  `${sum("e")}  ${name("3.13.0", "20241016", "x86_64-unknown-linux-musl-install_only")}`,
  `${sum("f")}  ${name("3.14.0rc1", "20241016")}`,
  `no digest  ${name("3.12.99", "20241016")}`,
].join("\n");

describe("builds of CPython", () => {
  test.each<[string, string, string | undefined]>([
    [
      "3.12",
      "x86_64",
      "20250409/cpython-3.12.10%2B20250409-x86_64-unknown-linux-gnu-install_only.tar.gz",
    ],
    [
      "3.12.7",
      "x86_64",
      "20241016/cpython-3.12.7%2B20241016-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz",
    ],
    [
      "3.13",
      "aarch64",
      "20241016/cpython-3.13.0%2B20241016-aarch64-unknown-linux-gnu-install_only.tar.gz",
    ],
    ["3.13", "x86_64", undefined],
    ["3.14", "x86_64", undefined],
    ["3.1", "x86_64", undefined],
  ])("of a list, %p for %s is %p", (wanted, machine, path) => {
    expect(findBuild(SUMS, { wanted, machine })?.path).toBe(path);
  });

  test("a list has its versions, each once", () => {
    expect(listVersions(SUMS)).toEqual(["3.12.7", "3.12.10", "3.13.0"]);
    expect(listVersions("<html>")).toBeUndefined();
  });

  test.each([
    ["3.12.7", "20241016"],
    ["3.13.2", "20250317"],
    ["3.12.99", undefined],
    ["2.7", undefined],
  ])("the release of %p is %p", (wanted, release) => {
    expect(findReleases(wanted)[0]?.release).toBe(release);
  });

  test.each([
    ["3.8.10", "3.8.10/Python-3.8.10.tgz"],
    ["3.7", "3.7.17/Python-3.7.17.tgz"],
    ["3.6", undefined],
  ])("without a build, %p is %p", (wanted, path) => {
    expect(findSource(wanted)?.path).toBe(path);
  });
});

/** Tools that fetch from a table and note what is executed. */
function tools(files: Readonly<Record<string, string>>, mirror?: string) {
  const asked: string[] = [];
  const done: Command[] = [];
  const scratch = mkdtempSync(join(tmpdir(), "nua-test-"));
  const debian = {
    updateLists: () => line_("update"),
    install: (names: readonly string[]) => [line_(`keep ${names.join(" ")}`)],
    borrow: (names: readonly string[]) => [line_(`borrow ${names.length > 0}`)],
    removeBorrowed: () => [line_("remove")],
    linkedPackages: (_: string, next: (names: string[]) => Command[]) => next(["libssl3"])[0]!,
  };
  const lent: InstallTools = {
    ...{ settings: mirror === undefined ? {} : { pythonMirror: mirror }, env: {}, scratch, debian },
    write: () => {},
    execute: async (commands) => void done.push(...commands),
    fetch: async (url) => {
      asked.push(url);
      const text = files[url];
      return text === undefined ? null : Buffer.from(text);
    },
  };
  return { lent, asked, done, [Symbol.dispose]: () => rmSync(scratch, { recursive: true }) };
}

const line_ = (text: string): Command => ({
  ...{ kind: "run", argv: text.split(" "), user: "root", cwd: "/", env: {}, timeout: 1 },
});

const MACHINE = process.arch === "arm64" ? "aarch64" : "x86_64";
const BUILD = (version: string, release: string) =>
  name(version, release, `${MACHINE}-unknown-linux-gnu-install_only`);
const DIGEST = createHash("sha256").update("archive").digest("hex");

describe("install-python", () => {
  const mirror = "http://m.example/cpython";
  const archive = `${mirror}/20241016/${BUILD("3.12.7", "20241016").replace("+", "%2B")}`;

  test("from a mirror in the layout that uv knows", async () => {
    const sums = `${DIGEST}  ${BUILD("3.12.7", "20241016")}\n`;
    const files = { [`${mirror}/20241016/SHA256SUMS`]: sums, [archive]: "archive" };
    using given = tools(files, mirror);
    await install({ wanted: "3.12.7", folder: "/out" }, given.lent);
    expect(given.asked).toEqual([`${mirror}/SHA256SUMS`, `${mirror}/20241016/SHA256SUMS`, archive]);
    const lines = given.done.flatMap(line);
    expect(lines[0]).toBe("mkdir -p /out/usr/local/lib/nua/cpython");
    expect(lines[1]).toContain("tar --extract --gzip --no-same-owner --strip-components=1");
    expect(lines.at(-1)).toContain("/out/nua/python_version");
  });

  test("a mirror without the newest", async () => {
    const sums = `${DIGEST}  ${BUILD("3.12.7", "20241016")}\n`;
    const files = { [`${mirror}/20241016/SHA256SUMS`]: sums, [archive]: "archive" };
    using given = tools(files, mirror);
    await install({ wanted: "3.12", folder: "/out" }, given.lent);
    expect(given.asked.at(-1)).toBe(archive);
  });

  test("the list at the top of a mirror comes first", async () => {
    const sums = `${DIGEST}  ${BUILD("3.12.7", "20241016")}\n`;
    using given = tools({ [`${mirror}/SHA256SUMS`]: sums, [archive]: "archive" }, mirror);
    await install({ wanted: "3.12", folder: "/out" }, given.lent);
    expect(given.asked).toEqual([`${mirror}/SHA256SUMS`, archive]);
  });

  test("here, /nua/venv is made anew", async () => {
    const sums = `${DIGEST}  ${BUILD("3.12.7", "20241016")}\n`;
    using given = tools({ [`${mirror}/SHA256SUMS`]: sums, [archive]: "archive" }, mirror);
    await install({ wanted: "3.12.7", folder: "/" }, given.lent);
    const lines = given.done.flatMap(line);
    expect(lines).toContain("rm -rf /nua/venv");
    expect(lines.join("\n")).toContain("cpython/bin/python3 -m venv /nua/venv");
  });

  test("another archive than the list says is refused", async () => {
    const sums = `${sum("a")}  ${BUILD("3.12.7", "20241016")}\n`;
    using given = tools({ [`${mirror}/SHA256SUMS`]: sums, [archive]: "archive" }, mirror);
    const done = install({ wanted: "3.12.7", folder: "/out" }, given.lent);
    expect(done).rejects.toThrow(/^Check "http:\/\/m\.example.*": expected aaaa/);
  });

  test("what no build is of is compiled, of a source that is what it was", async () => {
    const url = `${mirror}/sources/3.7.17/Python-3.7.17.tgz`;
    using given = tools({ [url]: "source" }, mirror);
    const done = install({ wanted: "3.7", folder: "/out" }, given.lent);
    expect(done).rejects.toThrow("expected fd50161bc2a04f4c");
    await done.catch(() => {});
    expect(given.asked.at(-1)).toBe(url);
  });

  test("what there is not tells what there is", async () => {
    using given = tools({}, mirror);
    const done = install({ wanted: "3.13.99", folder: "/out" }, given.lent);
    expect(done).rejects.toMatchObject({ hint: expect.stringContaining("3.13.2") });
    await done.catch(() => {});
  });

  test("compiling", () => {
    const prefix = "/usr/local/lib/nua/cpython";
    const lines = compileCommands({ root: "/out", prefix, scratch: "/s", file: "/s/a.tgz" });
    expect(lines.flatMap(line)).toContain("make install DESTDIR=/out");
  });
});
