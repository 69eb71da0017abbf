import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { discoverConfig } from "../../../src/config/discover.ts";

let base: string;
const FILES = [
  "top/nua-config.toml",
  "inner/nua/nua-config.yaml",
  "inner/requirements.txt",
  "deep/nua/metadata/nua-config.json",
  "both/nua-config.toml",
  "both/nua/nua-config.json",
  "twice/nua-config.toml",
  "twice/nua-config.yml",
  "project/nua/nua-config.toml",
  "project/nua/pyproject.toml",
  "none/nua/start.py",
  "odd/settings.toml",
  "odd/settings.txt",
];

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "nua-discover-"));
  for (const file of FILES) {
    mkdirSync(dirname(join(base, file)), { recursive: true });
    writeFileSync(join(base, file), "");
  }
  mkdirSync(join(base, "empty"));
});
afterAll(() => rmSync(base, { recursive: true }));

describe("finds the configuration and the app's folder", () => {
  test.each([
    { path: "top", file: "top/nua-config.toml", root: "top", format: "toml" },
    { path: "inner", file: "inner/nua/nua-config.yaml", root: "inner", format: "yaml" },
    { path: "inner/nua", file: "inner/nua/nua-config.yaml", root: "inner", format: "yaml" },
    { path: "deep", file: "deep/nua/metadata/nua-config.json", root: "deep", format: "json" },
    {
      path: "deep/nua/metadata",
      file: "deep/nua/metadata/nua-config.json",
      root: "deep",
      format: "json",
    },
    { path: "both", file: "both/nua-config.toml", root: "both", format: "toml" },
    {
      path: "both/nua/nua-config.json",
      file: "both/nua/nua-config.json",
      root: "both",
      format: "json",
    },
    {
      path: "project/nua",
      file: "project/nua/nua-config.toml",
      root: "project/nua",
      format: "toml",
    },
    { path: "odd/settings.toml", file: "odd/settings.toml", root: "odd", format: "toml" },
  ])("$path -> $file", async ({ path, file, root, format }) => {
    expect(discoverConfig(join(base, path))).toMatchObject({
      file: join(base, file),
      root: join(base, root),
      format,
    });
  });

  test("a second configuration in another folder is told", async () => {
    const ignored = [join(base, "both/nua/nua-config.json")];
    expect(discoverConfig(join(base, "both"))).toMatchObject({ ignored });
  });

  test.each([
    ["none", "none"],
    ["none/nua", "none"],
  ])("%s has none", (path, root) => {
    expect(discoverConfig(join(base, path))).toEqual({ root: join(base, root), file: null });
  });
});

describe("refuses", () => {
  test.each([
    { path: "nowhere", code: "input", says: "there is no such file or folder" },
    { path: "empty", code: "config", says: "the folder is empty" },
    { path: "twice", code: "config", says: "nua-config.toml and nua-config.yml" },
    { path: "odd/settings.txt", code: "config", says: "its format is not known" },
  ])("$path: $says", async ({ path, code, says }) => {
    const error = await Promise.try(discoverConfig, join(base, path)).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toContain(says);
  });
});
