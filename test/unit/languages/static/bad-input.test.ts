/** What is wrong with a static site: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const CONFLICT = "<<<<<<< HEAD\nroot: a\n=======\nroot: b\n>>>>>>> theirs\n";
const site = (staticfile: string, more: Files = {}): Files => ({
  ...{ Staticfile: staticfile, "index.html": "", "pages/index.html": "" },
  ...more,
});

test("nothing is told of one without faults", () => {
  expect(toldOf(site("root: pages\n"))).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    ["a Staticfile that is no YAML", site("root: [\n"), "Staticfile:2: "],
    ["one without keys", site("- pages\n"), "Staticfile:1: "],
    [
      "one with marks of a conflict",
      site(`ssi: enabled\n${CONFLICT}`),
      'Staticfile:2: Read "Staticfile": git has left a merge conflict in it',
    ],
    ["a folder that is no name", site("ssi: enabled\nroot: {a: 1}\n"), "Staticfile:2: "],
    ["one outside", site("root: ../pages\n"), "Staticfile:"],
    [
      "one that would be a directive",
      site('root: "pages; include /etc/passwd$x"\n'),
      "Staticfile:",
    ],
  ])("%s", (_, files, told) => {
    expect(toldOf(files).error).toStartWith(told);
  });
});

describe("has a sensible reading, which is told:", () => {
  test.each<[string, Files, string]>([
    [
      "a key that is not known",
      site("ssi: enabled\nnope: 1\n"),
      'Staticfile:2: "nope" is not carried over',
    ],
    ["a folder that is not there", site("root: gone\n"), 'Staticfile:1: there is no folder "gone"'],
    [
      "a Procfile without web",
      { "index.html": "", Procfile: "a: x\nb: y\n" },
      "Procfile:1, 2: there is no web, so that none of a, b is started",
    ],
    ["no page that is the first", { "a.html": "", "b.html": "" }, "there is no index.html"],
  ])("%s", (_, files, told) => {
    const all = toldOf(files);
    expect(all.error).toBeUndefined();
    expect(all.warnings.join("\n")).toContain(told);
  });
});
