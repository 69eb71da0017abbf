import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBytes, namesIn, showPath, toPlace } from "../../../src/lib/byte-path.ts";

const bytes = (...values: (number | string)[]) =>
  Buffer.concat(
    values.map((value) => (typeof value === "string" ? Buffer.from(value) : Buffer.from([value]))),
  );

test.each<[string, Buffer]>([
  ["plain", bytes("plain/ü😀")],
  ["caf\\xe9", bytes("caf", 0xe9)],
  ["\\xff\\xfe", bytes(0xff, 0xfe)],
  ["a\\xf0\\x9fz", bytes("a", 0xf0, 0x9f, "z")],
  ["\\xed\\xa0\\x80", bytes(0xed, 0xa0, 0x80)],
  ["\uFFFD\\xff", bytes("\uFFFD", 0xff)],
])("%s comes back as the same bytes", (shown, original) => {
  const text = fromBytes(original);
  expect(Buffer.from(toPlace(text)).equals(original)).toBe(true);
  if (shown !== "plain") expect(showPath(text)).toBe(shown);
});

test("the names in a folder, of each kind", () => {
  const folder = mkdtempSync(join(tmpdir(), "nua-names-"));
  mkdirSync(join(folder, "ü"));
  const odd = Buffer.concat([Buffer.from(`${folder}/`), bytes("x", 0xff)]);
  writeFileSync(odd, "");
  const names = namesIn(folder).sort();
  expect(names).toEqual(["x\uDCFF", "ü"]);
  rmSync(folder, { recursive: true });
});
