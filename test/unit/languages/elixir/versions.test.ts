/** Versions of Elixir, and what files call one. */
import { describe, expect, test } from "bun:test";
import { pinWarnings, requestedElixir } from "../../../../src/languages/elixir/pins.ts";
import { readProject } from "../../../../src/languages/elixir/project.ts";
import { semverRange } from "../../../../src/languages/elixir/requirement.ts";
import { elixirVersions } from "../../../../src/languages/elixir/versions.ts";
import { formatOrigin } from "../../../../src/protocol/planned-action.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

test.each<[string, string | null]>([
  ["~> 1.14", ">=1.14.0 <2.0.0-0"],
  ["~> 1.14.2", ">=1.14.2 <1.15.0-0"],
  ["~> 1.14-dev", ">=1.14.0-dev <2.0.0-0"],
  [">= 1.13.0 and < 2.0.0", ">=1.13.0 <2.0.0"],
  ["~> 1.0 or ~> 2.0", ">=1.0.0 <2.0.0-0||>=2.0.0 <3.0.0-0"],
  ["== 1.4.1", "1.4.1"],
  ["1.4.1", "1.4.1"],
  ["> 1.2.0", ">1.2.0"],
  ["~> 1", null],
  ["one", null],
  ["~> 1.14 ".repeat(100), null],
])("the requirement %s", (text, range) => {
  expect(semverRange(text)).toBe(range);
});

test.each<[string, string[]]>([
  ["~> 1.14", ["1.14.0", "1.18.3"]],
  ["1.14", ["1.14.0"]],
  ["v1.18.3-otp-27", ["1.18.3"]],
  ["latest", ["1.14.0", "1.18.3"]],
  ["otp-25", ["1.14.0", "1.18.3"]],
  ["otp-26", ["1.18.3"]],
  ["otp-28", []],
  ["~> 1.15", ["1.18.3"]],
])("%s allows", (range, expected) => {
  const allows = elixirVersions.parse(range)!;
  expect(["1.12.2", "1.14.0", "1.18.3"].filter(allows)).toEqual(expected);
});

describe("is asked for", () => {
  const mix = (elixir: string) =>
    `defmodule A do\n  def project do\n    [app: :a,\n     elixir: "${elixir}"]\n  end\nend\n`;
  const asked = (files: Record<string, string>) => {
    const tree = memoryTree({ "mix.exs": mix("~> 1.13"), ...files });
    return requestedElixir(tree, readProject(tree)!).map(
      ({ range, from }) => `${formatOrigin(from)} ${range}`,
    );
  };

  test.each<[string, Record<string, string>, string[]]>([
    ["no pin", {}, ["mix.exs:4 ~> 1.13", "mix.exs:4 >=1.14.0"]],
    ["an old one alone", { "mix.exs": mix("~> 1.12.0") }, ["mix.exs:4 ~> 1.12.0"]],
    [
      ".tool-versions",
      { ".tool-versions": "erlang 26.2.1\nelixir 1.16.2-otp-26\n" },
      ["mix.exs:4 ~> 1.13", ".tool-versions:2 ~> 1.16", ".tool-versions:1 otp-26"],
    ],
    [
      "mise.toml",
      { "mise.toml": '[tools]\nelixir = "latest"\nerlang = "latest"\n' },
      ["mix.exs:4 ~> 1.13", "mise.toml:2 latest", "mise.toml:3 >=1.14.0"],
    ],
    [
      ".elixir-version",
      { ".elixir-version": "1.14.5\n" },
      ["mix.exs:4 ~> 1.13", ".elixir-version:1 ~> 1.14"],
    ],
    [
      "elixir_buildpack.config",
      { "elixir_buildpack.config": "# x\nerlang_version=25.3\nelixir_version=1.14.5\n" },
      [
        ...["mix.exs:4 ~> 1.13", "elixir_buildpack.config:3 ~> 1.14"],
        "elixir_buildpack.config:2 otp-25",
      ],
    ],
  ])("%s", (_, files, expected) => {
    expect(asked(files)).toEqual(expected);
  });

  test("another one than is taken is told", () => {
    const tree = memoryTree({ "mix.exs": mix("~> 1.13"), ".tool-versions": "elixir 1.16.2\n" });
    expect(pinWarnings(tree, "1.16")).toEqual([]);
    expect(pinWarnings(tree, undefined)).toEqual([]);
    expect(pinWarnings(tree, "1.18.3")).toEqual([
      ".tool-versions:1 asks for elixir 1.16.2, which no Linux base has: 1.18 builds what was written for it",
    ]);
  });
});
