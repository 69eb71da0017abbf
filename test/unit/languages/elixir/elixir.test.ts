/** How apps of Elixir's are built and started. */
import { describe, expect, test } from "bun:test";
import { elixirRule } from "../../../../src/languages/elixir/dependencies.ts";
import { elixir } from "../../../../src/languages/elixir/elixir.ts";
import { findParts, planParts } from "../../../../src/plan/parts.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";
import { NO_WORK, PYTHON_ALONE } from "../../agent/facts.ts";

type Files = Record<string, string>;

interface Mix {
  app?: string;
  deps?: string;
  /** Other keys of its project. */
  more?: string;
  /** Other functions. */
  functions?: string;
}

const mix = ({ app = "shop", deps = "", more = "", functions = "" }: Mix = {}) => `
defmodule Shop.MixProject do
  use Mix.Project

  @version "1.2.3"

  def project do
    [
      app: :${app},
      version: @version,
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      ${more}
      deps: deps()
    ]
  end

  # Nothing [of this { counts.
  def application, do: [extra_applications: [:logger], mod: {Shop, []}]

  defp deps do
    [${deps}]
  end
  ${functions}
end
`;

const lock = (...names: string[]) =>
  `%{\n${names
    .map((one) => {
      const [name, version = "1.0.0"] = one.split("@");
      return `  "${name}": {:hex, :${name}, "${version}", "aa", [:mix], [{:a, "~> 1.0", [hex: :a, repo: "hexpm", optional: false]}], "hexpm", "bb"},\n`;
    })
    .join("")}}\n`;
const PHOENIX: Files = {
  "mix.exs": mix({ deps: '{:phoenix, "~> 1.7"}' }),
  "mix.lock": lock("phoenix@1.7.12"),
};

interface Asked {
  app?: string | null;
  id?: string;
  versions?: Record<string, string>;
}

const planOf = (files: Files, { app = null, id = "", versions = {} }: Asked = {}) => {
  const tree = memoryTree(files);
  const work = { ...NO_WORK, app, rendered: { id, version: "1.0" } };
  const input = { work, tree, foundBuildScript: null };
  const placed = { ...input, builtWith: PYTHON_ALONE, versions, place: "here" as const };
  const parts = planParts(findParts(input), placed);
  return parts.find(({ language }) => language.name === "elixir")!.plan;
};

const lines = (commands: ReturnType<typeof planOf>["build"]) =>
  commands.flatMap((command) =>
    command.kind === "run" && command.argv[0] === "mix"
      ? [`${command.cwd.replace("/nua/build", "")} ${command.argv.join(" ")}`.trim()]
      : [],
  );

const UMBRELLA: Files = {
  "mix.exs": mix({ more: 'apps_path: "apps",' }).replace("app: :shop,", ""),
  "apps/shop/mix.exs": mix(),
  "apps/shop_web/mix.exs": mix({ app: "shop_web", deps: "{:shop, in_umbrella: true}" }),
};
const RELEASES = (names: string, more = "") => mix({ more: `releases: [${names}],${more}` });

describe("is released", () => {
  test.each<[string, Files, Asked, string[]]>([
    ["the app", { "mix.exs": mix() }, {}, ["mix compile", "mix release --overwrite"]],
    [
      "the only release",
      { "mix.exs": RELEASES("web: [include_executables_for: [:unix]]") },
      {},
      ["mix compile", "mix release web --overwrite"],
    ],
    [
      "of several the one that is named like the app",
      { "mix.exs": RELEASES("worker: [], shop: []") },
      {},
      ["mix compile", "mix release shop --overwrite"],
    ],
    [
      "the one that mix.exs takes",
      { "mix.exs": RELEASES("shop: [], worker: []", "default_release: :worker,") },
      {},
      ["mix compile", "mix release worker --overwrite"],
    ],
    [
      "the one that is chosen",
      { "mix.exs": RELEASES("shop: [], worker: []") },
      { app: "worker" },
      ["mix compile", "mix release worker --overwrite"],
    ],
    [
      "of an umbrella what no other of its apps needs",
      UMBRELLA,
      {},
      ["mix compile", "/apps/shop_web mix release --overwrite"],
    ],
    [
      "an app of it",
      UMBRELLA,
      { app: "shop" },
      ["mix compile", "/apps/shop mix release --overwrite"],
    ],
    [
      "with what its task makes for browsers",
      {
        "mix.exs": mix({
          more: "aliases: aliases(),",
          functions:
            'defp aliases do\n["assets.deploy": ["esbuild shop --minify", "phx.digest"]]\nend',
        }),
      },
      {},
      ["mix compile", "mix assets.deploy", "mix release --overwrite"],
    ],
    [
      "with digests of what Phoenix serves",
      { ...PHOENIX, "priv/static/robots.txt": "" },
      {},
      ["mix compile", "mix phx.digest", "mix release --overwrite"],
    ],
  ])("%s", (_, files, asked, expected) => {
    expect(lines(planOf(files, asked).build)).toEqual(expected);
  });
});

