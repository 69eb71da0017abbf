import { describe, expect, test } from "bun:test";
import {
  dependencyNames,
  lineOf,
  manifestFile,
  readManifest,
} from "../../../../src/languages/node/app/manifest.ts";
import { NuaError } from "../../../../src/lib/errors.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const read = (text: string, file = "package.json") => readManifest(memoryTree({ [file]: text }));

describe("a manifest", () => {
  test("is found as managers find it", () => {
    const tree = memoryTree({ "a/package.yaml": "", "a/package.json5": "", "package.json": "{}" });
    expect([manifestFile(tree), manifestFile(tree, "a"), manifestFile(tree, "b")]).toEqual([
      ...["package.json", "a/package.json5", null],
    ]);
  });

  test("says what the app is called, and who wrote it", () => {
    const manifest = {
      ...{ name: "@acme/shop", version: "1.2.3", description: "Sells", homepage: "https://a.test" },
      ...{ author: "Ann Onymous <ann@a.test> (https://a.test)", license: { type: "MIT", url: "" } },
      ...{ bin: "./cli.js", main: "index.js", type: "module" },
    };
    const { author, license, bin } = read(JSON.stringify(manifest));
    expect({ author, license, bin }).toEqual({
      ...{ author: "Ann Onymous", license: "MIT", bin: { shop: "./cli.js" } },
    });
    expect(read('{"author": {"name": "Ann"}}').author).toBe("Ann");
  });

  test("is read by its parts: one that is odd does not hide the others", () => {
    const odd = { name: 7, scripts: { start: "node .", build: null }, dependencies: ["a"], bin: 1 };
    const { name, scripts, dependencies, bin, raw } = read(JSON.stringify(odd));
    expect({ name, scripts, dependencies, bin, raw }).toEqual({
      ...{ name: undefined, scripts: { start: "node ." }, dependencies: {}, bin: {}, raw: odd },
    });
  });

  test("may be JSON5 or YAML", () => {
    expect(read("{// why\n scripts: {start: 'node a.js',},}", "package.json5").scripts).toEqual({
      start: "node a.js",
    });
    expect(read("scripts:\n  start: node a.js\n", "package.yaml").scripts).toEqual({
      start: "node a.js",
    });
  });

  const broken: [string, string, string, number | undefined][] = [
    ["a comma too many", '{\n "name": "a",\n}', 'Read "package.json": not valid JSON', 3],
    ["a list", "[]", 'Read "package.json": expected an object', undefined],
    ["nothing", "", 'Read "package.json": not valid JSON', 1],
    ["a comment", '{\n// x\n"name": "a"}', 'Read "package.json": not valid JSON', 2],
  ];
  test.each(broken)("that is broken is told with its place: %s", (_, text, message, line) => {
    const thrown = caught(() => read(text));
    expect(thrown.message).toStartWith(message);
    expect([thrown.code, thrown.file, thrown.position?.line]).toEqual([
      ...(["input", "package.json", line] as const),
    ]);
  });

  test("with a merge conflict says so", () => {
    const text = '{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> b\n}';
    expect(caught(() => read(text)).hint).toBe("resolve the conflict");
  });

  test("names dependencies, with and without those for development", () => {
    const manifest = read('{"dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}');
    expect([...dependencyNames(manifest, { dev: false })]).toEqual(["a"]);
    expect([...dependencyNames(manifest, { dev: true })]).toEqual(["a", "b"]);
  });

  test("has lines", () => {
    const tree = memoryTree({
      "package.json": '{\n "main": "start",\n "scripts": {\n  "start": "x"\n }\n}',
    });
    expect(lineOf(tree, "package.json", "scripts", "start")).toBe(4);
    expect(lineOf(tree, "package.json", "scripts", "build")).toBeUndefined();
  });
});

function caught(action: () => unknown): NuaError {
  try {
    action();
  } catch (error) {
    if (error instanceof NuaError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
