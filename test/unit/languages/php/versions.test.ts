/** Which PHP an app gets, and upon which Linux base; what constraints of Composer's allow. */
import { describe, expect, test } from "bun:test";
import { chooseRuntimes } from "../../../../src/bases/choose-runtimes.ts";
import { parseConstraint } from "../../../../src/languages/php/constraint.ts";
import { php } from "../../../../src/languages/php/php.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

type Files = Record<string, string>;

const composer = (php: string | undefined, more: object = {}): string =>
  JSON.stringify({ require: php === undefined ? {} : { php }, ...more }, null, 2);
const app = (range: string | undefined, more: Files = {}, config?: object): Files => ({
  ...{ "composer.json": composer(range, config && { config }), "index.php": "<?php\n" },
  ...more,
});
const lock = (range: string) =>
  JSON.stringify({ packages: [{ name: "a/b", version: "1.0.0", require: { php: range } }] });

const OTHERS = ["debian:12", "debian:13", "ubuntu:24.04"];

function chosen(files: Files, builder?: string) {
  return chooseRuntimes({
    requests: php.runtimes!(memoryTree(files), { languages: ["php"] }),
    ...{ builder, builderFrom: { what: "build.builder" }, lists: {} },
    linux: { configured: "ubuntu:22.04", others: OTHERS, refused: {} },
  });
}

describe("a Linux base is taken that has it:", () => {
  test.each<[string, Files, string, string | null]>([
    ["nothing asks", { "index.php": "<?php\n" }, "8.1", null],
    ["an open range", app(">=7.4"), "8.1", null],
    ["several", app("^7.4 || ^8.0"), "8.1", null],
    ["a newer series", app("^8.2"), "8.2", "debian:12"],
    ["the newest", app("^8.4"), "8.4", "debian:13"],
    ["one series", app("~8.3.0"), "8.3", "ubuntu:24.04"],
    ["a newer patch than that base has", app("^8.1.10"), "8.2", "debian:12"],
    ["none that is newer", app(">=8.1 <8.4"), "8.1", null],
    ["a pin", app(">=8.1", { ".php-version": "8.3\n" }), "8.3", "ubuntu:24.04"],
    ["a pin in full", app(">=8.1", { ".tool-versions": "php 8.4.1\n" }), "8.4", "debian:13"],
    ["of mise", app(undefined, { "mise.toml": '[tools]\nphp = "8.2"\n' }), "8.2", "debian:12"],
    [
      "config.platform is a minimum",
      app("^8.0", {}, { platform: { php: "8.2.5" } }),
      "8.2",
      "debian:12",
    ],
    ["an old platform", app(">=7.2", {}, { platform: { php: "7.2.5" } }), "8.1", null],
    ["a package of the lock", app(">=8.1", { "composer.lock": lock(">=8.3") }), "8.4", "debian:13"],
  ])("%s", (_, files, version, linuxBase) => {
    const found = chosen(files);
    expect([found.run[0], found.linuxBase]).toEqual([{ language: "php", version }, linuxBase]);
  });

  test("build.builder names it, and Composer comes along", () => {
    expect(chosen(app(">=8.1"), "php-8.4")).toMatchObject({
      run: [{ language: "php", version: "8.4" }],
      build: [{ language: "composer", version: "2.8" }],
      linuxBase: "debian:13",
    });
  });
});

test("an app without a composer.json is built without Composer", () => {
  expect(chosen({ "index.php": "<?php\n" }).build).toEqual([]);
});

test.each(["^7.4", ">=9", "8.0.*", "==8.1", "8.1"])(
  "%s is an error with those that there are",
  (range) => {
    expect(() => chosen(app(range))).toThrow(/composer\.json:3 asks for php/);
  },
);

test("of pins that contradict each other, what Composer would refuse does not count", () => {
  const { run } = chosen(app("^8.2", { ".php-version": "8.1\n" }));
  expect(run[0]).toEqual({ language: "php", version: "8.2" });
});

describe("a constraint allows", () => {
  test.each<[string, string[], string[]]>([
    ["^8.1", ["8.1.0", "8.4.11"], ["8.0.30", "9.0.0"]],
    ["^0.3.1", ["0.3.9"], ["0.3.0", "0.4.0"]],
    ["^0.0.3", ["0.0.3"], ["0.0.4"]],
    ["~8.1", ["8.4.0"], ["9.0.0", "8.0.9"]],
    ["~8.1.2", ["8.1.9"], ["8.2.0"]],
    ["8.1.*", ["8.1.0", "8.1.99"], ["8.2.0"]],
    ["8.*|9.*", ["8.0.0", "9.1.0"], ["7.4.0", "10.0.0"]],
    [">= 8.1, < 8.3", ["8.2.9"], ["8.3.0"]],
    [">=8.1 <8.3 || ^9.0", ["8.2.0", "9.5.0"], ["8.3.0"]],
    ["8.0 - 8.2", ["8.2.9", "8.0.0"], ["8.3.0"]],
    ["8.0.0 - 8.2.0", ["8.2.0"], ["8.2.1"]],
    ["!=8.2.0", ["8.2.1"], ["8.2.0"]],
    ["8.2", ["8.2.0"], ["8.2.1"]],
    ["^8.1@dev", ["8.2.0"], ["9.0.0"]],
    ["*", ["1.0.0"], []],
  ])("%s", (constraint, allowed, refused) => {
    const allows = parseConstraint(constraint)!;
    expect(allowed.filter((version) => !allows(version))).toEqual([]);
    expect(refused.filter(allows)).toEqual([]);
  });

  test.each(["dev-main", "1.0.x-dev as 1.0", "self.version", "", "banana", "^", "1.0 ||"])(
    "%p is left to Composer",
    (constraint) => {
      expect(parseConstraint(constraint)).toBeNull();
    },
  );
});
