import { expect, test } from "bun:test";
import { parseIgnorePatterns } from "../../../src/source/ignore-patterns.ts";

/** As a walk asks: each folder on the way first. */
function isIgnored(text: string, path: string): boolean {
  const patterns = parseIgnorePatterns(text);
  let matches: Uint8Array | null = null;
  const names = path.split("/");
  for (let count = 1; count <= names.length; count += 1) {
    matches = patterns.match(names.slice(0, count).join("/"), matches);
  }
  return patterns.isIgnored(matches!);
}

test.each<[string, string, boolean]>([
  ["*.log", "a.log", true],
  ["*.log", "sub/a.log", false],
  ["**/*.log", "a.log", true],
  ["**/*.log", "sub/deep/a.log", true],
  ["**/*.log", "sub/a.logs", false],
  ["logs", "logs/deep/a", true],
  ["/logs/", "logs/a", true],
  ["./logs/../logs", "logs/a", true],
  ["logs/**", "logs/a", true],
  ["logs/**", "logs", false],
  ["a/**/b", "a/b", true],
  ["a/**/b", "a/x/y/b", true],
  ["a/**/b", "a/x/yb", false],
  ["**", "a/b", true],
  ["t?mp", "temp", true],
  ["t?mp", "t/mp", false],
  ["[a-c]x", "bx", true],
  ["[^a-c]x", "bx", false],
  ["\\*x", "*x", true],
  ["\\*x", "ax", false],
  ["*\n!app.py", "app.py", false],
  ["*\n!app.py", "other.py", true],
  ["*\n!src", "src/deep/a.py", false],
  ["!src\n*", "src/a", true],
  ["*\n!src\nsrc/*.log", "src/a.log", true],
  ["# a comment\n  \n", "a", false],
  ["#a\n", "#a", false],
  ["a*b*c", "aXbYbZc", true],
  ["*/*/x", "a/b/x", true],
  ["\uFEFF*.log\r\nb", "a.log", true],
])("%j of %s: %p", (text, path, expected) => {
  expect(isIgnored(text, path)).toBe(expected);
});

test("a folder that is left out is gone into only where a line may bring something of it back", () => {
  const patterns = parseIgnorePatterns("*\n!src/app.py\n!docs/*/keep");
  expect(["src", "docs", "docs/a", "other", "srcs"].map(patterns.mayTakeBelow)).toEqual([
    ...[true, true, true, false, false],
  ]);
  expect(parseIgnorePatterns("*\n!**/keep").mayTakeBelow("any/where")).toBe(true);
});

test("a line names a path by more than wildcards", () => {
  const patterns = parseIgnorePatterns("*\n!sub\n!**/.env\n!*");
  expect(["sub/.env", ".env", "sub", "sub/.npmrc"].map(patterns.isNamed)).toEqual([
    ...[true, true, true, false],
  ]);
});

test.each(["[a", "a\\", "[z-a]"])("%s is no pattern", (text) => {
  expect(() => parseIgnorePatterns(`b\n${text}`)).toThrow("line 2 is no pattern");
});

test("patterns that cost much elsewhere are matched quickly", () => {
  const text = `${"**/*a*".repeat(20)}b`;
  expect(isIgnored(text, "a/".repeat(500))).toBe(false);
  expect(isIgnored(`${"*".repeat(4000)}b`, "a".repeat(255))).toBe(false);
});

test("patterns that take long together are an error, and not waited for", () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `**/*a*/**/*a*/**/a?ab${index}`);
  const patterns = parseIgnorePatterns(lines.join("\n"));
  expect(() => patterns.match("a/".repeat(2000), null)).toThrow("take too long to compare");
  expect(patterns.match("src/app.py", null).includes(1)).toBe(false);
  expect(() => parseIgnorePatterns("[a]".repeat(400_000))).toThrow("it has 1200000 characters");
});
