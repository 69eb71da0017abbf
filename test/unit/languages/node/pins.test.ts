import { describe, expect, test } from "bun:test";
import { bothRanges, nodeRange } from "../../../../src/languages/node/node-version.ts";
import { nodePins } from "../../../../src/languages/node/pins.ts";
import { requestedNode } from "../../../../src/languages/node/requested-node.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const words: [string, string | null][] = [
  ["v20", "20"],
  ["20.11.0", "20.11.0"],
  ["v24.12.0", "24.12.0"],
  ["lts/*", "24"],
  ["lts", "24"],
  ["lts/iron", "20"],
  ["lts/-1", "22"],
  ["lts-jod", "22"],
  ["node-20", "20"],
  ["stable", "*"],
  ["node", "*"],
  [">=24 <27", ">=24 <27"],
  ["^22 || ^24", "^22 || ^24"],
  [">=v18", ">=18"],
  ["16 - 18", "16 - 18"],
  ["lts/unknown", null],
  ["foo", null],
  ["$(id)", null],
  ["9".repeat(300), null],
];

test.each(words)("%s", (word, range) => {
  expect(nodeRange(word)).toBe(range);
});

const pairs: [string, string, string | null][] = [
  ["20", ">=18", "20"],
  ["^22 || ^24", ">=22.13", "^22 >=22.13 || ^24 >=22.13"],
  [">=18", "<20", ">=18 <20"],
  ["16 - 18", ">=17", ">=16.0.0 <19.0.0-0 >=17"],
  ["18", ">=20", null],
];

test.each(pairs)("both %s and %s", (one, other, range) => {
  expect(bothRanges(one, other)).toBe(range);
});

const engines = (node: string, more: object = {}) =>
  JSON.stringify({ engines: { node }, ...more }, null, 2);

interface Row {
  name: string;
  files: Record<string, string>;
  range: string | null;
  from?: string;
  warns?: string;
}

const rows: Row[] = [
  { name: "nothing", files: { "package.json": "{}" }, range: null },
  {
    name: "engines",
    files: { "package.json": engines(">=24 <27") },
    range: ">=24 <27",
    from: "package.json:3",
  },
  {
    name: ".nvmrc",
    files: { "package.json": "{}", ".nvmrc": "v20.11.0\r\n" },
    range: "20.11.0",
    from: ".nvmrc:1",
  },
  {
    name: "with comments",
    files: { ".nvmrc": "# ours\n\n22 # LTS\n" },
    range: "22",
    from: ".nvmrc:3",
  },
  { name: ".node-version", files: { ".node-version": "18" }, range: "18", from: ".node-version:1" },
  {
    name: ".tool-versions",
    files: { ".tool-versions": "ruby 3.3\nnodejs 20.1.0 18\n" },
    range: "20.1.0",
    from: ".tool-versions:2",
  },
  { name: "the machine's own", files: { ".tool-versions": "nodejs system\n" }, range: null },
  {
    name: "mise",
    files: { "mise.toml": '[tools]\nnode = "22"\n' },
    range: "22",
    from: "mise.toml:2",
  },
  {
    name: "mise with several",
    files: { ".mise.toml": '[tools]\nnode = ["20", "18"]\n' },
    range: "20",
    from: ".mise.toml:2",
  },
  {
    name: "volta",
    files: { "package.json": '{"volta": {"node": "20.2.0"}}' },
    range: "20.2.0",
    from: "package.json:1",
  },
  {
    name: "devEngines",
    files: { "package.json": '{"devEngines": {"runtime": {"name": "node", "version": "^22"}}}' },
    range: "^22",
    from: "package.json:1",
  },
  {
    name: "a version that engines allow says more",
    files: { "package.json": engines(">=18"), ".nvmrc": "20.11.0" },
    range: "20.11.0",
    from: ".nvmrc:1",
  },
  {
    name: "one that they do not allow",
    files: { "package.json": engines(">=22"), ".nvmrc": "20" },
    range: ">=22",
    from: "package.json:3",
    warns: ".nvmrc:1 asks for Node 20, package.json:3 for >=22: the latter counts",
  },
  {
    name: "two files that name different ones",
    files: { "package.json": "{}", ".nvmrc": "20", ".node-version": "22" },
    range: "20",
    from: ".nvmrc:1",
    warns: ".node-version:1 asks for Node 22",
  },
];

test.each(rows)("of $name", ({ files, range, from, warns }) => {
  const { pin, warnings } = nodePins(memoryTree(files));
  expect(pin?.range ?? null).toBe(range);
  if (from !== undefined) expect(`${pin?.from.what}:${pin?.from.line}`).toBe(from);
  expect(warnings.join("\n")).toContain(warns ?? "");
  if (warns === undefined) expect(warnings).toEqual([]);
});

test.each([
  ["package.json", engines("abc"), 3],
  [".nvmrc", "# x\nabc\n", 2],
  [".tool-versions", "nodejs abc\n", 1],
  ["mise.toml", "[tools\n", 1],
] as const)("what is no version in %s", (file, text, line) => {
  const read = () => nodePins(memoryTree({ "package.json": "{}", [file]: text }));
  expect(read).toThrow(expect.objectContaining({ code: "input", file }));
  expect(read).toThrow(expect.objectContaining({ position: expect.objectContaining({ line }) }));
});

describe("of a package manager", () => {
  const of = (packageManager: string, node?: string) =>
    requestedNode(
      memoryTree({
        "package.json": JSON.stringify({ packageManager, ...(node ? { engines: { node } } : {}) }),
      }),
    );

  test("that needs an older Node", () => expect(of("pnpm@6.35.1").pin?.range).toBe(">=14.6 <20"));
  test("that needs no more than there is", () => expect(of("pnpm@9.0.0").pin).toBe(null));
  test("that needs a newer one than some of those", () =>
    expect(of("pnpm@11.0.0", ">=20").pin?.range).toBe(">=22.13"));
  test("that needs another", () => {
    const { pin, warnings } = of("pnpm@11.0.0", "20");
    expect(pin?.range).toBe("20");
    expect(warnings).toEqual(["pnpm 11.0.0 needs Node >=22.13, and package.json asks for 20"]);
  });
});
