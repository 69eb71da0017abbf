import { expect, test } from "bun:test";
import { includedRequirements } from "../../../../src/plan/dependencies/python.ts";

test("what a requirements file includes", () => {
  const text =
    "a==1\n-r one.txt\n  -c\ttwo.txt\n--requirement=three.txt\n-rfour.txt\n-e .\n\n-r\nb";
  expect(includedRequirements(text)).toEqual(["one.txt", "two.txt", "three.txt", "four.txt"]);
});

test("one of empty lines is read quickly", () => {
  const begin = performance.now();
  expect(includedRequirements("\n".repeat(2_000_000))).toEqual([]);
  expect(includedRequirements(`-r${" ".repeat(2_000_000)}`)).toEqual([]);
  expect(performance.now() - begin).toBeLessThan(1000);
});
