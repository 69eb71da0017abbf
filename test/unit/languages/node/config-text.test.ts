import { describe, expect, test } from "bun:test";
import { readConfigText } from "../../../../src/languages/node/app/config-text.ts";

const OUT = ["build", "outDir"];

const rows: [string, string, string | boolean | null | undefined, string[]?][] = [
  ["an object", "export default { build: { outDir: 'web' } }", "web"],
  ["a function's argument", `export default defineConfig({ build: { outDir: "web" } })`, "web"],
  [
    "a function",
    "export default defineConfig(({ mode }) => { return { base: mode === 'x' ? '/' : '/a', build: { outDir: `web`, } } })",
    "web",
  ],
  [
    "a variable with a type",
    "const c: UserConfig = { build: { outDir: 'web' } }; export default c",
    "web",
  ],
  [
    "comments",
    "export default { // build: { outDir: 'a' }\n /* outDir: 'b' */ build: { outDir: 'web' } }",
    "web",
  ],
  ["a constant", "const dir = 'web';\nexport default { build: { outDir: dir } }", "web"],
  [
    "what is exported, before what helpers have",
    "const a = Object.fromEntries(b.map((c) => [c, { build: { outDir: c.d } }]))\nmodule.exports = { build: { outDir: 'web' } }",
    "web",
  ],
  [
    "of another build",
    "export default { environments: { ssr: { build: { outDir: 'a' } } } }",
    undefined,
  ],
  ["of a plugin", "export default { plugins: [a({ build: { outDir: 'a' } })] }", undefined],
  ["a path", "export default { build: { outDir: path.resolve(__dirname, '../web') } }", "../web"],
  [
    "a joined path",
    "export default { build: { outDir: resolve(import.meta.dirname, 'a', 'b') } }",
    "a/b",
  ],
  [
    "an address",
    "export default { build: { outDir: fileURLToPath(new URL('./web', import.meta.url)) } }",
    "web",
  ],
  ["a variable's default", "export default { build: { outDir: process.env.OUT || 'web' } }", "web"],
  ["a condition", "export default { build: { outDir: x ? 'a' : 'b' } }", null],
  ["a call", "export default { build: { outDir: choose('a') } }", null],
  ["an expression", "export default { build: { outDir: `a$" + "{b}` } }", null],
  ["an absolute path", "export default { build: { outDir: resolve('/srv', 'a') } }", null],
  [
    "strings with braces",
    "const a = '}{'; export default { base: \"{\", build: { outDir: 'web' } }",
    "web",
  ],
  ["regular expressions", "export default { a: [/[\"'{]\\//], build: { outDir: 'web' } }", "web"],
  ["a name in quotes", 'module.exports = { "build": { "outDir": "web" } }', "web"],
  ["a boolean", "export default { ssr: false } satisfies Config;", false, ["ssr"]],
  ["a constant type", "export default { output: 'export' as const }", "export", ["output"]],
  [
    "of what is called",
    "const config = { kit: { adapter: adapter({ fallback: '200.html' }) } }",
    "200.html",
    ["kit", "adapter", "fallback"],
  ],
  ["nothing", "", undefined],
  ["what is no program", "}}}} ))) `", undefined],
];

test.each(rows)("%s", (_, text, expected, path = OUT) => {
  expect(readConfigText(text).value(...path)).toBe(expected);
});

describe("beside settings", () => {
  test("imports are found", () => {
    const text = `import a from "a"; import "b"; const c = require('c'); const d = await import("d"); f("e")`;
    expect([...readConfigText(text).imports]).toEqual(["a", "b", "c", "d"]);
  });

  test("calls are found", () => {
    expect([
      ...readConfigText("export default defineConfig({ plugins: [solid()] })").calls,
    ]).toEqual([...["defineConfig", "solid"]]);
  });

  test("a deep text is read in no time", () => {
    const text = `export default ${"{ a: ".repeat(100_000)}`;
    const begin = performance.now();
    readConfigText(text);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});
