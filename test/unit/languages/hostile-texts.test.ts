/** Texts of an app that would take hours to read are read in a moment. */
import { expect, test } from "bun:test";
import { localPath } from "../../../src/languages/python/manifests/requirement-lines.ts";
import { projectName } from "../../../src/languages/python/pip-items.ts";
import { findManifest } from "../../../src/languages/python/project.ts";
import { readGemfile } from "../../../src/languages/ruby/gemfile.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";

const MANY = 1_000_000;
const BLANK = "\n".repeat(MANY);

test.each<[string, () => unknown]>([
  [
    "blank lines of a Gemfile that is a program",
    () => readGemfile(`load "a"\n${BLANK}`, "Gemfile"),
  ],
  [
    "comments of a Gemfile that nothing ends",
    () => readGemfile("=begin\n".repeat(MANY), "Gemfile"),
  ],
  ["blank lines of a pyproject.toml", () => projectName(() => `${BLANK}x = 1`)],
  [
    "blank lines of an environment.yml",
    () => findManifest(memoryTree({ "environment.yml": BLANK })),
  ],
  ["spaces of a requirement", () => localPath(`a${" ".repeat(MANY)}b`)],
  ["brackets of a requirement", () => localPath(`./a${"[".repeat(MANY)}`)],
])("%s are read in a moment", (_, read) => {
  expect(read).not.toThrow();
});
