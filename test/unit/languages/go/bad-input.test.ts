/** What is wrong with an app of Go's: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const MOD = "module example.com/shop\n\ngo 1.26\n";
const MAIN = "package main\n\nfunc main() {}\n";
const SUM = "golang.org/x/text v0.3.0 h1:x=\n";
const CONFLICT = "<<<<<<< HEAD\nrequire a v1\n=======\nrequire a v2\n>>>>>>> theirs\n";

/** An app without faults, and what is other about it. */
const app = (more: Files = {}): Files => ({ "go.mod": MOD, "main.go": MAIN, ...more });

test("nothing is told of one without faults", () => {
  expect(toldOf(app())).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "go.mod with marks of a conflict",
      app({ "go.mod": MOD + CONFLICT }),
      'go.mod:4: Read "go.mod": git has left',
    ],
    [
      "go.sum with such marks",
      app({ "go.sum": CONFLICT }),
      'go.sum:1: Read "go.sum": git has left',
    ],
    [
      "a go.mod that is none",
      app({ "go.mod": "module\n" }),
      'go.mod:1: Read "go.mod": expected module PATH',
    ],
    ["a directive that is none", app({ "go.mod": `${MOD}{"a": 1}\n` }), "go.mod:4: "],
    [
      "a Go that nobody has",
      app({ "go.mod": "module a\n\ngo 1.99\n" }),
      'go.mod:3: go.mod:3 asks for go "1.99", which cannot be had',
    ],
    ["a pin that is no version", app({ ".go-version": "banana\n" }), ".go-version:1: "],
    [
      "a Go before all that are built with",
      app({ "go.mod": "module a\n", ".go-version": "1.4\n" }),
      '.go-version:1: .go-version:1 asks for go "1.4"',
    ],
    [
      "a module in a folder that is none of the app's",
      app({ "go.mod": `${MOD}require a.b/c v0.0.0\nreplace a.b/c => ../c\n` }),
      'go.mod:5: Read "go.mod": a.b/c is replaced by the folder "../c", which is outside of the app\'s',
    ],
    [
      "a module in a folder of the machine",
      app({ "go.mod": `${MOD}require a.b/c v0.0.0\nreplace a.b/c => /src/c\n` }),
      'go.mod:5: Read "go.mod": a.b/c is replaced by the folder "/src/c", which is outside',
    ],
    [
      "a module in a folder that is not there",
      app({ "go.mod": `${MOD}require a.b/c v0.0.0\nreplace a.b/c => ./c\n` }),
      'go.mod:5: Read "go.mod": a.b/c is replaced by the folder "./c", which has no go.mod',
    ],
    [
      "a member that is not there",
      app({ "go.work": "go 1.26\n\nuse (\n\t.\n\t./api\n)\n" }),
      'go.work:5: Read "go.work": the member "./api" has no go.mod',
    ],
    [
      "a member that is none of the app's",
      app({ "go.work": "use .\nuse ../lib\n" }),
      'go.work:2: Read "go.work": the member "../lib" is outside of the app\'s folder',
    ],
  ])("%s", (_, files, told) => {
    expect(toldOf(files).error).toStartWith(told);
  });

  test("a version has those that are near as its hint", () => {
    expect(toldOf(app({ "go.mod": "module a\n\ngo 1.99\n" })).hint).toBe(
      "nearest versions: 1.27.4",
    );
  });

  test("a checksum that is missing, with --frozen", () => {
    const files = app({ "go.mod": `${MOD}require golang.org/x/net v0.3.0\n`, "go.sum": SUM });
    expect(toldOf(files, { frozen: true }).error).toContain(
      "it does not fit: go.sum does not have golang.org/x/net v0.3.0",
    );
  });

  test.each<[string, Files, string]>([
    [
      "no program",
      { "go.mod": MOD, "shop.go": "package shop\n" },
      "has no program: there is no package main at its top, in cmd/* or in another folder",
    ],
    [
      "an example that is not the app",
      { "go.mod": MOD, "examples/a/main.go": MAIN },
      "; ./examples/a are examples, tests or tools",
    ],
  ])("%s", (_, files, told) => {
    expect(() => toldOf(files)).toThrow(told);
    expect(() => toldOf(files)).toThrow(
      expect.objectContaining({ code: "config", file: "go.mod" }),
    );
  });
});

describe("has a sensible reading, which is told:", () => {
  test.each<[string, Files, string]>([
    [
      "no go.sum",
      app({ "go.mod": `${MOD}require golang.org/x/text v0.3.0\n` }),
      "there is no go.sum: go build completes it, and two builds may get different versions",
    ],
    [
      "a go.sum that does not fit",
      app({ "go.mod": `${MOD}require golang.org/x/text v0.4.0\n`, "go.sum": SUM }),
      "go.sum does not have golang.org/x/text v0.4.0: go build completes it",
    ],
    [
      "a vendor that does not fit",
      app({
        "go.mod": `${MOD}require golang.org/x/text v0.4.0\n`,
        "vendor/modules.txt": "# golang.org/x/text v0.3.0\n",
      }),
      "vendor/modules.txt does not have golang.org/x/text v0.4.0: modules are fetched, and vendor is not used",
    ],
    [
      "pins that contradict each other",
      app({ ".go-version": "1.25.4\n" }),
      '.go-version:1 asks for go "1.25.4", and go.mod:3, which counts, for "1.26"',
    ],
    [
      "a line from before it was a minimum",
      app({ "go.mod": "module a\ngo 1.17\n" }),
      "go.mod:2 says go 1.17, which is no minimum",
    ],
    [
      "a module that nothing requires in a folder that is not there",
      app({ "go.mod": `${MOD}replace a.b/c => ../c\n`, ".go-version": "1.25.4\n" }),
      "which counts",
    ],
  ])("%s", (_, files, told) => {
    const all = toldOf(files);
    expect(all.error).toBeUndefined();
    expect(all.warnings.join("\n")).toContain(told);
  });
});
