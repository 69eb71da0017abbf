import { expect, test } from "bun:test";
import { closest, editDistance } from "../../../src/lib/closest.ts";

test.each([
  ["same", "same", 0],
  ["", "abc", 3],
  ["kitten", "sitting", 3],
  ["packgaes", "packages", 1],
] as const)("%s to %s is %d edits", (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
});

test.each([
  ["packges", "packages"],
  ["tets", "test"],
  ["zzz", undefined],
] as const)("%s probably means %s", (word, meant) => {
  expect(closest(word, ["packages", "test", "license"])).toBe(meant);
});
