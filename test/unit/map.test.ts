/** AGENTS.md stays true: its map is what the files say of themselves. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeFile, withMap } from "../../scripts/map.ts";

const ROOT = join(import.meta.dir, "../..");

test("the map is up to date: npm run map", () => {
  const text = readFileSync(join(ROOT, "AGENTS.md"), "utf8");
  expect(withMap(text, ROOT)).toBe(text);
});

test.each([
  ["a.ts", "/** One line. More of it. */\nimport x;", "One line"],
  [
    "a.ts",
    "import x;\n/**\n * Of the first\n * export: it is that\n */\nexport const y = 1;",
    "Of the first export: it is that",
  ],
  ["a.py", '"""A program.\n\nMore."""\n', "A program"],
  ["a.sh", "#!/bin/sh\n# What it does\n# in two lines.\nx", "What it does in two lines"],
  ["a.Dockerfile", "# syntax=x\n\n# The image.\nFROM x", "The image"],
])("what %s says: %j", (path, text, expected) => {
  expect(describeFile(path, text)).toBe(expected);
});

test("a file that says nothing is refused", () => {
  expect(() => describeFile("src/a.ts", "export const a = 1;")).toThrow(
    "src/a.ts does not say what it is",
  );
});
