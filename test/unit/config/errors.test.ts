/** Broken configurations, in every format, with the whole message on file. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatError } from "../../../src/cli/print-error.ts";
import { ConfigError } from "../../../src/config/problems.ts";
import { checkText } from "../../helpers/config.ts";
import { expectGolden } from "../../helpers/golden.ts";

const FOLDER = join(import.meta.dir, "../../fixtures/broken-configs");

test.each(readdirSync(FOLDER).sort())("%s", (name) => {
  const format = name.endsWith(".toml") ? "toml" : name.endsWith(".json") ? "json" : "yaml";
  let caught: unknown;
  try {
    checkText(readFileSync(join(FOLDER, name), "utf8"), { format, strict: true });
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(ConfigError);
  expectGolden(`config-errors/${name}.txt`, formatError(caught));
});
