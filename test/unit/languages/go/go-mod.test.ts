/** go.mod, go.work and go.sum, and which of a package's files are in a build. */
import { describe, expect, test } from "bun:test";
import { isInBuild } from "../../../../src/languages/go/build-constraint.ts";
import { parseGoMod } from "../../../../src/languages/go/go-mod.ts";
import { parseGoSum, withoutChecksum } from "../../../../src/languages/go/go-sum.ts";

const WHOLE = `// Deprecated: no.
module "example.com/a/v2" // a name in quotes

go 1.22.3

toolchain go1.22.5

require golang.org/x/text v0.3.0
require (
	github.com/a/b v1.2.3 // indirect

	\`github.com/c/d\` v0.0.0-20200101000000-0123456789ab
)

replace (
	github.com/a/b => ../b
	github.com/c/d v0.0.0-20200101000000-0123456789ab => github.com/e/d v1.0.0
)
replace github.com/f=>./f // no space

exclude golang.org/x/net v1.2.3
retract [v1.9.0, v1.9.5]
tool golang.org/x/tools/cmd/stringer
ignore ./node
`;

test("a whole go.mod is read", () => {
  expect(parseGoMod(WHOLE.replaceAll("\n", "\r\n"), "go.mod")).toEqual({
    file: "go.mod",
    module: "example.com/a/v2",
    go: { version: "1.22.3", line: 4 },
    toolchain: { version: "go1.22.5", line: 6 },
    requires: [
      { path: "golang.org/x/text", version: "v0.3.0", line: 8 },
      { path: "github.com/a/b", version: "v1.2.3", line: 10 },
      { path: "github.com/c/d", version: "v0.0.0-20200101000000-0123456789ab", line: 12 },
    ],
    replaces: [
      { path: "github.com/a/b", version: "", to: "../b", toVersion: "", line: 16 },
      {
        ...{ path: "github.com/c/d", version: "v0.0.0-20200101000000-0123456789ab", line: 17 },
        ...{ to: "github.com/e/d", toVersion: "v1.0.0" },
      },
      { path: "github.com/f", version: "", to: "./f", toVersion: "", line: 19 },
    ],
    uses: [],
  });
});

test("so is a go.work", () => {
  const { uses } = parseGoMod("go 1.22\nuse .\nuse (\n\t./a // one\n\t./b/c\n)\n", "go.work");
  expect(uses).toEqual([
    { folder: ".", line: 2 },
    { folder: "./a", line: 4 },
    { folder: "./b/c", line: 5 },
  ]);
});

describe("what Go could not read is told with its line:", () => {
  test.each<[string, string, number]>([
    ["module a b\n", "expected module PATH", 1],
    ["module a\n\ngo\n", "expected go VERSION", 3],
    ["module a\nrequire (\n\tx v1\n", "its parenthesis is not closed", 2],
    ["module a\nrequire x\n", "expected require PATH VERSION", 2],
    ["module a\nreplace x ../y\n", "expected replace", 2],
    ["module a\nreplace x => y\n", "expected replace", 2],
    ["module a\nreplace x => ../y v1\n", "expected replace", 2],
    ["module a\n{}\n", '"{}" is no directive', 2],
    ['module "a\n', "a text is not closed", 1],
    ["module a\n>>>>>>> theirs\n", "merge conflict", 2],
  ])("%j", (text, told, line) => {
    const read = () => parseGoMod(text, "go.mod");
    expect(read).toThrow(told);
    expect(read).toThrow(
      expect.objectContaining({ file: "go.mod", position: { line, column: 1 } }),
    );
  });
});

describe("go.sum", () => {
  const sums = parseGoSum("a.b/c v1.0.0 h1:x=\na.b/d v1.1.0/go.mod h1:y=\n\n", "go.sum");
  const lacking = (path: string, version: string, replaces = "") => {
    const mod = parseGoMod(`module m\nrequire ${path} ${version}\n${replaces}`, "go.mod");
    return withoutChecksum(mod, mod.replaces, sums);
  };

  test.each<[string, string, string, string | null]>([
    ["a.b/c", "v1.0.0", "", null],
    ["a.b/d", "v1.1.0", "", null],
    ["a.b/c", "v1.0.1", "", "a.b/c v1.0.1"],
    ["a.b/c", "main", "", "a.b/c main"],
    ["a.b/x", "v1.0.0", "replace a.b/x => ./x\n", null],
    ["a.b/x", "v1.0.0", "replace a.b/x => a.b/c v1.0.0\n", null],
    ["a.b/x", "v1.0.0", "replace a.b/x v1.0.1 => ./x\n", "a.b/x v1.0.0"],
  ])("for %s %s %s lacks %p", (path, version, replaces, expected) => {
    expect(lacking(path, version, replaces)).toBe(expected);
  });
});

describe("in a build for Linux", () => {
  const line = (constraint: string) => `// Copyright\n\n//go:build ${constraint}\n\npackage main\n`;
  test.each<[string, string, boolean]>([
    ["main.go", "package main\n", true],
    ["main_test.go", "package main\n", false],
    ["main_linux.go", "package main\n", true],
    ["main_windows.go", "package main\n", false],
    ["main_linux_arm64.go", "package main\n", true],
    ["main_windows_amd64.go", "package main\n", false],
    ["windows.go", "package main\n", true],
    ["x_js.go", "package main\n", false],
    ["main.go", line("ignore"), false],
    ["main.go", line("!windows"), true],
    ["main.go", line("linux && (amd64 || arm64) && !appengine"), true],
    ["main.go", line("darwin || (linux && go1.18)"), true],
    ["main.go", line("tools"), false],
    ["main.go", "package main\n\n//go:build ignore\n", true],
  ])("%s %j: %p", (name, text, expected) => {
    expect(isInBuild(name, text)).toBe(expected);
  });

  test.each(["(", "!", "a && ("])("%p without end takes no stack", (part) => {
    expect(() => isInBuild("a.go", line(part.repeat(100_000)))).not.toThrow();
  });
});
