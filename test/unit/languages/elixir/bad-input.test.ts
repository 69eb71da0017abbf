/** What is wrong with an app of Elixir's: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { elixir } from "../../../../src/languages/elixir/elixir.ts";
import type { LanguageOptions } from "../../../../src/languages/language.ts";
import { NuaError } from "../../../../src/lib/errors.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const mix = (deps = "", more = "", app = "shop") =>
  `defmodule Shop.MixProject do
  use Mix.Project
  def project do
    [app: :${app}, version: "0.1.0", ${more} deps: deps()]
  end
  defp deps do
    [${deps}]
  end
end
`;
const LOCK = '%{\n  "plug": {:hex, :plug, "1.15.3", "aa", [:mix], [], "hexpm", "bb"},\n}\n';
const CONFLICT = "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> theirs\n";
const app = (more: Files = {}): Files => ({
  ...{ "mix.exs": mix('{:plug, "~> 1.15"}'), "mix.lock": LOCK },
  ...more,
});

test("nothing is told of one without faults", () => {
  expect(toldOf(app())).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "mix.exs with marks of a conflict",
      app({ "mix.exs": mix() + CONFLICT }),
      'mix.exs:10: Read "mix.exs": git has left',
    ],
    [
      "mix.lock with such marks",
      app({ "mix.lock": LOCK + CONFLICT }),
      'mix.lock:4: Read "mix.lock": git has left',
    ],
    ["mix.lock that is none", app({ "mix.lock": "[]\n" }), "mix.lock:1: "],
    [
      "a bracket that nothing closes",
      app({ "mix.exs": mix("{:a, ") }),
      'mix.exs:7: Read "mix.exs": not valid Elixir: there is a "]" too much',
    ],
    [
      "a text that nothing closes",
      app({ "mix.exs": `${mix()}\n"abc` }),
      'mix.exs:11: Read "mix.exs": not valid Elixir: nothing closes the "',
    ],
    [
      "a mix.exs without a project",
      app({ "mix.exs": "IO.puts(1)\n" }),
      'mix.exs:1: Read "mix.exs": it has no function project with a list',
    ],
    [
      "an umbrella without its folder",
      app({ "mix.exs": mix("", 'apps_path: "apps",') }),
      'mix.exs:4: Read "mix.exs": the folder "apps" of the umbrella is not there',
    ],
    [
      "one outside of the app's",
      app({ "mix.exs": mix("", 'apps_path: "../apps",') }),
      'mix.exs:4: Read "mix.exs": the folder "../apps" of the umbrella is outside of the app\'s',
    ],
    [
      "an app of the umbrella that is not there",
      app({
        "mix.exs": mix("", 'apps_path: "apps",'),
        "apps/web/mix.exs": mix("{:core, in_umbrella: true}", "", "web"),
      }),
      'apps/web/mix.exs:7: Read "apps/web/mix.exs": core is an app of the umbrella, and no folder of that has it',
    ],
    [
      "a dependency in a folder that is none of the app's",
      app({ "mix.exs": mix('{:core, path: "../core"}') }),
      'mix.exs:7: Read "mix.exs": core is in the folder "../core", which is outside of the app\'s',
    ],
    [
      "one in a folder of the machine",
      app({ "mix.exs": mix('{:core, [path: "/src/core"]}') }),
      'mix.exs:7: Read "mix.exs": core is in the folder "/src/core", which is outside',
    ],
    [
      "one in a folder that is not there",
      app({ "mix.exs": mix('{:core, path: "core"}') }),
      'mix.exs:7: Read "mix.exs": core is in the folder "core", which is not there',
    ],
    [
      "a version that nobody has",
      app({ "mix.exs": mix("", 'elixir: "~> 1.99",') }),
      'mix.exs:4: mix.exs:4 asks for elixir "~> 1.99", which cannot be had',
    ],
    [
      "what is no version",
      app({ ".tool-versions": "elixir main\n" }),
      '.tool-versions:1: .tool-versions:1: "main" is no version of elixir',
    ],
  ])("%s", (_, files, expected) => {
    expect(toldOf(files).error).toStartWith(expected);
  });

  test("a lock that does not fit, where it has to", () => {
    const files = app({ "mix.exs": mix('{:plug, "~> 1.16"}') });
    expect(toldOf(files, { frozen: true }).error).toStartWith(
      'mix.lock:1: Read "mix.lock": it does not fit: mix.lock does not have plug ~> 1.16 (it has 1.15.3)',
    );
  });
});

describe("is told:", () => {
  test.each<[string, Files, string]>([
    ["no lock", { "mix.exs": mix('{:plug, "~> 1.15"}') }, "there is no mix.lock: "],
    [
      "a lock that lacks a package",
      app({ "mix.exs": mix('{:plug, "~> 1.15"}, {:jason, "~> 1.4"}') }),
      "mix.lock does not have jason ~> 1.4: ",
    ],
    [
      "a lock with another kind of it",
      app({ "mix.exs": mix('{:plug, github: "elixir-plug/plug"}') }),
      "mix.lock does not have plug: ",
    ],
    [
      "a package of an organization",
      app({ "mix.exs": mix('{:plug, "~> 1.15", organization: "acme"}') }),
      'mix.exs:7: plug is of the repository "acme"',
    ],
    [
      "a package that fetches something itself",
      app({ "mix.lock": LOCK.replace("}\n", '  "tailwind": {:hex, :tailwind, "0.2.0"},\n}\n') }),
      "tailwind fetches its program from a forge",
    ],
  ])("%s", (_, files, expected) => {
    const told = toldOf(files);
    expect(told.error).toBeUndefined();
    expect(told.warnings.some((one) => one.startsWith(expected))).toBe(true);
  });
});

describe("of a configuration:", () => {
  const options: LanguageOptions = {
    ...{ source: "/nua/build", runtime: "build", versions: {}, version: "1", languages: [] },
    ...{ place: "here", member: null },
  };

  test.each<[string, Files, string]>([
    [
      "an umbrella of which nobody knows what is started",
      {
        "mix.exs": mix("", 'apps_path: "apps",'),
        "apps/a/mix.exs": mix("", "", "a"),
        "apps/b/mix.exs": mix("", "", "b"),
      },
      "nothing says which of its apps is started: apps/a, apps/b",
    ],
    [
      "an app whose name is computed",
      { "mix.exs": mix().replace(":shop", "name()") },
      "it does not say in plain words what the app is called",
    ],
  ])("%s", (_, files, expected) => {
    const plan = () => elixir.plan(memoryTree(files), options);
    expect(plan).toThrow(NuaError);
    expect(plan).toThrow(expected);
  });
});
