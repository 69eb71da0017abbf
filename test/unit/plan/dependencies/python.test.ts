import { expect, test } from "bun:test";
import { includedRequirements, pythonRule } from "../../../../src/languages/python/dependencies.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

test("what a requirements file includes", () => {
  const text =
    "a==1\n-r one.txt\n  -c\ttwo.txt\n--requirement=three.txt\n-rfour.txt\n-e .\n\n-r\nb";
  expect(includedRequirements(text)).toEqual(["one.txt", "two.txt", "three.txt", "four.txt"]);
});

test("one of empty lines is read quickly", () => {
  const begin = performance.now();
  expect(includedRequirements("\n".repeat(2_000_000))).toEqual([]);
  expect(includedRequirements(`-r${" ".repeat(2_000_000)}`)).toEqual([]);
  expect(performance.now() - begin).toBeLessThan(20_000);
}, 600_000);

test("what is in the way of a layer is told without its password", () => {
  const tree = memoryTree({ "requirements.txt": "a @ git+https://joe:secret99@host/a" });
  expect(() => pythonRule.plan({ tree, language: "python", hasPackages: false })).toThrow(
    'names "a @ git+https://***@host/a"',
  );
});
