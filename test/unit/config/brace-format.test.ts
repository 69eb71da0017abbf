import { describe, expect, test } from "bun:test";
import { BraceError, formatBraces } from "../../../src/config/brace-format.ts";

// Each expected text is what Python 3.11 prints for str.format with the same arguments.
const NAMES = {
  version: "1.9.7",
  release: 15,
  tags: ["a", "b"],
  "src-url": "u",
  none: null,
  x: 2.5,
};

describe("formats as Python does", () => {
  test.each([
    ["", ""],
    ["v{version}/x-{version}.tgz", "v1.9.7/x-1.9.7.tgz"],
    ["{{version}} }} {{", "{version} } {"],
    ["{src-url}", "u"],
    ["{tags[1]}", "b"],
    ["{tags}", "['a', 'b']"],
    ["{none} {none!r}", "None None"],
    ["{version!r}", "'1.9.7'"],
    ["{release:03d}|{release:>5}|{release:<5}|{release:^6}|", "015|   15|15   |  15  |"],
    ["{release:x} {release:#b} {release:+d}", "f 0b1111 +15"],
    ["{version:*^9}", "**1.9.7**"],
    ["{version:.3}", "1.9"],
    ["{x:.2f} {x:08.3f} {x:%}", "2.50 0002.500 250.000000%"],
    ["{release:{release}d}", "             15"],
  ])("%p -> %p", (template, expected) => {
    expect(formatBraces(template, NAMES)).toBe(expected);
  });
});

describe("refuses what Python refuses", () => {
  test.each(["{nope}", "{", "}", "a } b", "{}", "{0}", "{version:d}", "{tags[7]}", "{version.x}"])(
    "%p",
    (template) => {
      expect(() => formatBraces(template, NAMES)).toThrow(BraceError);
    },
  );

  test("a key of every object is not a name", () => {
    expect(() => formatBraces("{toString}", NAMES)).toThrow(BraceError);
    expect(() => formatBraces("{tags[constructor]}", NAMES)).toThrow(BraceError);
  });
});
