/** Which versions of Deno a range means, and how build.builder names it. */
import { expect, test } from "bun:test";
import { denoVersions } from "../../../../src/languages/deno/versions.ts";
import { parseBuilder } from "../../../../src/languages/runtimes.ts";

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
