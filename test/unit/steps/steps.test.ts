/** What all steps have in common. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const STEPS = join(import.meta.dir, "../../../src/steps");

const files = readdirSync(STEPS).filter((file) =>
  /^export const \w+: Step</m.test(readFileSync(join(STEPS, file), "utf8")),
);

test("there are steps", () => {
  expect(files.length).toBeGreaterThan(10);
});

test.each(files)("%s has the name of its step, and a test without an engine", (file) => {
  const name = file.replace(".ts", "");
  expect(readFileSync(join(STEPS, file), "utf8")).toContain(`name: "${name}"`);
  const tests = readFileSync(join(import.meta.dir, `${name}.test.ts`), "utf8");
  expect(tests).toContain("recordedSession(");
});
