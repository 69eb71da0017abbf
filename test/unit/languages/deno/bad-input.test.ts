/** What is wrong with an app of Deno's: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { graphOf } from "../../../../src/languages/deno/graph.ts";
import { listeningOf } from "../../../../src/languages/deno/port.ts";
import { parseSpecifier } from "../../../../src/languages/deno/specifiers.ts";
import { parseLine } from "../../../../src/languages/deno/task-line.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const CONFIG = `{
  // What it needs.
  "imports": {
    "hono": "npm:hono@^4",
  },
}
`;
const LOCK = `{
  "version": "5",
  "specifiers": {
    "npm:hono@4": "4.13.19"
  }
}
`;
const CONFLICT = '<<<<<<< HEAD\n  "a": 1\n=======\n  "a": 2\n>>>>>>> theirs\n';

/** An app with its lock, and what is other about it. */
const app = (more: Files = {}): Files => ({
  ...{ "deno.jsonc": CONFIG, "deno.lock": LOCK, "main.ts": "Deno.serve(() => 1);\n" },
  ...more,
});

test("nothing is told of one without faults", () => {
  expect(toldOf(app())).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "settings with marks of a conflict",
      app({ "deno.jsonc": `{\n${CONFLICT}}` }),
      'deno.jsonc:2: Read "deno.jsonc": git has left a merge conflict in it',
    ],
    [
      "a lock with such marks",
      app({ "deno.lock": `{\n${CONFLICT}}` }),
      'deno.lock:2: Read "deno.lock": git has left a merge conflict in it',
    ],
    [
      "settings that are no JSON",
      app({ "deno.jsonc": '{\n  "tasks": {\n' }),
      'deno.jsonc:3: Read "deno.jsonc": not valid JSON: ',
    ],
    [
      "settings of another kind",
      app({ "deno.jsonc": '{\n  "tasks": {\n    "start": 1\n  }\n}' }),
      'deno.jsonc:3: Read "deno.jsonc": tasks.start: ',
    ],
    [
      "settings that are a list",
      app({ "deno.jsonc": "[]" }),
      'deno.jsonc:1: Read "deno.jsonc": it: ',
    ],
    [
      "a lock that ends too early",
      app({ "deno.lock": '{\n  "version": "5",\n' }),
      'deno.lock:3: Read "deno.lock": not valid JSON: ',
    ],
    [
      "a lock of a Deno to come",
      app({ "deno.lock": '{\n  "version": "9"\n}' }),
      'deno.lock:2: Read "deno.lock": version 9 of its format is newer than all that are known here, up to 5',
    ],
    [
      "a lock in no format",
      app({ "deno.lock": '{\n  "version": "five"\n}' }),
      'deno.lock:2: Read "deno.lock": "five" is no version of its format',
    ],
    [
      "a Deno that cannot read the lock",
      app({ ".deno-version": "# old\n2.2.2\n" }),
      '.deno-version:2: Read ".deno-version": it asks for Deno 2.2.2, and deno.lock:2 has a format that Deno 2.3.0 was the first to read',
    ],
    [
      "a pin that is no version",
      app({ ".dvmrc": "banana\n" }),
      '.dvmrc:1: Read ".dvmrc": "banana" is no version of Deno',
    ],
    [
      "a pin that nobody has",
      app({ ".deno-version": "7.1\n" }),
      '.deno-version:1: .deno-version:1 asks for deno "7.1", which cannot be had',
    ],
    [
      "versions of tools that are no TOML",
      app({ "mise.toml": '[tools\ndeno = "2"\n' }),
      "mise.toml:1: ",
    ],
    [
      "a member that is not there",
      app({ "deno.jsonc": '{\n  "workspace": [\n    "./api"\n  ]\n}' }),
      'deno.jsonc:3: Read "deno.jsonc": the member "./api" of the workspace has no deno.json',
    ],
    [
      "a member outside of the app",
      app({ "deno.jsonc": '{\n  "workspace": ["../api"]\n}' }),
      'deno.jsonc:2: Read "deno.jsonc": the member "../api" of the workspace is no folder of the app',
    ],
    [
      "an import map that is not there",
      app({ "deno.jsonc": '{\n  "importMap": "./map.json"\n}' }),
      'deno.jsonc:2: Read "deno.jsonc": importMap names "./map.json", which is not there',
    ],
    [
      "an import map that is no JSON",
      app({ "deno.jsonc": '{ "importMap": "map.json" }', "map.json": "{\n{" }),
      'map.json:2: Read "map.json": not valid JSON: ',
    ],
  ])("%s", (_, files, told) => {
    expect(toldOf(files).error).toStartWith(told);
  });

  test("a lock that lacks something, where it has to fit", () => {
    const files = app({ "main.ts": '\nimport "jsr:@std/path@1";\n' });
    const { error, hint } = toldOf(files, { frozen: true });
    expect(error).toBe(
      'main.ts:2: Read "deno.lock": it does not fit: main.ts:2 asks for jsr:@std/path@1, and deno.lock has nothing for it',
    );
    expect(hint).toBe("run deno install and commit deno.lock, or build without --frozen");
  });
});

