import { expect, test } from "bun:test";
import { oncePer } from "../../../src/lib/once-per.ts";
import { type SourceTree, subtree } from "../../../src/source/source-tree.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";

test("a tree is looked at once for each question", () => {
  const looks: string[] = [];
  const read = oncePer((tree: SourceTree, name: string, options: { upper: boolean }) => {
    looks.push(name);
    const text = tree.text(name);
    return options.upper ? text?.toUpperCase() : text;
  });
  const tree = memoryTree({ a: "one", b: "two" });
  const other = memoryTree({ a: "three" });
  const asked = [
    ...[read(tree, "a", { upper: false }), read(tree, "a", { upper: true })],
    ...[read(tree, "a", { upper: false }), read(tree, "c", { upper: false })],
    ...[read(tree, "c", { upper: false }), read(other, "a", { upper: false })],
  ];
  expect(asked).toEqual(["one", "ONE", "one", undefined, undefined, "three"]);
  expect(looks).toEqual(["a", "a", "c", "a"]);
});

test("an error is thrown each time", () => {
  const fail = oncePer((_: SourceTree): string => {
    throw new Error("no");
  });
  const tree = memoryTree({});
  expect(() => fail(tree)).toThrow("no");
  expect(() => fail(tree)).toThrow("no");
});

test("a folder of a tree is one tree, by whichever name", () => {
  const tree = memoryTree({ "a/b/c": "text" });
  expect(subtree(tree, "a/b")).toBe(subtree(tree, "./a/b/"));
  expect(subtree(tree, "a/b").text("c")).toBe("text");
  expect(subtree(tree, "..").text("c")).toBeUndefined();
});
