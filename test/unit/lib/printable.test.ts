import { describe, expect, test } from "bun:test";
import { printable, printableLine, printableOutput } from "../../../src/lib/printable.ts";

describe("what steers a terminal is shown, not sent", () => {
  test.each([
    ["colour", "a\x1b[31mb", "a\\u001b[31mb"],
    ["title of the window", "\x1b]0;owned\x07", "\\u001b]0;owned\\u0007"],
    ["the second set", "\x9b2J", "\\u009b2J"],
    ["back to the beginning", "good\rbad", "good\\u000dbad"],
    ["backspace, DEL, NUL", "a\b\x7f\0", "a\\u0008\\u007f\\u0000"],
    ["bidi", "\u202etxt.exe\u2066", "\\u202etxt.exe\\u2066"],
    ["zero width", "a\u200bb\ufeff", "a\\u200bb\\ufeff"],
    ["tags", "\u{e0041}", "\\udb40\\udc41"],
    ["tab and line break stay", "a\tb\n", "a\tb\n"],
    ["every language stays", "héllo 日本 😀 עברית", "héllo 日本 😀 עברית"],
  ])("%s", (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test("what is escaped within JSON is still JSON", () => {
    const value = { a: "\x9b2J\u202e\x7f\u{e0041}" };
    expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
  });

  test("a name of one line has one", () => {
    expect(printableLine("a\nerror: b")).toBe("a\\nerror: b");
  });
});

describe("the output of a build", () => {
  test("keeps its colours, and ends without them", () => {
    expect(printableOutput("\x1b[1;31mred", true)).toBe("\x1b[1;31mred\x1b[0m");
  });
  test("has none where none are wanted", () => {
    expect(printableOutput("\x1b[1;31mred\x1b[0m\r", false)).toBe("red");
  });
  test("keeps nothing else", () => {
    expect(printableOutput("\x1b[2J\x1b[31m\x1b]52;c;eA==\x07", true)).toBe(
      "\\u001b[2J\x1b[31m\\u001b]52;c;eA==\\u0007\x1b[0m",
    );
  });
});
