import { expect, test } from "bun:test";
import { withImageNames } from "../../../src/dockerfile/images.ts";

const NAMES = new Map([
  ["debian:bookworm", "nua-bundle:1"],
  ["tools", "nua-bundle:2"],
]);
const renamed = (text: string) => withImageNames(text, (image) => NAMES.get(image) ?? image);

test.each([
  ["FROM debian:bookworm", "FROM nua-bundle:1"],
  ["from --platform=$X debian:bookworm as tools", "from --platform=$X nua-bundle:1 as tools"],
  ["FROM \\\n  debian:bookworm AS x", "FROM \\\n  nua-bundle:1 AS x"],
  [`ARG V=bookworm\nFROM debian:\${V}`, "ARG V=bookworm\nFROM nua-bundle:1"],
  ["ARG I=debian:bookworm\nFROM $I\n", "ARG I=debian:bookworm\nFROM nua-bundle:1\n"],
  ["FROM x\nCOPY --chown=1 --from=tools /a /b", "FROM x\nCOPY --chown=1 --from=nua-bundle:2 /a /b"],
  [
    "FROM x\nRUN --mount=type=bind,from=tools,target=/t true",
    "FROM x\nRUN --mount=type=bind,from=nua-bundle:2,target=/t true",
  ],
])("%s", (before, after) => {
  expect(renamed(before)).toBe(after);
});

test.each([
  "FROM x AS tools\nFROM y\nCOPY --from=tools /a /b\n",
  "FROM debian:trixie\nRUN echo FROM debian:bookworm\nLABEL from=tools\n",
  `ARG nua_builder_tag\nFROM \${nua_builder_tag}\nCOPY . /nua/build\n`,
])("stays as it is: %s", (text) => {
  expect(renamed(text)).toBe(text);
});
