/** What the layer of a Deno app's dependencies is made from, or why it has none. */
import { describe, expect, test } from "bun:test";
import { denoRule } from "../../../../src/languages/deno/dependencies.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

type Files = Record<string, string>;

const json = (value: object) => JSON.stringify(value);
const LOCK = json({ version: "5", specifiers: { "npm:hono@4": "4.13.19" } });
const app = (more: Files = {}): Files => ({
  ...{ "deno.json": json({ imports: { hono: "npm:hono@^4" } }), "deno.lock": LOCK },
  ...{ "main.ts": "", ...more },
});

const planOf = (files: Files, runtime: "image" | "none" = "image", hasPackages = false) =>
  denoRule.plan({ tree: memoryTree(files), runtime, member: null, hasPackages });

describe("is made from", () => {
  test.each<[string, Files, string[] | undefined]>([
    ["settings and lock file", app(), ["deno.json", "deno.lock"]],
    ["how registries are read", app({ ".npmrc": "" }), ["deno.json", ".npmrc", "deno.lock"]],
    [
      "an import map",
      {
        ...app({ "deno.json": json({ importMap: "./map.json" }) }),
        "map.json": json({ imports: { hono: "npm:hono@4" } }),
      },
      ["deno.json", "map.json", "deno.lock"],
    ],
    [
      "all of a workspace",
      app({
        "deno.json": json({ workspace: ["api"] }),
        "api/deno.json": json({ imports: { hono: "npm:hono@4" } }),
        "api/package.json": "{}",
      }),
      ["deno.json", "api/deno.json", "api/package.json", "deno.lock"],
    ],
    ["nothing, where manifests name nothing", app({ "deno.json": "{}" }), undefined],
  ])("%s", (_, files, expected) => {
    expect(planOf(files)?.files).toEqual(expected!);
  });
});

describe("is none, since", () => {
  test.each<[string, Files]>([
    ["Deno writes to deno.lock", app({ "deno.lock": json({ version: "5" }) })],
    [
      "Deno writes to vendor, which the app brings",
      app({
        "deno.json": json({ vendor: true, imports: { hono: "npm:hono@4" } }),
        "vendor/manifest.json": "{}",
      }),
    ],
    [
      "deno.json links a folder: ../lib",
      app({ "deno.json": json({ links: ["../lib"], imports: { hono: "npm:hono@4" } }) }),
    ],
    ["package.json has workspaces", app({ "package.json": json({ workspaces: ["a"] }) })],
    [
      "package.json names a package of the app's own folder: a@file:./a",
      app({ "package.json": json({ dependencies: { a: "file:./a" } }) }),
    ],
  ])("%s", (reason, files) => {
    expect(() => planOf(files)).toThrow(reason);
  });

  test("there is no Deno", () => {
    expect(planOf(app(), "none")).toBeNull();
    expect(() => planOf(app(), "none", true)).toThrow("a Debian package may bring Deno");
  });
});
