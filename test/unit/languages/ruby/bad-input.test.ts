/** What is wrong with an app of Ruby's: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const GEMFILE = 'source "https://rubygems.org"\ngem "rack"\n';
const LOCK = `GEM
  remote: https://rubygems.org/
  specs:
    rack (3.1.8)

PLATFORMS
  ruby

DEPENDENCIES
  rack
`;
const CONFLICT = "<<<<<<< HEAD\n    rack (3.1.8)\n=======\n    rack (3.1.9)\n>>>>>>> theirs\n";

/** An app with its lock, and what is other about it. */
const app = (more: Files = {}): Files => ({
  ...{ Gemfile: GEMFILE, "Gemfile.lock": LOCK, "app.rb": "puts 1\n" },
  ...more,
});

test("nothing is told of one without faults", () => {
  expect(toldOf(app())).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "a Gemfile with marks of a conflict",
      app({ Gemfile: `${GEMFILE}${CONFLICT}` }),
      'Gemfile:3: Read "Gemfile": git has left a merge conflict in it',
    ],
    [
      "a lock with such marks",
      app({ "Gemfile.lock": `GEM\n  specs:\n${CONFLICT}` }),
      'Gemfile.lock:3: Read "Gemfile.lock": git has left a merge conflict in it',
    ],
    ["a pin that is no version", app({ ".ruby-version": "banana\n" }), ".ruby-version:1: "],
    [
      "a pin that nobody has",
      app({ ".ruby-version": "9.9\n" }),
      '.ruby-version:1: .ruby-version:1 asks for ruby "9.9", which cannot be had',
    ],
    [
      "a Ruby of another kind",
      app({ ".ruby-version": "\njruby-9.4\n" }),
      '.ruby-version:2: Choose a Ruby: "jruby',
    ],
    [
      "versions of tools that are no TOML",
      app({ "mise.toml": '[tools\nruby = "3.3"\n' }),
      "mise.toml:1: ",
    ],
  ])("%s", (_, files, told) => {
    expect(toldOf(files).error).toStartWith(told);
  });

  test("a lock that does not fit, with --frozen", () => {
    const files = app({ Gemfile: `${GEMFILE}gem "puma"\n` });
    expect(toldOf(files, { frozen: true }).error).toContain("it does not fit: ");
  });
});

describe("has a sensible reading, which is told:", () => {
  const { "Gemfile.lock": _, ...unlocked } = app();
  test.each<[string, Files, string]>([
    [
      "pins that contradict each other",
      app({ Gemfile: `${GEMFILE}ruby "~> 3.3"\n`, ".ruby-version": "3.2.9\n" }),
      '.ruby-version:1 asks for ruby "3.2.9", and Gemfile:3, which counts, for "~> 3.3"',
    ],
    ["no lock", unlocked, "there is no Gemfile.lock: two builds may install different versions"],
    [
      "a lock that does not fit",
      app({ Gemfile: `${GEMFILE}gem "puma"\n` }),
      'Gemfile.lock does not have the gem "puma" of Gemfile',
    ],
    [
      "a lock that is none",
      app({ "Gemfile.lock": "hello\n" }),
      'Gemfile.lock does not have the gem "rack" of Gemfile',
    ],
    [
      "a Procfile without web",
      app({ Procfile: "a: x\nb: y\n" }),
      "Procfile:1, 2: there is no web, so that none of a, b is started",
    ],
    [
      "a rack without a server",
      { Gemfile: GEMFILE, "Gemfile.lock": LOCK, "config.ru": "run 1\n" },
      "no start command: there is none of",
    ],
  ])("%s", (_, files, told) => {
    const all = toldOf(files);
    expect(all.error).toBeUndefined();
    expect(all.warnings.join("\n")).toContain(told);
  });
});
