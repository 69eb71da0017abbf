/** Texts of an app that would take hours to read are read in a moment. */
import { describe, expect, test } from "bun:test";
import { elixir } from "../../../src/languages/elixir/elixir.ts";
import { go } from "../../../src/languages/go/go.ts";
import { parseGoMod } from "../../../src/languages/go/go-mod.ts";
import { parseGoSum } from "../../../src/languages/go/go-sum.ts";
import { java } from "../../../src/languages/java/java.ts";
import { readMaven } from "../../../src/languages/java/maven/maven.ts";
import type { LanguageOptions } from "../../../src/languages/language.ts";
import { bunLayout } from "../../../src/languages/node/locks/bun-lock.ts";
import { npmDifference } from "../../../src/languages/node/locks/npm-lock.ts";
import { pnpmDifference } from "../../../src/languages/node/locks/pnpm-lock.ts";
import { readProject } from "../../../src/languages/node/project.ts";
import { php } from "../../../src/languages/php/php.ts";
import { localPath } from "../../../src/languages/python/manifests/requirement-lines.ts";
import { projectName } from "../../../src/languages/python/pip-items.ts";
import { findManifest } from "../../../src/languages/python/project.ts";
import { readGemfile } from "../../../src/languages/ruby/gemfile.ts";
import { rust } from "../../../src/languages/rust/rust.ts";
import { NuaError } from "../../../src/lib/errors.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";

const POM = (properties: string, version: string) =>
  `<project><artifactId>a</artifactId><version>${version}</version><properties>${properties}</properties></project>`;

const OPTIONS: LanguageOptions = {
  ...{ source: "/nua/build", runtime: "build", versions: {}, version: "1", languages: [] },
  ...{ place: "here", member: null },
};

const MANY = 1_000_000;
const BLANK = "\n".repeat(MANY);

test.each<[string, () => unknown]>([
  ["blank lines of a go.mod", () => parseGoMod(`module a\n${BLANK}`, "go.mod")],
  ["blocks of a go.mod", () => parseGoMod("require (\n)\n".repeat(MANY / 10), "go.mod")],
  ["spaces of a go.sum", () => parseGoSum(`a${" ".repeat(MANY)}b\n${BLANK}`, "go.sum")],
  [
    "blank lines of a Gemfile that is a program",
    () => readGemfile(`load "a"\n${BLANK}`, "Gemfile"),
  ],
  [
    "comments of a Gemfile that nothing ends",
    () => readGemfile("=begin\n".repeat(MANY), "Gemfile"),
  ],
  ["blank lines of a pyproject.toml", () => projectName(() => `${BLANK}x = 1`)],
  [
    "blank lines of an environment.yml",
    () => findManifest(memoryTree({ "environment.yml": BLANK })),
  ],
  ["spaces of a requirement", () => localPath(`a${" ".repeat(MANY)}b`)],
  ["brackets of a requirement", () => localPath(`./a${"[".repeat(MANY)}`)],
])("%s are read in a moment", (_, read) => {
  expect(read).not.toThrow();
});

describe("a Go file", () => {
  const main = "package main\n\nfunc main() {}\n";
  test.each([
    ...["var (\n", "env", "Getenv(", "flag.String(", '"port', "//go:embed a\n", '\t"C"', "\t"],
    ...["//go:build (", ".Run(  ", "var version", '"-', "\n", '//go:embed "'],
  ])("full of %j is read in a moment", (part) => {
    const text = main + part.repeat(256 * 1024);
    const tree = memoryTree({ "go.mod": "module a\n", "main.go": text });
    const options: LanguageOptions = {
      ...{ source: "/nua/build", runtime: "build", versions: {}, version: "1", languages: [] },
      ...{ place: "here", member: null },
    };
    expect(() => go.plan(tree, options)).not.toThrow();
  });
});

