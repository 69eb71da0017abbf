/** The commands that install Deno, and which versions a range means. */
import { expect, test } from "bun:test";
import { installCommands } from "../../../../src/languages/deno/agent/install-deno.ts";
import { denoVersions } from "../../../../src/languages/deno/versions.ts";
import { parseBuilder } from "../../../../src/languages/runtimes.ts";

test("Deno is one program, in whatever mode its package has it", () => {
  const commands = installCommands({
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
