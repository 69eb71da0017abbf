/** How apps in PHP are detected, installed and served. */
import { describe, expect, test } from "bun:test";
import { contentHash } from "../../../../src/languages/php/content-hash.ts";
import { php } from "../../../../src/languages/php/php.ts";
import { planStart } from "../../../../src/plan/app-start.ts";
import { findParts, planParts } from "../../../../src/plan/parts.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { NO_WORK } from "../../agent/facts.ts";

type Files = Record<string, string>;
type Place = "here" | "below";

const BUILT_WITH = { languages: ["python", "php", "composer"], leftOut: ["composer"] };
const PAGE = { "index.php": "<?php echo 1;\n" };
const FRONT = { "public/index.php": "<?php\n" };
const composer = (require: Record<string, string> = {}, more: object = {}) =>
  JSON.stringify({ name: "acme/shop", require, ...more }, null, 2);

interface Asked {
  place?: Place;
  start?: string;
}

function planned(files: Files, { place = "here", start }: Asked = {}) {
  const tree = memoryTree(files);
  const line = start === undefined ? [] : [{ line: start, from: "run.start" }];
  const work = { ...NO_WORK, start: line };
  const input = { work, tree, foundBuildScript: null };
  const parts = planParts(findParts(input), {
    ...input,
    builtWith: BUILT_WITH,
    versions: {},
    place,
  });
  const started = planStart({
    ...{ ...input, parts, foundStartScript: null, isLayered: true, isPrepared: false },
    placeOf: () => undefined,
  });
  const part = parts.find(({ language }) => language.name === "php");
  return {
    parts: parts.map(({ language, dir }) => [language.name, dir]),
    plan: part?.plan,
    started,
  };
}

const lineOf = (files: Files, asked?: Asked) => {
  const { started } = planned(files, asked);
  return started.configured.at(-1) ?? started.detected?.line;
};
const commandsOf = (files: Files, place: Place = "here") => {
  const { install = [], build = [] } = planned(files, { place }).plan ?? {};
  return [install, build].map((all) =>
    all.flatMap((one) =>
      one.kind === "run" ? [one.argv.slice(one.argv[0] === "bash" ? 2 : 0).join(" ")] : [],
    ),
  );
};
const packagesOf = (files: Files) =>
  (planned(files).plan?.runPackages ?? []).flatMap(({ names }) => names);

describe("is", () => {
  const flask = {
    "requirements.txt": "flask\n",
    "app.py": "from flask import Flask\napp = Flask('a')\n",
  };
  const express = {
    "package.json":
      '{"name": "a", "scripts": {"start": "node server.js"}, "dependencies": {"express": "5"}}',
    "server.js": "require('express')().listen(process.env.PORT)\n",
  };
  test.each<[string, Files, string[][]]>([
    ["an app with a composer.json", { "composer.json": composer(), ...FRONT }, [["php", ""]]],
    ["plain PHP", PAGE, [["php", ""]]],
    ["an app whose pages lie apart", FRONT, [["php", ""]]],
    ["not a Python app with a page of PHP", { ...flask, ...PAGE }, [["python", ""]]],
    ["not a Node app with a page of PHP", { ...express, ...PAGE }, [["node", ""]]],
    ["not the tools of a Node app", { ...express, "composer.json": composer() }, [["node", ""]]],
    [
      "an app whose front end Node builds",
      {
        "composer.json": composer(),
        ...FRONT,
        "package.json": '{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}',
      },
      [
        ["node", ""],
        ["php", ""],
      ],
    ],
    [
      "one app, where its pages are called web",
      { ...PAGE, "web/index.php": "<?php\n" },
      [["php", ""]],
    ],
  ])("%s", (_, files, expected) => {
    expect(planned(files).parts).toEqual(expected);
  });
});

