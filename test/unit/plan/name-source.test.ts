/** Where a configuration says that the app's source is: folders that the agent takes. */
import { expect, test } from "bun:test";
import { nameSource } from "../../../src/plan/name-source.ts";
import { checkText, METADATA } from "../../helpers/config.ts";

test.each([
  ["", "."],
  ['project = "./sub"', "sub"],
  ['project = "a/../b"', "b"],
  ['src-url = "https://h/x.tar"', "app"],
  ['git-url = "https://h/repo.git"', "repo"],
  ['git-url = "git@h:a/repo.git/"', "repo"],
  ['git-url = "https://h/-x.git"', "source"],
  ['git-url = "https://h/..?x"', "source"],
])("%s is in folder %s", (build, dir) => {
  const { config, fields } = checkText(`${METADATA}[build]\n${build}\n`);
  expect(nameSource(config, fields, null).dir).toBe(dir);
});

test.each([
  ['src-checksum = ""', null],
  ["", null],
  [`src-checksum = "sha256:${"AB".repeat(32)}"`, "ab".repeat(32)],
])("%s: an empty checksum is none", (build, sha256) => {
  const { config, fields } = checkText(
    `${METADATA}[build]\nsrc-url = "https://h/x.tar"\n${build}\n`,
  );
  expect(nameSource(config, fields, null)).toMatchObject({ kind: "archive", sha256 });
});
