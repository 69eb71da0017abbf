/** AGENTS.md stays true: it names every file, and no other. */
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");
const FOLDERS = ["bin", "dockerfiles", "scripts", "src", "test/helpers"];

const mapped = [...readFileSync(join(ROOT, "AGENTS.md"), "utf8").matchAll(/^- `([^`]+\.\w+)`:/gm)]
  .map(([, path]) => path!)
  .sort();

test("the map names every file once", () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name}`)
      .filter((path) => statSync(join(ROOT, path)).isFile() && !path.includes("__pycache__")),
  );
  expect(mapped).toEqual(files.sort());
});

test("no name in the map leads nowhere", () => {
  expect(mapped.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