test("of several releases without a name that says it, one is made, and all are told", () => {
  const { warnings } = planOf({ "mix.exs": RELEASES("web: [], worker: []") });
  expect(warnings).toEqual([
    "there are several releases: web, worker; web is made; build.app names another",
  ]);
});

describe("dependencies", () => {
  const files = {
    "mix.exs": mix({ deps: '{:plug, "~> 1.15"}, {:credo, "~> 1.7", only: [:dev, :test]}' }),
    "mix.lock": lock("plug@1.15.3"),
  };

  test("are fetched and compiled, and what is only for developers is not", () => {
    expect(lines(planOf(files).install)).toEqual(["mix deps.get --only prod", "mix deps.compile"]);
  });

  test("a Mix that can holds to the lock", () => {
    const install = lines(planOf(files, { versions: { elixir: "1.18" } }).install);
    expect(install[0]).toBe("mix deps.get --only prod --check-locked");
  });

  test("Hex is there where something comes from it", () => {
    const has = (some: Files) =>
      planOf(some).install.some((one) => one.kind === "run" && /local\.hex/.test(one.argv.at(-1)!));
    expect(has(files)).toBe(true);
    const git = { "mix.exs": mix({ deps: '{:a, git: "https://git.example/a.git", tag: "v1"}' }) };
    expect(has(git)).toBe(false);
    // Mix asks for it all the same.
    expect(has({ "mix.exs": mix({ deps: '{:credo, "~> 1.7", only: :dev}' }) })).toBe(true);
    expect(planOf({ "mix.exs": mix() }).install).toEqual([]);
  });

  test("have a layer of their own, made from what is read while they are compiled", () => {
    const tree = memoryTree({
      ...files,
      "mix.exs": mix({
        deps: '{:plug, "~> 1.15"}, {:core, path: "core"}',
        functions: 'def text, do: File.read!("VERSION")',
      }),
      VERSION: "1.0",
      "core/mix.exs": mix({ app: "core" }),
      "core/lib/core.ex": "",
      "config/config.exs": "",
      "config/prod.exs": "",
      "config/runtime.exs": "",
    });
    const input = { tree, runtime: "build", member: null, hasPackages: false } as const;
    expect(elixirRule.plan(input)?.files).toEqual([
      ...["mix.exs", "VERSION", "core/mix.exs", "mix.lock", "config/config.exs"],
      "config/prod.exs",
    ]);
  });

  test("have none where nobody knows what mix.exs reads", () => {
    const tree = memoryTree({
      ...files,
      "mix.exs": mix({ functions: 'def v, do: System.cmd("git", ["describe"])' }),
    });
    const input = { tree, runtime: "build", member: null, hasPackages: false } as const;
    expect(() => elixirRule.plan(input)).toThrow("mix.exs:24 calls System.cmd");
  });

  test("bring what they are linked with", () => {
    const plan = planOf({ ...files, "mix.lock": lock("plug@1.15.3", "fast_yaml") });
    expect(plan.packages).toMatchObject([{ packages: ["libyaml-dev"], purpose: "build" }]);
    expect(plan.runPackages).toEqual([
      { names: ["libyaml-0-2"], from: { what: "mix.lock: fast_yaml", line: 3 } },
    ]);
  });
});

