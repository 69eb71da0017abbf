/** The commands that install Deno (and bun), and which versions a range means. */
import { expect, test } from "bun:test";
import { DENO } from "../../../../src/languages/deno/agent/install-deno.ts";
import { denoVersions } from "../../../../src/languages/deno/versions.ts";
import { BUN } from "../../../../src/languages/node/agent/install-bun.ts";
import { unpackCommands } from "../../../../src/languages/npm-program.ts";
import { parseBuilder } from "../../../../src/languages/runtimes.ts";

test("Deno is one program, in whatever mode its package has it", () => {
  const commands = unpackCommands(DENO, {
    prefix: "/out/usr/local",
    version: "2.0.0",
    file: "/s/d.tgz",
  });
  expect(commands.map((one) => (one.kind === "run" ? one.argv.join(" ") : one))).toEqual([
    "mkdir -p /out/usr/local/bin",
    "tar --extract --gzip --no-same-owner --strip-components=1 -f /s/d.tgz -C /out/usr/local/bin package/deno",
    "chmod 755 /out/usr/local/bin/deno",
    { kind: "write", path: "/out/nua/deno_version", text: "2.0.0\n", mode: 0o644 },
  ]);
});

test("bun is one with another name, and tells no version where no base image is made", () => {
  const commands = unpackCommands(BUN, { prefix: "/nua/.bun", version: "1.4.0", file: "/s/b.tgz" });
  expect(commands.map((one) => (one.kind === "run" ? one.argv.join(" ") : one))).toEqual([
    "mkdir -p /nua/.bun/bin",
    "tar --extract --gzip --no-same-owner --strip-components=2 -f /s/b.tgz -C /nua/.bun/bin package/bin/bun",
    "ln -sf bun /nua/.bun/bin/bunx",
  ]);
});

test.each([
  ["2", "2.9.6", true],
  ["2.1", "2.1.14", true],
  ["2.1", "2.2.0", false],
  ["v2.1.4", "2.1.4", true],
  ["latest", "2.9.6", true],
  [">=2.3 <2.5", "2.4.5", true],
])("%s and %s: %p", (range, version, expected) => {
  expect(denoVersions.parse(range)!(version)).toBe(expected);
});

test("what is no range", () => {
  for (const text of ["canary", "banana", `>=${"1".repeat(300)}`]) {
    expect(denoVersions.parse(text)).toBeNull();
  }
});

test("build.builder names it", () => {
  expect(parseBuilder("deno")).toEqual([{ language: "deno", version: "2" }]);
  expect(parseBuilder("deno-2.1")).toEqual([{ language: "deno", range: "2.1" }]);
  expect(parseBuilder({ name: "deno", version: ">=2.3" })).toEqual([
    { language: "deno", range: ">=2.3" },
  ]);
});
