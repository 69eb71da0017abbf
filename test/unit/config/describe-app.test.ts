import { describe, expect, test } from "bun:test";
import { describeApp, describeMember } from "../../../src/config/describe-app.ts";
import type { AppDescription, Language } from "../../../src/languages/language.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";

const named = (folder: string) => describeApp(memoryTree({ readme: "" }), folder);

describe("an app that no manifest describes is called like its folder", () => {
  test.each([
    ["hello", "hello", "hello"],
    ["My App", "my-app", "My App"],
    ["Café_Crème", "cafe_creme", "Café_Crème"],
    ["a...b", "a-b", "a...b"],
    ["_x__y_", "x__y", "_x__y_"],
    ["../../etc", "etc", "../../etc"],
    ["", "app", "app"],
    ["日本", "app-cf2abf", "日本"],
    ["中文", "app-72726d", "中文"],
    ["-rf \u001b[31mred\n", "rf-31mred", "-rf [31mred"],
    ["x".repeat(1000), "x".repeat(100), `${"x".repeat(199)}…`],
  ])("%j -> %s", (folder, id, title) => {
    const { manifests, ...told } = named(folder);
    expect(manifests).toEqual([]);
    expect(told).toEqual({
      id: { value: id, from: "the folder's name" },
      version: { value: "0.1.0", from: "no file says it" },
      title: { value: title, from: "the folder's name" },
      author: { value: "", from: "no file says it" },
    });
  });
});

/** A language whose manifest says that. */
function language(name: string, says: object, isOfApp = true): Language {
  return {
    name,
    installsPython: false,
    manifests: [],
    detect: () => `${name}.manifest`,
    isOfApp: () => isOfApp,
    describe: () => says as AppDescription,
    plan: () => ({ packages: [], install: [], build: [] }),
  };
}

const tree = memoryTree({});

describe("a manifest's texts become what an image can be called, and labelled", () => {
  test.each([
    [{ name: "@acme/web-shop" }, { id: "web-shop", title: "web-shop" }],
    [{ name: "Flask App" }, { id: "flask-app", title: "Flask App" }],
    [{ name: "../../../etc/passwd" }, { id: "etc-passwd", title: "../../../etc/passwd" }],
    [{ name: "a".repeat(1_000_000) }, { id: "a".repeat(100) }],
    [{ name: "日本" }, { id: "folder", title: "日本" }],
    [{ name: "\u0000\u202e\n" }, { id: "folder", title: "folder" }],
    [{ name: ["a"] }, { id: "folder", title: "folder" }],
    [{ version: "1.2.3" }, { version: "1.2.3" }],
    [{ version: "v1.2.3-rc.1+build.5" }, { version: "1.2.3-rc.1" }],
    [{ version: "1.2.3-alpha.beta" }, { version: "1.2.3" }],
    [{ version: "0.0.0-development" }, { version: "0.0.0" }],
    [{ version: "1!2.0" }, { version: "2.0" }],
    [{ version: "latest; rm -rf /" }, { version: "0.1.0" }],
    [{ version: "" }, { version: "0.1.0" }],
    [{ description: "Sells\n\tthings" }, { tagline: "Sells things" }],
    [{ description: "d".repeat(1000) }, { tagline: `${"d".repeat(299)}…` }],
    [{ author: "Me <me@example.org>" }, { author: "Me <me@example.org>" }],
    [{ license: "MIT" }, { license: "MIT" }],
    [{ homepage: "https://example.org/" }, { website: "https://example.org/" }],
    [{ homepage: "javascript:alert(1)" }, { website: undefined }],
  ])("%#", (says, expected) => {
    const found: Partial<Record<string, unknown>> = {
      ...describeApp(tree, "folder", [language("one", says)]),
    };
    const values = Object.keys(expected).map((key) => [
      key,
      (found[key] as { value: string } | undefined)?.value,
    ]);
    expect(Object.fromEntries(values)).toEqual(expected);
  });
});

describe("of several languages", () => {
  const told = (...languages: Language[]) => {
    const { id, version, manifests } = describeApp(tree, "folder", languages);
    return [id.value, version.value, ...manifests];
  };

  test("the one that says more comes first", () => {
    const [full, part] = [{ name: "full", version: "2" }, { name: "part" }];
    const expected = ["full", "2", "one.manifest", "two.manifest"];
    expect(told(language("one", full), language("two", part))).toEqual(expected);
  });

  test("the one that is built from the other does", () => {
    const [one, two] = ["front", "server"].map((name) => ({ name, version: "1" }));
    const expected = ["server", "1", "two.manifest", "one.manifest"];
    expect(told(language("one", one!), language("two", two!))).toEqual(expected);
  });

  test("what one does not say another may", () => {
    const expected = ["name", "3", "one.manifest", "two.manifest"];
    expect(told(language("one", { name: "name" }), language("two", { version: "3" }))).toEqual(
      expected,
    );
  });

  test("one that is not of the app says nothing", () => {
    const tools = language("one", { name: "tools", version: "9" }, false);
    expect(told(tools, language("two", {}))).toEqual(["folder", "0.1.0", "two.manifest"]);
  });
});

describe("a member of a workspace", () => {
  const workspace = memoryTree({
    "package.json":
      '{"name": "all", "version": "2.0.0", "license": "MIT", "workspaces": ["apps/*"]}',
    "apps/web/package.json": '{"name": "@all/web", "description": "Pages"}',
    "docs/index.html": "<title>Docs</title>",
  });

  test.each([
    ["@all/web", "web", "apps/web/package.json"],
    ["apps/web", "web", "apps/web/package.json"],
    ["docs", "docs", "the folder's name"],
    ["nowhere", "all", "package.json"],
  ])("%s is called %s", (app, id, from) => {
    const found = describeMember(workspace, "folder", app);
    expect(found).toMatchObject({
      id: { value: id, from },
      version: { value: "2.0.0", from: "package.json" },
      license: { value: "MIT", from: "package.json" },
    });
  });
});
