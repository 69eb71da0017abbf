import { expect, test } from "bun:test";
import { unusualNumbers } from "../../../src/config/number-text.ts";

test.each([
  ["a = 17", 17, false],
  ["a = 0\nb = 8000", 0, false],
  ["a = -5", -5, false],
  ["a = 17\nb = 3.14", 17, false],
  ["a = +17", 17, true],
  ["a: 007", 7, true],
  ["a = 17.0", 17, true],
  ["a = 1.10", 1.1, true],
  ["a = -5.00", -5, true],
  ["a = -0", -0, true],
  ["a = 1e21", 1e21, true],
])("%s: %p", (text, value, expected) => {
  expect(unusualNumbers(text)(value)).toBe(expected);
});
