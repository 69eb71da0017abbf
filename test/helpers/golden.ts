/** Expected texts on file: a change of behaviour is a diff in review. */

import { expect } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const FOLDER = join(import.meta.dir, "../golden");

/**
 * Compares a text with test/golden/NAME. With UPDATE_GOLDEN=1 the file is written instead; a
 * file that is missing is a failure, not an automatic write.
 */
export function expectGolden(name: string, text: string): void {
  const file = join(FOLDER, name);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  if (!existsSync(file)) throw new Error(`${name} is missing: run the tests with UPDATE_GOLDEN=1`);
  expect(text).toBe(readFileSync(file, "utf8"));
}