describe("is started", () => {
  test("by the release, without a cookie that anybody knows", () => {
    expect(planOf({ "mix.exs": mix() })).toMatchObject({
      start: { line: "dist/bin/shop start", from: { what: "mix.exs", line: 9 } },
      env: { RELEASE_DISTRIBUTION: "none" },
    });
  });

  test("Phoenix serves, at 4000 where PORT says nothing", () => {
    expect(planOf(PHOENIX)).toMatchObject({ start: { port: 4000 }, env: { PHX_SERVER: "true" } });
  });

  test("an app that finds others of its kind is left to that", () => {
    const env = { "rel/env.sh.eex": "export RELEASE_DISTRIBUTION=name\n" };
    expect(planOf({ "mix.exs": mix(), ...env }).env).toEqual({});
  });

  test.each<[string, string, number | undefined]>([
    ["config/runtime.exs", 'port = System.get_env("PORT") || "4100"', 4100],
    ["config/runtime.exs", 'String.to_integer(System.get_env("PORT", "5000"))', 5000],
    ["config/runtime.exs", 'System.fetch_env!("PORT")', 4000],
    ["config/prod.exs", "config :shop, Shop.Endpoint, http: [port: 8080]", 8080],
    ["lib/shop.ex", "{Bandit, plug: Shop, port: 4321}", 4321],
    ["lib/shop.ex", "{Plug.Cowboy, scheme: :http, plug: Shop, options: [port: 4322]}", 4322],
    ["lib/shop.ex", ":gen_tcp.listen(4323, [])", 4323],
    ["lib/shop.ex", "IO.puts(4324)", undefined],
  ])("the port of %s: %s", (file, text, port) => {
    expect(planOf({ "mix.exs": mix(), [file]: `${text}\n` }).start?.port).toBe(port);
  });

  test.each<[string, string | null]>([
    ["mix phx.server", "dist/bin/shop start"],
    ["MIX_ENV=prod mix run --no-halt", "dist/bin/shop start"],
    ["_build/prod/rel/shop/bin/shop start", "dist/bin/shop start"],
    ["bin/shop start", "dist/bin/shop start"],
    ["./_build/prod/rel/shop/bin/server", "dist/bin/server"],
    ["bin/other start", null],
    ["mix ecto.migrate && mix phx.server", null],
  ])("by a line such as %s", (line, expected) => {
    const tree = memoryTree({ "mix.exs": mix() });
    expect(elixir.plainCommand!(tree, line)?.line ?? null).toBe(expected);
  });

  test("what it wants of its environment is told, and migrations are", () => {
    const { warnings } = planOf({
      ...{ "mix.exs": mix({ deps: '{:ecto_sql, "~> 3.1"}' }), "mix.lock": lock("ecto_sql@3.1.0") },
      "config/runtime.exs":
        'url = System.get_env("DATABASE_URL") ||\n  raise "x"\nkey = System.fetch_env!("SECRET_KEY_BASE")\nSystem.get_env("POOL") || "1"\n',
      "priv/repo/migrations/1.exs": "",
      "rel/overlays/bin/migrate": "",
    });
    expect(warnings).toEqual([
      "config/runtime.exs asks for DATABASE_URL, SECRET_KEY_BASE when the app starts: its container has to get them",
      'priv/repo/migrations is not run when the container starts; run.before-run = ["dist/bin/migrate"] does it',
    ]);
  });
});

test("mix.exs says what an app is called", () => {
  const more =
    'description: "A shop",\nsource_url: "https://example.org/shop",\npackage: [licenses: ["MIT"]],';
  expect(elixir.describe!(memoryTree({ "mix.exs": mix({ more }) }))).toEqual({
    name: "shop",
    version: "1.2.3",
    description: "A shop",
    license: "MIT",
    homepage: "https://example.org/shop",
  });
});

test("front ends in assets are built before", () => {
  const tree = memoryTree({ ...PHOENIX, "assets/package.json": "{}" });
  expect(elixir.frontEnds!(tree)).toEqual(["assets"]);
});
