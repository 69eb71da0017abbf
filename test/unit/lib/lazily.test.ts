import { expect, test } from "bun:test";
import { lazily } from "../../../src/lib/lazily.ts";

test("a module is loaded when something of it is used", () => {
  let loaded = 0;
  class Range {}
  const library = lazily(() => {
    loaded += 1;
    return { Range, twice: (number: number) => 2 * number };
  });
  const later = () => library.twice(2);
  expect(loaded).toBe(0);
  expect(later()).toBe(4);
  expect(new library.Range()).toBeInstanceOf(Range);
  expect(loaded).toBeGreaterThan(0);
});
