/** What is wrong with an app in PHP: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { contentHash } from "../../../../src/languages/php/content-hash.ts";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const MANIFEST = { name: "acme/shop", require: { php: ">=8.1", "a/b": "^1.0" } };
const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
const lockOf = (...packages: object[]) => ({
  "content-hash": contentHash(MANIFEST),
  ...{ packages, "packages-dev": [] },
});
const LOCK = lockOf({ name: "a/b", version: "v1.2.0", require: { php: ">=8.0" } });
const CONFLICT = '<<<<<<< HEAD\n  "a": 1\n=======\n  "a": 2\n>>>>>>> theirs\n';

const app = (more: Files = {}): Files => ({
  ...{ "composer.json": json(MANIFEST), "composer.lock": json(LOCK) },
  ...{ "public/index.php": "<?php\n" },
  ...more,
});
const requires = (more: object) => json({ ...MANIFEST, require: { ...MANIFEST.require, ...more } });

test("nothing is told of one without faults", () => {
  expect(toldOf(app())).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "a composer.json that is no JSON",
      app({ "composer.json": '{\n  "name": "a/b",\n}\n' }),
      'composer.json:3: Read "composer.json": not valid JSON: property name expected',
    ],
    [
      "one that is a list",
      app({ "composer.json": "[]" }),
      'composer.json:1: Read "composer.json": expected an object',
    ],
    [
      "one with marks of a conflict",
      app({ "composer.json": `{\n${CONFLICT}}\n` }),
      'composer.json:2: Read "composer.json": git has left a merge conflict in it',
    ],
    [
      "a lock with such marks",
      app({ "composer.lock": `{\n${CONFLICT}}\n` }),
      'composer.lock:2: Read "composer.lock": git has left a merge conflict in it',
    ],
    [
      "a lock that lacks what is required",
      app({ "composer.json": requires({ "c/d": "^2.0" }) }),
      'composer.json:6: Install from "composer.lock": it does not fit composer.json: composer.lock does not have "c/d"',
    ],
    [
      "a lock with another version",
      app({ "composer.json": requires({ "a/b": "^2.0" }) }),
      'composer.json:5: Install from "composer.lock": it does not fit composer.json: composer.lock has "a/b" v1.2.0, and not "^2.0"',
    ],
    [
      "an extension that nobody has",
      app({
        "composer.lock": json(
          lockOf({ name: "a/b", version: "1.0.0", require: { "ext-swoon": "*" } }),
        ),
      }),
      'composer.lock:8: Install "ext-swoon": no Linux base has a package of it',
    ],
    [
      "a PHP that nobody has",
      app({ "composer.json": json({ require: { php: "^7.4" } }), "composer.lock": json({}) }),
      'composer.json:3: composer.json:3 asks for php "^7.4", which cannot be had',
    ],
    ["a pin that is no version", app({ ".php-version": "banana\n" }), ".php-version:1: "],
  ])("%s", (_, files, told) => {
    expect(toldOf(files).error).toStartWith(told);
  });

  test("a lock of another composer.json, where it has to fit", () => {
    const files = app({ "composer.json": json({ ...MANIFEST, extra: { a: 1 } }) });
    expect(toldOf(files, { frozen: true }).error).toStartWith(
      'composer.lock:1: Install from "composer.lock": it does not fit composer.json: composer.lock: its content-hash is that of another composer.json',
    );
  });
});

describe("is told:", () => {
  test.each<[string, Files, string]>([
    [
      "a lock of another composer.json",
      app({ "composer.json": json({ ...MANIFEST, extra: { a: 1 } }) }),
      "composer.lock: its content-hash is that of another composer.json",
    ],
    [
      "no lock",
      { "composer.json": json(MANIFEST), "public/index.php": "<?php\n" },
      "there is no composer.lock: two builds may install different versions",
    ],
    [
      "a pin that Composer would refuse",
      app({ "composer.json": requires({ php: "^8.2" }), ".php-version": "8.1\n" }),
      '.php-version:1 asks for PHP "8.1", and composer.json:4, which counts, for "^8.2"',
    ],
    ["no entry", { "composer.json": json({}) }, "no start command: there is none of "],
    [
      "rules of Apache's",
      app({ "public/.htaccess": "RewriteEngine On\nRewriteRule ^old$ /new [R=301]\n" }),
      "public/.htaccess:2: is for Apache",
    ],
    [
      "Laravel's key",
      app({ artisan: "" }),
      "Laravel answers nothing without APP_KEY, which is in no image",
    ],
  ])("%s", (_, files, told) => {
    const { error, warnings } = toldOf(files);
    expect(error).toBeUndefined();
    expect(warnings.join("\n")).toContain(told);
  });
});

describe("does not stop the plan:", () => {
  test.each<[string, Files]>([
    [
      "fields of other forms",
      app({
        "composer.json":
          '{"require": [], "config": 3, "scripts": [], "repositories": {"a": false}, "authors": {}}',
        "composer.lock": '{"packages": {"a": 1}}',
      }),
    ],
    [
      "a vendor-dir above the app",
      app({ "composer.json": json({ ...MANIFEST, config: { "vendor-dir": "../x" } }) }),
    ],
    [
      "names of objects",
      app({ "composer.json": '{"require": {"__proto__": "1", "constructor": "*"}}' }),
    ],
  ])("%s", (_, files) => {
    expect(toldOf(files).error).toBeUndefined();
  });
});