describe("is served from", () => {
  const htaccess =
    "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^ index.php [L]\n";
  test.each<[string, Files, string]>([
    ["its own folder", PAGE, "serve-php ."],
    [
      "the folder of its entry",
      { "composer.json": composer(), ...FRONT },
      "serve-php --front public",
    ],
    ["one whose .htaccess leads to it", { ...PAGE, ".htaccess": htaccess }, "serve-php --front ."],
    [
      "one with closed folders",
      { ...PAGE, "data/.htaccess": "Deny from all\n", "lib/.htaccess": "Require all denied\n" },
      "serve-php --deny data --deny lib .",
    ],
    [
      "one with a folder where some files are closed",
      { ...PAGE, "data/.htaccess": '<FilesMatch "\\.log$">\nDeny from all\n</FilesMatch>\n' },
      "serve-php .",
    ],
    ["Laravel", { artisan: "", ...FRONT, "composer.json": composer() }, "serve-php --front public"],
    [
      "Symfony",
      {
        ...{ "bin/console": "", ...FRONT },
        "composer.json": composer({ "symfony/framework-bundle": "^7.0" }),
      },
      "serve-php --front public",
    ],
    ["CakePHP", { "bin/cake": "", "webroot/index.php": "" }, "serve-php --front webroot"],
    [
      "Drupal, whose entry Composer makes",
      {
        "composer.json": composer(
          { "drupal/core": "^11" },
          { extra: { "drupal-scaffold": { locations: { "web-root": "site/" } } } },
        ),
      },
      "serve-php --front site",
    ],
    ["WordPress", { ...PAGE, "wp-includes/version.php": "" }, "serve-php --front ."],
    ["Yii", { yii: "", "web/index.php": "" }, "serve-php --front web"],
    [
      "Heroku's nginx",
      { ...PAGE, Procfile: "web: heroku-php-nginx -C nginx.conf www/\n" },
      "serve-php --include nginx.conf www",
    ],
    [
      "Heroku's Apache",
      {
        ...FRONT,
        Procfile: "web: vendor/bin/heroku-php-apache2 public/\n",
        "composer.json": composer(),
      },
      "serve-php --front public",
    ],
  ])("%s", (_, files, line) => {
    expect(lineOf(files)).toBe(line);
  });

  test("what run.start says, on the same port", () => {
    const { started } = planned(PAGE, { start: "serve-php web" });
    expect(started).toMatchObject({ configured: ["serve-php web"], port: 8080 });
  });

  test.each([
    "web: heroku-php-nginx $(cat root)",
    "web: heroku-php-nginx --what",
    "web: php -S 0.0.0.0:$PORT",
  ])("whatever starts it otherwise: %s", (line) => {
    expect(lineOf({ ...PAGE, Procfile: line })).toBe(line.replace("web: ", ""));
  });

  test("nothing where there is no entry", () => {
    const { started } = planned({ "composer.json": composer() });
    expect(started.from).toBeNull();
    expect(started.lookedFor).toContain("public/index.php");
  });
});

const INSTALL = "composer install --no-dev --no-interaction --no-progress --prefer-dist";

describe("is installed", () => {
  const lock = (...packages: object[]) => JSON.stringify({ packages, "packages-dev": [] });
  const monolog = { name: "monolog/monolog", version: "3.5.0", type: "library" };
  const locked = (more: object = {}): Files => ({
    ...{ "composer.json": composer({ "monolog/monolog": "^3.0" }, more), ...FRONT },
    "composer.lock": lock(monolog),
  });

  test("from its lock, in a layer without scripts and then with them", () => {
    expect(commandsOf(locked(), "below")).toEqual([
      [`${INSTALL} --no-scripts --no-autoloader`],
      [`${INSTALL} --optimize-autoloader`],
    ]);
  });

  test("in one go without a layer", () => {
    expect(commandsOf(locked())).toEqual([[], [`${INSTALL} --optimize-autoloader`]]);
  });

  test("not at all, where its libraries come with it", () => {
    const files = { "composer.json": composer({ "a/b": "1" }), "vendor/autoload.php": "", ...PAGE };
    expect(commandsOf(files)).toEqual([[], []]);
  });

  test("with what Laravel writes to, and what it hands out", () => {
    const [, [first, , last] = []] = commandsOf({ ...locked(), artisan: "" });
    expect(first).toStartWith("mkdir -p bootstrap/cache storage/");
    expect(last).toContain("ln -s ../storage/app/public public/storage");
  });

  const layerOf = (files: Files) =>
    php.dependencies!.plan({
      ...{ tree: memoryTree(files), runtime: "image", member: null, hasPackages: false },
    });

  test("in a layer made from these files", () => {
    expect(layerOf({ ...locked(), "symfony.lock": "{}" })).toEqual({
      files: ["composer.json", "composer.lock", "symfony.lock"],
      ...{ place: "below", compilesApp: false },
    });
  });

  test.each<[string, Files, string]>([
    [
      "nothing is locked",
      { "composer.json": composer({ "a/b": "1" }) },
      "there is no composer.lock",
    ],
    [
      "a package lies in the app",
      { ...locked(), "composer.lock": lock({ ...monolog, dist: { type: "path" } }) },
      "the app's own folder: monolog/monolog",
    ],
    [
      "a plugin may do anything",
      { ...locked(), "composer.lock": lock({ ...monolog, type: "composer-plugin" }) },
      "the plugin monolog/monolog",
    ],
    ["there are patches", locked({ extra: { patches: {} } }), "names patches"],
    ["the app brings libraries", { ...locked(), "vendor/a": "" }, "vendor, which the app brings"],
  ])("in no layer where %s", (_, files, reason) => {
    expect(() => layerOf(files)).toThrow(reason);
  });
});