describe("is told:", () => {
  const BOTH = "Deno completes it, and two builds may get different versions";
  test.each<[string, Files, string]>([
    [
      "a lock that lacks what settings name",
      app({ "deno.lock": LOCK.replace("hono@4", "hono@3") }),
      `deno.jsonc:4 asks for npm:hono@^4, and deno.lock has nothing for it: ${BOTH}`,
    ],
    [
      "a lock that lacks an address",
      app({ "main.ts": 'import "https://deno.land/x/oak@v17/mod.ts";' }),
      `main.ts:1 asks for https://deno.land/x/oak@v17/mod.ts, and deno.lock has nothing for it: ${BOTH}`,
    ],
    [
      "an app without a lock",
      { "deno.jsonc": CONFIG, "main.ts": "Deno.serve(() => 1);\n" },
      "there is no deno.lock: two builds may get different versions",
    ],
    [
      "an app that wants none",
      app({ "deno.jsonc": '{ "lock": false }' }),
      'deno.jsonc says "lock": false: two builds may get different versions',
    ],
    [
      "a server that nobody reaches",
      app({ "main.ts": 'Deno.serve({ hostname: "127.0.0.1" }, h);' }),
      "main.ts has the app listen on 127.0.0.1, where nobody reaches it from outside of its container: say otherwise in run.start or [env]",
    ],
    [
      "a server for development, where there is no other",
      { "deno.json": '{"tasks": {"start": "deno run -A dev.ts"}}', "deno.lock": LOCK },
      'the task "start" starts a server for development ("deno run -A dev.ts"), and nothing else is known to start the app',
    ],
    [
      "a build for machines without Deno",
      app({ "deno.jsonc": '{"tasks": {"build": "deno compile -A main.ts"}}' }),
      'the task "build" is left out: it compiles a program for machines without Deno ("deno compile -A main.ts")',
    ],
  ])("%s", (_, files, told) => {
    expect(toldOf(files)).toEqual({ warnings: [told] });
  });
});

describe("is read in a moment:", () => {
  const MANY = 1_000_000;
  const text = (one: string) => one.repeat(MANY / one.length);
  test.each<[string, () => unknown]>([
    [
      "an import that nothing ends",
      () => graphOf(memoryTree({ "a.ts": text("from ") }), "a.ts", {}),
    ],
    ["blanks of an import", () => graphOf(memoryTree({ "a.ts": `from${text(" ")}` }), "a.ts", {})],
    [
      "files that import each other",
      () => graphOf(memoryTree({ "a.ts": text('import"./a.ts";\n') }), "a.ts", {}),
    ],
    [
      "many wishes",
      () => {
        const all = Array.from({ length: 5000 }, (_, at) => [`a${at}`, `npm:a@${at}`]);
        const imports = Object.fromEntries(all);
        const specifiers = Object.fromEntries(all.map(([, one]) => [one, "1.0.0"]));
        return toldOf({
          "deno.json": JSON.stringify({ imports }, null, 1),
          "deno.lock": JSON.stringify({ version: "5", specifiers }),
          "main.ts": text('import "a/b/c";\n'),
        });
      },
    ],
    ["a name of a package", () => parseSpecifier(`npm:@${text("a/")}`)],
    ["a task", () => parseLine(text("a='b' "))],
    ["a number that is none", () => listeningOf(new Map([["a", text("port: ")]]))],
    ["blanks of a call", () => listeningOf(new Map([["a", `.listen(${text(" ")}`]]))],
    ["a handler", () => toldOf({ "deno.json": "{}", "main.ts": text("export default {\n") })],
  ])(
    "%s",
    (_, read) => {
      const start = performance.now();
      read();
      expect(performance.now() - start).toBeLessThan(20_000);
    },
    60_000,
  );
});
