/** The README lists the exit statuses that there are. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT_STATUS } from "../../../src/lib/errors.ts";

test("each exit status has its row in the README", () => {
  const text = readFileSync(join(import.meta.dir, "../../../README.md"), "utf8");
  const table = /^\| exit status .*\n(?:\|.*\n)+/m.exec(text)![0];
  const listed = [...table.matchAll(/^\| (\d[\d, ]*) *\|/gm)].flatMap(([, words]) =>
    words!.split(",").map(Number),
  );
  const numbers = [0, ...Object.values(EXIT_STATUS)];
  expect(listed.sort((a, b) => a - b)).toEqual(numbers.sort((a, b) => a - b));
});
