/** Which Go an app asks for, and which there are. */
import { describe, expect, test } from "bun:test";
import { parseList } from "../../../../src/languages/go/agent/toolchains.ts";
import { goPins } from "../../../../src/languages/go/pins.ts";
import { readProject } from "../../../../src/languages/go/project.ts";
import { goVersions, plainVersion } from "../../../../src/languages/go/versions.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

test("of each series that a proxy lists, all patches up to the newest are there", () => {
  const lines = [
    ...["v0.0.1-go1.20.linux-amd64", "v0.0.1-go1.21.2.linux-amd64", "v0.0.1-go1.22.0.linux-arm64"],
    ...["v0.0.1-go1.23rc1.linux-amd64", "v0.0.1-go1.21.0.linux-amd64"],
  ];
  expect(parseList(lines.join("\n"))).toEqual(["1.20.0", "1.21.0", "1.21.1", "1.21.2"]);
  expect(parseList("<html></html>")).toBeUndefined();
});

test.each<[string, string | null]>([
  ["1.22", "1.22"],
  ["go1.22.3", "1.22.3"],
  ["1.21rc2", "1.21"],
  ["go1.22.1-custom", "1.22.1"],
  ["default", null],
  ["2", null],
])("the version of %j is %p", (text, expected) => {
  expect(plainVersion(text)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ["1.22", "1.22.9", true],
  ["~1.22.3", "1.22.2", false],
  ["~1.22.3", "1.22.12", true],
  ["~1.22.3", "1.23.0", false],
  [">=1.21", "1.27.0", true],
  ["go1.22", "1.22.1", true],
  ["latest", "1.27.1", true],
])("%j allows %s: %p", (range, version, expected) => {
  expect(goVersions.parse(range)?.(version)).toBe(expected);
});

test.each(["banana", "", "9".repeat(300)])("%j is no range", (range) => {
  expect(goVersions.parse(range === "" ? "x.y.z" : range)).toBeNull();
});

describe("asked for is", () => {
  test.each<[string, Record<string, string>, string[]]>([
    ["nothing", { "go.mod": "module a\n" }, []],
    ["a series", { "go.mod": "module a\ngo 1.22\n" }, ["1.22 go.mod:2"]],
    ["that patch or a later one", { "go.mod": "module a\ngo 1.22.3\n" }, ["~1.22.3 go.mod:2"]],
    [
      "the toolchain",
      { "go.mod": "module a\ngo 1.22.3\ntoolchain go1.24.1\n" },
      ["~1.24.1 go.mod:3"],
    ],
    [
      "no older toolchain than go says",
      { "go.mod": "module a\ngo 1.24\ntoolchain go1.23.1\n" },
      ["1.24 go.mod:2", "~1.23.1 go.mod:3"],
    ],
    [
      ".go-version first",
      { "go.mod": "module a\ngo 1.22\ntoolchain go1.24.1\n", ".go-version": "1.23.4\n" },
      ["1.23.4 .go-version:1"],
    ],
    [
      "a tool of mise's",
      { "go.mod": "module a\ngo 1.22\n", "mise.toml": '[tools]\ngo = "1.25"\n' },
      ["1.25 mise.toml:2"],
    ],
    [
      "a tool of asdf's",
      { "go.mod": "module a\ngo 1.22\n", ".tool-versions": "golang 1.25.1\n" },
      ["1.25.1 .tool-versions:1"],
    ],
    [
      "the highest of a workspace",
      {
        "go.work": "go 1.22\nuse ./a\nuse ./b\n",
        "a/go.mod": "module a\ngo 1.23.4\n",
        "b/go.mod": "module b\ngo 1.21\n",
      },
      ["~1.23.4 a/go.mod:2"],
    ],
    ["an old line", { "go.mod": "module a\ngo 1.13\n" }, ["1.21 go.mod:2"]],
    [
      "an old line and a pin",
      { "go.mod": "module a\ngo 1.13\n", ".go-version": "1.19" },
      ["1.19 .go-version:1"],
    ],
  ])("%s", (_, files, expected) => {
    const tree = memoryTree(files);
    const { pins } = goPins(tree, readProject(tree)!);
    expect(pins.map(({ range, from }) => `${range} ${from.what}:${from.line}`)).toEqual(expected);
  });

  test("an old line is told of", () => {
    const tree = memoryTree({ "go.mod": "module a\ngo 1.13\n" });
    expect(goPins(tree, readProject(tree)!).warnings).toEqual([
      "go.mod:2 says go 1.13, which is no minimum before 1.21: the app is built by Go 1.21; .go-version names another",
    ]);
  });
});
