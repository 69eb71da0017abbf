/** docs/security.md: each promise names tests that are there. */
import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../../..");
const document = readFileSync(join(ROOT, "docs/security.md"), "utf8");

/** A file below test/, and the names of tests in it, each a part of what is written there. */
const NAMED =
  /`((?:unit|integration|python)\/[\w/-]+\.(?:test\.ts|py))`:\s+((?:`[^`]+`(?!:)(?:,\s+)?)+)/g;

const named = [...document.matchAll(NAMED)].map(([, file = "", names = ""]) => {
  return { file, names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name) };
});

test("promises are held by tests", () => {
  const rows = document.match(/^\| .+ \| .*`(unit|integration|python)\//gm) ?? [];
  expect(rows.length).toBeGreaterThan(20);
  expect(named.length).toBeGreaterThan(rows.length);
});

test.each(named)("$file has $names", ({ file, names }) => {
  const path = join(ROOT, "test", file);
  expect(existsSync(path)).toBe(true);
  const text = readFileSync(path, "utf8");
  expect(names.filter((name) => !text.includes(name))).toEqual([]);
});