describe("of a Rust app", () => {
  const NAME = '[package]\nname = "a"\nversion = "0.1.0"\n';
  const COUNT = 20_000;
  const lines = (line: (at: number) => string) =>
    Array.from({ length: COUNT }, (_, at) => line(at)).join("\n");
  const OWN = '[[package]]\nname = "a"\nversion = "0.1.0"\n';
  const MANY_OF_ONE = `version = 4\n${OWN}${lines((at) => `[[package]]\nname = "x"\nversion = "1.${at}.0"`)}`;
  test.each<[string, Record<string, string>]>([
    [
      "versions of a package, each wanted",
      {
        "Cargo.toml": `${NAME}[dependencies]\n${lines((at) => `d${at} = { package = "x", version = "1.${at}" }`)}`,
        "Cargo.lock": MANY_OF_ONE,
      },
    ],
    [
      "packages in folders above",
      {
        "Cargo.toml": `${NAME}[dependencies]\n${lines((at) => `d${at} = { path = "../d${at}" }`)}`,
      },
    ],
    [
      "programs",
      { "Cargo.toml": `${NAME}${lines((at) => `[[bin]]\nname = "b${at}"\npath = "src/main.rs"`)}` },
    ],
    [
      "folders that are left out",
      {
        "Cargo.toml": `${NAME}[workspace]\nmembers = ["*"]\nexclude = [${lines((at) => `"e${at}",`)}]`,
      },
    ],
    [
      "files that are taken in",
      {
        "Cargo.toml": NAME,
        "src/main.rs": `fn main() {}\n${lines((at) => `include_str!("../ui/f${at}");`)}`,
        "ui/package.json": "{}",
      },
    ],
  ])("%s are read in a moment", (_, files) => {
    const tree = memoryTree({
      "Cargo.lock": `version = 4\n${OWN}`,
      "src/main.rs": "fn main() {}\n",
      ...files,
    });
    const options: LanguageOptions = {
      ...{ source: "/nua/build/a", runtime: "build", versions: {}, version: "1", languages: [] },
      ...{ place: "here", member: null, started: ["bin/a;".repeat(COUNT)] },
    };
    expect(() => rust.plan(tree, options)).not.toThrow();
  });
});

describe("of a Java app", () => {
  const MAIN = "src/main/kotlin/App.kt";
  test.each<[string, string, string]>([
    ["spaces", "build.gradle", `id${" ".repeat(MANY)}`],
    ["blank lines", "build.gradle", `plugins {${BLANK}`],
    ["plugins in a line", "build.gradle", "id 'a' ".repeat(MANY / 10)],
    ["objects", MAIN, "object a ".repeat(MANY / 10)],
    [
      "spaces of a property",
      "src/main/resources/application.properties",
      `k${" ".repeat(MANY)}\rv`,
    ],
    ["lines of a property", "src/main/resources/application.properties", "a\\\n".repeat(MANY / 10)],
    [
      "properties in a pom",
      "pom.xml",
      POM(`<a>${"x".repeat(40_000)}</a>`, `$\{a}`.repeat(100_000)),
    ],
  ])("%s are read in a moment", (_, file, text) => {
    const build = file === "pom.xml" ? {} : { "build.gradle": "plugins { id 'java' }\n" };
    const tree = memoryTree({ ...build, [MAIN]: "fun main() {}\n", [file]: text });
    const options: LanguageOptions = {
      ...{ source: "/nua/build", runtime: "build", versions: {}, version: "1", languages: [] },
      ...{ place: "here", member: null },
    };
    const plan = () => java.plan(tree, options);
    // Some are no app; none is a fault of ours.
    try {
      plan();
    } catch (error) {
      expect(error).toBeInstanceOf(NuaError);
    }
  });
});

test("parents that all modules of a Java app have are read once", () => {
  const filler = Array.from({ length: 3000 }, (_, at) => `<p${at}>x</p${at}>`).join("");
  const names = Array.from({ length: 300 }, (_, at) => `m${at}`);
  const parent = (name: string, path: string) =>
    `<parent><groupId>g</groupId><artifactId>${name}</artifactId><version>1</version><relativePath>${path}</relativePath></parent>`;
  const project = (name: string, more: string) =>
    `<project><groupId>g</groupId><artifactId>${name}</artifactId><version>1</version>${more}</project>`;
  const chain = Array.from({ length: 15 }, (_, at): [string, string] => [
    `p${at}.xml`,
    project(
      `p${at}`,
      `${at === 14 ? "" : parent(`p${at + 1}`, `p${at + 1}.xml`)}<properties>${filler}</properties>`,
    ),
  ]);
  const files = {
    "pom.xml": project(
      "top",
      `<packaging>pom</packaging><modules>${names.map((one) => `<module>${one}</module>`).join("")}</modules>`,
    ),
    ...Object.fromEntries(
      names.map((one) => [`${one}/pom.xml`, project(one, parent("p0", "../p0.xml"))]),
    ),
    ...Object.fromEntries(chain),
  };
  expect(readMaven(memoryTree(files))!.reads).toHaveLength(317);
});

