import { expect, test } from "bun:test";
import { parseXmlFile, type XmlNode } from "../../../src/languages/xml-file.ts";

test("each element has the line where it begins", () => {
  const linesOf = ({ name, line, children }: XmlNode): string[] => [
    `${name} ${line}`,
    ...children.flatMap(linesOf),
  ];
  const text = "<a>\n<b>\n<c/>\n<d>\n</d>\n</b>\n<e/>\n</a>\n";
  const expected = ["a 1", "b 2", "c 3", "d 4", "e 7"];
  expect(linesOf(parseXmlFile(text, "a.xml"))).toEqual(expected);
});
