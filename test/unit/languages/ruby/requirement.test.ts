import { describe, expect, test } from "bun:test";
import {
  compareGemVersions,
  parseRequirement,
} from "../../../../src/languages/ruby/requirement.ts";

const VERSIONS = ["2.7.8", "3.0.6", "3.2.0", "3.2.1", "3.2.9", "3.3.0", "3.4.0.preview1", "4.0.0"];

describe("a requirement allows", () => {
  const rows: [string, string[]][] = [
    ["3.2.1", ["3.2.1"]],
    ["3.2", ["3.2.0", "3.2.1", "3.2.9"]],
    ["3", ["3.0.6", "3.2.0", "3.2.1", "3.2.9", "3.3.0"]],
    ["= 3.2", ["3.2.0"]],
    ["!= 3.2.1, ~> 3.2.0", ["3.2.0", "3.2.9"]],
    ["~> 3.2", ["3.2.0", "3.2.1", "3.2.9", "3.3.0"]],
    ["~> 3.2.1", ["3.2.1", "3.2.9"]],
    ["~>3.2.1", ["3.2.1", "3.2.9"]],
    ["~> 3", ["3.0.6", "3.2.0", "3.2.1", "3.2.9", "3.3.0"]],
    [">= 3.2.1, < 3.3", ["3.2.1", "3.2.9"]],
    ["> 3.2.9", ["3.3.0", "4.0.0"]],
    ["<= 3.0.6", ["2.7.8", "3.0.6"]],
    [">= 3.4.0.preview1", ["3.4.0.preview1", "4.0.0"]],
    ["3.4.0-preview1", []],
    ["9", []],
  ];
  test.each(rows)("%s", (text, expected) => {
    const allows = parseRequirement(text);
    expect(VERSIONS.filter((version) => allows?.(version))).toEqual(expected);
  });
});

test.each(["", "latest", "^3.2", "3.2 || 3.3", ">=", "3;rm", `3${".1".repeat(300)}`])(
  "%p is none",
  (text) => expect(parseRequirement(text)).toBeNull(),
);

test("versions in their order", () => {
  const sorted = ["3.10.0", "3.2.1", "3.4.0-preview1", "3.4.0", "3.4.0.rc1", "3.2"];
  expect(sorted.toSorted(compareGemVersions)).toEqual([
    ...["3.2", "3.2.1", "3.4.0-preview1", "3.4.0.rc1", "3.4.0", "3.10.0"],
  ]);
});