describe("gets extensions", () => {
  const lock = (require: Record<string, string>) =>
    JSON.stringify({ packages: [{ name: "a/b", version: "1.0.0", require }] });
  test.each<[string, Files, string[]]>([
    [
      "that it requires",
      { "composer.json": composer({ "ext-GD": "*", "ext-json": "*" }) },
      ["php-gd"],
    ],
    [
      "that its packages require",
      { "composer.json": composer(), "composer.lock": lock({ "ext-intl": "*", "ext-dom": "*" }) },
      ["php-intl"],
    ],
    ["that it calls", { "index.php": "<?php\n$db = mysqli_connect();\n" }, ["php-mysql"]],
    [
      "for its database",
      { "index.php": "<?php new PDO('pgsql:host=db'); new PDO(\"sqlite:/a\");\n" },
      ["php-pgsql", "php-sqlite3"],
    ],
    [
      "for any database of Laravel's",
      { "composer.json": composer({ "laravel/framework": "^12" }) },
      ["php-mysql", "php-pgsql", "php-sqlite3"],
    ],
    ["for WordPress", { ...PAGE, "wp-includes/version.php": "" }, ["php-mysql", "php-gd"]],
    ["not those of tests", { ...PAGE, "tests/a.php": "<?php mysqli_connect();" }, []],
    [
      "not what a polyfill stands in for, and nobody has",
      { "composer.json": composer({ "ext-mine": "*" }, { provide: { "ext-mine": "*" } }) },
      [],
    ],
  ])("%s", (_, files, packages) => {
    expect(packagesOf(files)).toEqual(packages);
  });
});

test("the environment is that of production", () => {
  expect(planned({ artisan: "", ...FRONT }).plan?.env).toEqual({ LOG_CHANNEL: "stderr" });
});

test("what it says of itself describes the app", () => {
  const text = composer(
    {},
    { description: "A\nshop", license: ["MIT"], authors: [{ name: "Ada" }] },
  );
  expect(php.describe!(memoryTree({ "composer.json": text }))).toEqual({
    ...{ name: "shop", description: "A shop", license: "MIT", author: "Ada" },
  });
  expect(php.describe!(memoryTree({ "composer.json": '{"name": "laravel/laravel"}' }))).toEqual({});
});

test("the hash of a composer.json is what Composer makes of it", () => {
  // By the Locker of Composer 2.5.5.
  expect(contentHash(JSON.parse(HASHED))).toBe("0bc1ab57f66f31144ad2c39806e3610d");
  expect(contentHash({ extra: { 0: 1 } })).toBeNull();
  expect(contentHash({ extra: { a: 1.5 } })).toBeNull();
});

const HASHED = `{
  "name": "acme/shop", "description": "not a part of it",
  "require": {"php": ">=8.1", "monolog/monolog": "^3.0"},
  "extra": {"ü": "a/b", "empty": {}, "list": [1, true, null]},
  "config": {"sort-packages": true, "platform": {"php": "8.1.0"}}
}`;