describe("of an Elixir app", () => {
  const project = "def project do\n[app: :a, deps: deps(), releases: r(), aliases: r()]\nend\n";
  test.each([
    ...[
      "def deps do ",
      "defp r, do: ",
      '"#{',
      "@a 1 ",
      "{:a, ",
      "[a: ",
      "~s(",
      "File.read!(",
      "\n",
    ],
    ...[
      "{:a, path: 'b'},",
      '{:a, "~> 1.0", only: :dev},',
      "fn ",
      "do: ",
      "?",
      ':"',
      "%{",
      "a: [],",
    ],
  ])("a mix.exs full of %j is read in a moment", (part) => {
    const text = (project + part.repeat(MANY)).slice(0, 512 * 1024);
    const locks = `%{${'"a": {:hex, :a, "1.0.0", '.repeat(20_000)}`;
    const tree = memoryTree({ "mix.exs": text, "mix.lock": locks });
    // Some are no app; none is a fault of ours.
    try {
      elixir.plan(tree, OPTIONS);
    } catch (error) {
      expect(error).toBeInstanceOf(NuaError);
    }
  });

  test.each([
    ...['get_env("PORT") ', "Bandit port: ", "http: [", 'System.get_env("A") ', "raise ", " "],
    ...["port: 1", ":gen_tcp.listen( ", "Plug.Cowboy"],
  ])("settings full of %j are read in a moment", (part) => {
    const text = part.repeat(MANY);
    const files = { "config/runtime.exs": text, "lib/a.ex": text, "config/config.exs": text };
    const tree = memoryTree({ "mix.exs": project, ...files });
    expect(() => elixir.plan(tree, OPTIONS)).not.toThrow();
  });
});

describe("a lock file", () => {
  const tree = memoryTree({ "package.json": "{}" });
  const { packages } = readProject(tree, { member: null, frozen: false });

  test("of npm that looks through folders without end is left to npm", () => {
    const folder = `node_modules/${"a/".repeat(200_000)}node_modules/b`;
    const entry = { dependencies: { b: "1", c: "1" } };
    const text = JSON.stringify({
      packages: { "node_modules/b": {}, [`${"a/".repeat(MANY)}${folder}`]: entry },
    });
    expect(npmDifference({ tree, text, packages })).toBeNull();
  });

  test("of bun that does so removes nothing", () => {
    const inner = `${"a/".repeat(MANY)}b`;
    const wish = { dependencies: { c: "1" } };
    const text = JSON.stringify({
      workspaces: { "": { dependencies: { [inner]: "1" } } },
      packages: { [inner]: ["b@1", "", wish], d: ["d@1"] },
    });
    expect(bunLayout(text).developmentOnly).toEqual([]);
  });

  test("of pnpm with aliases, which it does not write, is not looked into", () => {
    const names = Array.from({ length: 5000 }, (_, index) => `p${index}`);
    const dependencies = names.map((name) => `${name}: "1"`).join(", ");
    const others = names.map((name) => `  ${name}: *all\n`).join("");
    const text = `importers:\n  .: &all {dependencies: {${dependencies}}}\n${others}`;
    expect(pnpmDifference({ tree, text, packages })).toBeNull();
  });
});

describe("of an app in PHP", () => {
  const PAGE = { "index.php": "<?php\n" };
  const many = (line: (at: number) => string) =>
    Array.from({ length: MANY / 100 }, (_, at) => line(at)).join(",\n");
  test.each<[string, Record<string, string>]>([
    ["calls", { "index.php": `<?php\n${"imagecreate".repeat(MANY / 10)}` }],
    ["spaces of a .htaccess", { ...PAGE, ".htaccess": `RewriteRule${" ".repeat(MANY)}x` }],
    ["sections of a .htaccess", { ...PAGE, ".htaccess": "<Files>".repeat(MANY / 10) }],
    [
      "wishes of a composer.json",
      {
        "composer.json": `{"require": {${many((at) => `"a/b${at}": "^1"`)}}}`,
        "composer.lock": `{"packages": [${many((at) => `{"name": "a/b${at}", "version": "1.0.0", "require": {"php": ">=8.1"}}`)}]}`,
      },
    ],
    [
      "extensions that are there",
      {
        "composer.json": `{"require": {${many((at) => `"ext-${at}": "*"`)}}, "provide": {${many((at) => `"ext-${at}": "*"`)}}}`,
      },
    ],
    ["constraints", { "composer.json": `{"require": {"php": "${"^8 || ".repeat(MANY / 10)}"}}` }],
  ])("%s are read in a moment", (_, files) => {
    const tree = memoryTree(files);
    const options: LanguageOptions = {
      ...{ source: "/nua/build", runtime: "image", versions: {}, version: "1", languages: [] },
      ...{ place: "here", member: null },
    };
    php.runtimes!(tree, { languages: ["php"] });
    expect(() => php.plan(tree, options)).not.toThrow();
  });
});
