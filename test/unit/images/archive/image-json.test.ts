import { expect, test } from "bun:test";
import * as v from "valibot";
import { parseDocument, parseJson } from "../../../../src/images/archive/image-json.ts";

const place = { attempt: "Read" };
const bytes = (text: string) => new TextEncoder().encode(text);

test.each(['{"a": "[[[[,,,\\"[[["}', `${"[".repeat(64)}${"]".repeat(64)}`, "[1,2]"])(
  "%s",
  (text) => {
    expect(parseJson(bytes(text), place)).toEqual(JSON.parse(text));
  },
);

test.each([
  ["deep lists", "[".repeat(65)],
  ["deep objects", '{"a":'.repeat(65)],
  ["millions of lists", `[${"[],".repeat(1_100_000)}[]]`],
  ["millions of numbers", `[${"0,".repeat(4_100_000)}0]`],
])("%s are refused before they are made", (_, text) => {
  expect(() => parseJson(bytes(text), place)).toThrow("nested too deeply, or with too many values");
});

test("of a list of faults, the first is told", () => {
  const schema = v.array(v.string());
  const parse = () => parseDocument(schema, bytes(`[${"0,".repeat(100_000)}0]`), place);
  expect(parse).toThrow("Read: 0: ");
});
