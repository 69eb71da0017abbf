import { describe, expect, test } from "bun:test";
import { findNameProblems, nuaTag } from "../../../src/config/image-names.ts";
import { DEFAULT_RUNTIME, parseBuilder, UnknownRuntime } from "../../../src/languages/runtimes.ts";
import { checkText } from "../../helpers/config.ts";

const metadata = { id: "app", version: "1.0", title: "t", author: "a" };

test.each([
  [{}, "nua-app:1.0"],
  [{ release: 3 }, "nua-app:1.0-3"],
  [{ id: "nua-app", release: null }, "nua-app:1.0"],
])("%p is tagged %s", (given, tag) => {
  expect(nuaTag({ ...metadata, ...given })).toBe(tag);
});

test.each([
  [{}, 0],
  [{ id: "a.b_c--d" }, 0],
  [{ id: "Upper" }, 1],
  [{ id: "a/b" }, 1],
  [{ version: "???" }, 1],
  [{ version: "1".repeat(129) }, 1],
  [{ id: "", version: "" }, 2],
])("%p has %d problems", (given, count) => {
  expect(findNameProblems({ ...metadata, ...given })).toHaveLength(count);
});

const NODE_20 = { language: "nodejs", version: "20" };
const RUBY_32 = { language: "ruby", version: "322" };

test("a list names several, and of two of the same language the first counts", () => {
  expect(parseBuilder(["python-3.12", "node-22", "node-20"])).toEqual([
    { language: "python", range: "3.12" },
    { language: "nodejs", version: "22" },
  ]);
});

describe("names of builders", () => {
  test.each(
    [
      ...["node20", "node-20", "node_20", "nodejs20", "nodejs-20", "nodejs_20"].map((name) => [
        name,
        NODE_20,
      ]),
      ["nua-builder-nodejs20", NODE_20],
      [{ name: "node", version: "20" }, NODE_20],
      [["node-20", "node-18"], NODE_20],
      ["ruby-32", RUBY_32],
      [{ name: "ruby", version: "3.2" }, RUBY_32],
      ["", { language: "python" }],
      [undefined, { language: "python" }],
      [[], { language: "python" }],
      ["node-20.11", { language: "nodejs", range: "20.11" }],
      ["node-20.11.1", { language: "nodejs", range: "20.11.1" }],
      ["node21", { language: "nodejs", range: "21" }],
      ["node-lts/jod", { language: "nodejs", range: "lts/jod" }],
      [
        { name: "node", version: ">=20 <22" },
        { language: "nodejs", range: ">=20 <22" },
      ],
      [{ name: "node" }, { language: "nodejs" }],
      ["nua-builder-nodejs20.11.1", { language: "nodejs", range: "20.11.1" }],
      ["python-3.12", { language: "python", range: "3.12" }],
    ].map(([builder, language]) => ({ builder, language })),
  )("$builder is $language", (row) => {
    const { builder, language } = row;
    const [named = DEFAULT_RUNTIME] = parseBuilder(builder);
    expect(named as unknown).toEqual(language);
  });

  test.each([
    { builder: "node-20.11.1.1" },
    { builder: "node-20;true" },
    { builder: "Node-20" },
    { builder: "cobol" },
    { builder: { name: "node", version: "twenty" } },
    { builder: ["node-20", "nope"] },
  ])("$builder is none", ({ builder }) => {
    expect(() => parseBuilder(builder)).toThrow(UnknownRuntime);
  });
});

test("a configuration may list them", () => {
  const { fields } = checkText(
    '[metadata]\nid = "a"\nversion = "1"\ntitle = "t"\nauthor = "a"\n' +
      '[build]\nbuilder = ["python", {name = "node", version = "20.11.1"}]\n',
  );
  expect(parseBuilder(fields.builder)).toEqual([
    { language: "python" },
    { language: "nodejs", range: "20.11.1" },
  ]);
});
