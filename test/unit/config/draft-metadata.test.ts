import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadConfig } from "../../../src/config/load-config.ts";

let base: string;
const FILES = {
  "bare/start.sh": "exec sleep 1\n",
  "partial/nua-config.toml": '[metadata]\nversion = "3.1"\nauthor = "Me"\n[run]\nstart = "x"\n',
  "none/nua-config.yaml": "run: {start: x}\n",
  "null/nua-config.json": '{"metadata": {"id": null, "title": null, "version": 2}}',
  "wrong/nua-config.json": '{"metadata": 3}',
  "bad/nua-config.toml": '[metadata]\nid = ""\n',
  "Whole/nua-config.toml":
    '[metadata]\nid = "app"\nversion = "1"\ntitle = "App"\nauthor = ""\n[build]\nlicense = "MIT"\n',
};

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "nua-draft-"));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(base, file)), { recursive: true });
    writeFileSync(join(base, file), text);
  }
});
afterAll(() => rmSync(base, { recursive: true }));

const load = (folder: string) => loadConfig(join(base, folder), { strict: true });

test("a folder without a configuration has all that an image needs", async () => {
  const { file, text, config, warnings, drafted } = await load("bare");
  expect({ file, text, warnings }).toEqual({ file: null, text: "", warnings: [] });
  expect(config).toEqual({
    metadata: { id: "bare", version: "0.1.0", title: "bare", author: "", tags: [] },
    env: {},
    port: {},
  });
  expect(drafted.map(({ path }) => path.join("."))).toEqual([
    "metadata.id",
    "metadata.version",
    "metadata.title",
    "metadata.author",
  ]);
});

describe("a configuration is completed where it says nothing, and wins where it does", () => {
  test.each([
    ["partial", { id: "partial", version: "3.1", title: "partial", author: "Me" }, ["id", "title"]],
    [
      "none",
      { id: "none", version: "0.1.0", title: "none", author: "" },
      ["id", "version", "title", "author"],
    ],
    ["null", { id: "null", version: "2", title: "null", author: "" }, ["id", "title", "author"]],
    ["Whole", { id: "app", version: "1", title: "App", author: "" }, []],
  ])("%s", async (folder, metadata, keys) => {
    const { config, drafted } = await load(folder);
    expect(config.metadata).toEqual(metadata);
    expect(drafted.map(({ path }) => String(path[1]))).toEqual(keys);
  });

  test.each([
    ["wrong", "metadata"],
    ["bad", '"" cannot be the name of an image'],
  ])("%s stays an error", async (folder, says) => {
    const error = await load(folder).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "config" });
    expect(String(error)).toContain(says);
  });
});

test("a file of another name has to say that it is a configuration", async () => {
  writeFileSync(join(base, "bare/package.json"), '{"name": "x"}');
  const error = await load("bare/package.json").catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "config" });
  expect(String(error)).toContain("metadata: missing");
  rmSync(join(base, "bare/package.json"));
});
