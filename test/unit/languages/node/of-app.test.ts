import { describe, expect, test } from "bun:test";
import { appPackage } from "../../../../src/languages/node/app/app-package.ts";
import { describe as describeApp } from "../../../../src/languages/node/describe.ts";
import { isBuildOnly, isOfApp, isTool } from "../../../../src/languages/node/of-app.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const PYTHON = { languages: ["node", "python"] };

const dependencies = (...names: string[]) => Object.fromEntries(names.map((name) => [name, "1"]));
const tree = (manifest: object, files: Record<string, string> = {}) =>
  memoryTree({ "package.json": JSON.stringify(manifest), ...files });

const DEV = (...names: string[]) => ({ devDependencies: dependencies(...names) });
const build = (line: string) => ({ scripts: { build: line } });

/** Shapes of package.json beside an app in Python or Ruby, each as real repositories have it. */
const rows: [string, object, boolean, Record<string, string>?][] = [
  ["hooks and formatters", DEV("husky", "lint-staged", "prettier", "@commitlint/cli"), false],
  [
    "releases",
    { ...DEV("semantic-release", "@semantic-release/exec", "@semantic-release/git") },
    false,
  ],
  [
    "releases as dependencies",
    { dependencies: dependencies("semantic-release", "@semantic-release/changelog") },
    false,
  ],
  [
    "linters of texts",
    { ...DEV("markdownlint-cli", "cspell"), scripts: { lint: "markdownlint ." } },
    false,
  ],
  ["a type checker", { dependencies: dependencies("pyright") }, false],
  [
    "tests in a browser",
    { ...DEV("@playwright/test", "cypress"), scripts: { test: "playwright test" } },
    false,
  ],
  ["nothing but a name", { name: "x", private: true }, false],
  ["deployment", { ...DEV("serverless", "serverless-python-requirements") }, false],
  ["a script that calls make", { ...build("make build"), ...DEV("prettier") }, false],
  [
    "a script that starts the other",
    { scripts: { start: "python manage.py runserver" }, ...DEV("eslint") },
    false,
  ],
  ["types only", { ...build("tsc --noEmit"), ...DEV("typescript", "@types/node") }, false],
  ["documentation", { ...build("vitepress build docs"), ...DEV("vitepress") }, false],
  ["styles", { ...build("tailwindcss -i a.css -o static/a.css"), ...DEV("tailwindcss") }, true],
  ["a front end", { ...build("vite build"), ...DEV("vite") }, true, { "index.html": "" }],
  ["a bundle", { ...build("webpack --mode production"), ...DEV("webpack", "webpack-cli") }, true],
  ["libraries of pages", { dependencies: dependencies("bootstrap", "htmx.org") }, true],
  [
    "a server",
    { scripts: { start: "node server.js" }, dependencies: dependencies("express") },
    true,
  ],
];

describe("beside another language is of the app", () => {
  for (const [name, manifest, expected, files] of rows) {
    test(`${name}: ${expected ? "yes" : "no"}`, () => {
      expect(isOfApp(tree(manifest, files), PYTHON)).toBe(expected);
    });
  }

  test("anything, where there is no other", () => {
    expect(isOfApp(tree(DEV("prettier")), { languages: ["node", "static"] })).toBe(true);
  });
});

describe("Node only builds", () => {
  const table: [string, object, boolean, Record<string, string>?][] = [
    ["a front end", { ...build("vite build"), ...DEV("vite") }, true, { "index.html": "" }],
    [
      "a front end that is served while it is developed",
      { scripts: { build: "vite build", start: "vite" }, ...DEV("vite") },
      true,
    ],
    ["libraries of pages", { dependencies: dependencies("bootstrap"), main: "index.js" }, true],
    ["not where it is started", { scripts: { start: "node server.js" } }, false],
    [
      "not a server of a framework",
      { dependencies: dependencies("next"), ...build("next build") },
      false,
    ],
    [
      "not where a framework starts it",
      { scripts: { start: "nest start" }, dependencies: dependencies("@nestjs/core") },
      false,
    ],
    ["not what listens", { main: "a.js" }, false, { "a.js": "http.createServer(f).listen(80)" }],
  ];
  for (const [name, manifest, expected, files] of table) {
    test(name, () => {
      expect(isBuildOnly(appPackage(tree(manifest, files), null), PYTHON)).toBe(expected);
    });
  }

  test("not alone", () => {
    expect(isBuildOnly(appPackage(tree(build("vite build")), null), { languages: ["node"] })).toBe(
      false,
    );
  });
});

test.each([
  "eslint-plugin-vue",
  "@typescript-eslint/parser",
  "stylelint",
  "prettier-plugin-x",
  "@types/node",
])("%s is for those who develop", (name) => expect(isTool(name)).toBe(true));
test.each(["express", "react", "vite", "webpack", "tailwindcss", "nextjs-auth", "standardize"])(
  "%s is not",
  (name) => expect(isTool(name)).toBe(false),
);

describe("an app is described", () => {
  const REPOSITORY = "https://github.com/acme/shop";
  const descriptions: [string, object, object][] = [
    [
      "by its fields",
      {
        name: "@acme/shop",
        version: "1.2.0",
        description: " Sells\nthings ",
        author: { name: "Ann" },
        license: "MIT",
        homepage: "https://a.test/",
      },
      {
        name: "shop",
        version: "1.2.0",
        description: "Sells things",
        author: "Ann",
        license: "MIT",
        homepage: "https://a.test/",
      },
    ],
    [
      "without what says nothing",
      { name: "x", version: "0.0.0", license: "UNLICENSED", homepage: "x y" },
      { name: "x" },
    ],
    ["by its repository", { repository: "acme/shop" }, { homepage: REPOSITORY }],
    [
      "by its repository's address",
      { repository: { type: "git", url: "git+https://github.com/acme/shop.git" } },
      { homepage: REPOSITORY },
    ],
    ["by one for ssh", { repository: "git@github.com:acme/shop.git" }, { homepage: REPOSITORY }],
    ["without a password", { repository: "https://u:p@github.com/acme/shop.git" }, {}],
  ];
  for (const [name, manifest, expected] of descriptions) {
    test(name, () => {
      expect(describeApp(tree(manifest))).toEqual(expected);
    });
  }

  test("by nothing where there is no manifest", () => {
    expect(describeApp(memoryTree({}))).toBeNull();
  });
});
