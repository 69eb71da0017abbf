import { expect, test } from "bun:test";
import { readMembers } from "../../../src/languages/node/workspaces.ts";
import { workspaceMembers } from "../../../src/languages/python/manifests/workspace.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";

/** More than any workspace has; the last of them is no member. */
const PATTERNS = [...Array.from({ length: 1000 }, (_, index) => `none${index}`), "late"];

test("of patterns without end, the first ones name the members of a workspace", () => {
  const toml = `[tool.uv.workspace]\nmembers = ${JSON.stringify(["a", ...PATTERNS])}\n`;
  const project = '[project]\nname = "a"\n';
  const ofPython = { "pyproject.toml": toml, "a/pyproject.toml": project };
  expect(workspaceMembers(memoryTree({ ...ofPython, "late/pyproject.toml": project }))).toEqual([
    "a",
  ]);
  const json = JSON.stringify({ workspaces: ["a", ...PATTERNS] });
  const ofNode = { "package.json": json, "a/package.json": "{}", "late/package.json": "{}" };
  expect(readMembers(memoryTree(ofNode)).map(({ folder }) => folder)).toEqual(["a"]);
});

test("patterns that take too long are an error, for all folders together", () => {
  const wild = `**/${"*a".repeat(40)}b`;
  const names = Array.from({ length: 2000 }, (_, index) => `${"a".repeat(150)}${index}`);
  const folders = Object.fromEntries(names.map((name) => [`${name}/package.json`, "{}"]));
  const workspaces = Array.from({ length: 1000 }, (_, index) => `${wild}${index}`);
  const tree = memoryTree({ "package.json": JSON.stringify({ workspaces }), ...folders });
  const before = performance.now();
  expect(() => readMembers(tree)).toThrow("the patterns of its workspace take too long");
  expect(performance.now() - before).toBeLessThan(20_000);
});
