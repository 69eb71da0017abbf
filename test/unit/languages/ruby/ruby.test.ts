import { describe, expect, test } from "bun:test";
import { rubyRule } from "../../../../src/languages/ruby/dependencies.ts";
import { gemsOf, lacksPlatform, mismatchOf } from "../../../../src/languages/ruby/gems.ts";
import { pinsOf } from "../../../../src/languages/ruby/pins.ts";
import { ruby } from "../../../../src/languages/ruby/ruby.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

type Files = Record<string, string>;

const LOCK = (parts: { gems?: string[]; asked?: string[]; platforms?: string[]; end?: string }) => {
  const { gems = [], asked = gems.map((one) => one.split(" ")[0]!), platforms = ["ruby"] } = parts;
  return `GEM
  remote: https://rubygems.org/
  specs:
${gems.map((one) => `    ${one}\n`).join("")}
PLATFORMS
${platforms.map((one) => `  ${one}\n`).join("")}
DEPENDENCIES
${asked.map((one) => `  ${one}\n`).join("")}
${parts.end ?? ""}`;
};

const planned = (files: Files, versions = {}) =>
  ruby.plan(memoryTree(files), {
    ...{ source: "/nua/build", runtime: "image" as const, version: "1", place: "here" },
    ...{ versions, member: null, languages: ["ruby"] },
  });

describe("pins", () => {
  const rows: [string, Files, string[]][] = [
    ["none", { Gemfile: "" }, []],
    ["of the Gemfile", { Gemfile: 'ruby "~> 3.2", ">= 3.2.1"\n' }, ["~> 3.2, >= 3.2.1 Gemfile:1"]],
    ["for Bundler a version is itself", { Gemfile: 'ruby "3.2"\n' }, ["= 3.2 Gemfile:1"]],
    [
      "by way of the Gemfile",
      { Gemfile: 'ruby file: ".ruby-version"\n', ".ruby-version": "ruby-3.3.1\n" },
      ["3.3.1 .ruby-version:1"],
    ],
    [
      "in .tool-versions by way of the Gemfile",
      { Gemfile: 'ruby file: ".tool-versions"\n', ".tool-versions": "nodejs 20\nruby 3.3.1\n" },
      ["3.3.1 .tool-versions:2"],
    ],
    [
      "beside the Gemfile's",
      { Gemfile: 'ruby ">= 3.1"\n', ".ruby-version": "3.2@shop\n" },
      [">= 3.1 Gemfile:1", "3.2 .ruby-version:1"],
    ],
    [
      "one that is within the Gemfile's",
      { Gemfile: 'ruby "~> 3.2"\n', ".ruby-version": "3.2.1\n" },
      ["3.2.1 .ruby-version:1"],
    ],
    [
      "one that the Gemfile says more of",
      { Gemfile: 'ruby "3.2.1"\n', ".ruby-version": "3.2\n" },
      ["= 3.2.1 Gemfile:1"],
    ],
    [
      "one that contradicts the Gemfile",
      { Gemfile: 'ruby "3.2.1"\n', ".ruby-version": "3.3.0\n" },
      ["= 3.2.1 Gemfile:1", "3.3.0 .ruby-version:1"],
    ],
    [
      "the first of the others",
      { Gemfile: "", ".ruby-version": "3.2.1", "mise.toml": '[tools]\nruby = "3"\n' },
      ["3.2.1 .ruby-version:1"],
    ],
    ["of mise", { Gemfile: "", "mise.toml": '[tools]\n\nruby = "3.3"\n' }, ["3.3 mise.toml:3"]],
    ["the newest", { Gemfile: "", ".mise.toml": 'tools.ruby = "latest"\n' }, [">= 0 .mise.toml:1"]],
    [
      "of the lock",
      { Gemfile: "", "Gemfile.lock": LOCK({ end: "RUBY VERSION\n   ruby 3.2.1p31\n" }) },
      ["3.2.1 Gemfile.lock:11"],
    ],
    [
      "without a Gemfile",
      { "app.rb": "", ".ruby-version": "# ours\n3.1\n" },
      ["3.1 .ruby-version:2"],
    ],
    ["of the system", { "app.rb": "", ".tool-versions": "ruby system\n" }, []],
    [
      "no version at all",
      { "app.rb": "", ".ruby-version": "newest please\n" },
      ["newest please .ruby-version:1"],
    ],
  ];
  test.each(rows)("%s", (_, files, expected) => {
    const told = pinsOf(memoryTree(files)).map(
      ({ range, from }) => `${range} ${from.what}:${from.line}`,
    );
    expect(told).toEqual(expected);
  });

  test.each<[string, Files]>([
    ["in .ruby-version", { ".ruby-version": "jruby-9.4.1.0\n" }],
    ["in the Gemfile", { Gemfile: 'ruby "3.1.0", engine: "truffleruby"\n' }],
  ])("another implementation %s is refused", (_, files) => {
    expect(() => pinsOf(memoryTree(files))).toThrow("is none that is built");
  });

  test("TOML that is none is told with its line", () => {
    expect(() => pinsOf(memoryTree({ "app.rb": "", "mise.toml": "[tools\n" }))).toThrow(
      'Read "mise.toml": not valid TOML',
    );
  });
});

describe("a lock file", () => {
  const gemfile = 'gem "rack", "3.0.1", ">=3"\ngem "late" if ENV["X"]\n';
  const fits: [string, string, string | null][] = [
    ["that fits", LOCK({ gems: ["rack (3.0.1)"], asked: ["rack (>= 3, = 3.0.1)"] }), null],
    ["without a gem", LOCK({}), 'Gemfile.lock does not have the gem "rack" of Gemfile'],
    [
      "with another gem",
      LOCK({ asked: ["rack (= 3.0.1, >= 3)", "thor"] }),
      'Gemfile.lock has the gem "thor", which Gemfile does not name',
    ],
    [
      "for another version",
      LOCK({ asked: ["rack (~> 2.0)"] }),
      'Gemfile.lock has the gem "rack" for another version than Gemfile asks for',
    ],
  ];
  test.each(fits)("%s", (_, lock, expected) => {
    const gems = gemsOf(memoryTree({ Gemfile: gemfile, "Gemfile.lock": lock }));
    expect(mismatchOf(gems)).toBe(expected);
  });

  test("that git could not merge is refused with its line", () => {
    const files = { Gemfile: "", "Gemfile.lock": "GEM\n<<<<<<< HEAD\n=======\n>>>>>>> b\n" };
    expect(() => gemsOf(memoryTree(files))).toThrow(
      'Read "Gemfile.lock": git has left a merge conflict',
    );
  });

  test.each<[string[], boolean]>([
    [["ruby"], false],
    [["arm64-darwin-22", "x86_64-linux"], false],
    [["x86_64-linux-gnu"], false],
    [["arm64-darwin-22", "x64-mingw-ucrt"], true],
    [[], false],
  ])("for %p lacks Linux: %p", (platforms, expected) => {
    const tree = memoryTree({ Gemfile: "", "Gemfile.lock": LOCK({ platforms }) });
    expect(lacksPlatform(gemsOf(tree))).toBe(expected);
  });

  test("tells of no section that has nothing", () => {
    const tree = memoryTree({ Gemfile: "", "Gemfile.lock": "\n\nBUNDLED WITH\n   x; rm\n" });
    expect(gemsOf(tree).lock).toMatchObject({ bundler: null, platforms: [], ruby: null });
  });
});

describe("in a layer of their own", () => {
  const filesOf = (files: Files) =>
    rubyRule.plan({ tree: memoryTree(files), runtime: "image", member: null, hasPackages: false })
      ?.files;
  const gemfile = 'gem "a"\n';
  const lock = { gems: ["a (1.0)"] };

  test("gems are made from what the lock file says", () => {
    const files = { Gemfile: gemfile, "Gemfile.lock": LOCK(lock) };
    expect(filesOf(files)).toEqual(["Gemfile", "Gemfile.lock"]);
  });

  test.each<[string, string]>([
    ["another system", LOCK({ ...lock, platforms: ["arm64-darwin-22"] })],
    ["other gems", LOCK({})],
  ])("are none of a lock file for %s: the app's own would come back over it", (_, text) => {
    const files = { Gemfile: gemfile, "Gemfile.lock": text };
    expect(() => filesOf(files)).toThrow("Bundler writes to Gemfile.lock");
  });
});

describe("is installed", () => {
  const commandsOf = (files: Files, versions = {}) =>
    planned(files, versions).install.map((one) =>
      one.kind === "run"
        ? one.argv
            .filter((word) => word !== "-c")
            .slice(1)
            .join(" ")
        : one.kind,
    );
  const path = "config set --local path vendor/bundle";
  const without = "config set --local without development:test";
  const frozen = "config set --local deployment true";
  const clean = "rm -rf vendor/bundle/ruby/*/cache vendor/bundle/ruby/*/bundler/gems/*/.git";
  const lock = { gems: ["a (1.0)"] };
  const rows: [string, Files, string[], string[]?][] = [
    ["nothing without a Gemfile", { "app.rb": "" }, []],
    [
      "what is locked",
      { Gemfile: 'gem "a"', "Gemfile.lock": LOCK(lock) },
      [path, without, frozen, "install", clean],
    ],
    [
      "what a lock of another system has",
      { Gemfile: 'gem "a"', "Gemfile.lock": LOCK({ ...lock, platforms: ["arm64-darwin-22"] }) },
      [
        "bundle lock --add-platform \"$(ruby -e 'print Gem::Platform.local')\"",
        ...[path, without, frozen, "install", clean],
      ],
      [
        "Gemfile.lock was written for other systems than Linux: gems for Linux are added; bundle lock --add-platform x86_64-linux keeps them",
      ],
    ],
    [
      "what a Gemfile asks for beside its lock",
      { Gemfile: 'gem "b"', "Gemfile.lock": LOCK(lock) },
      [path, without, "install", clean],
      ['Gemfile.lock does not have the gem "b" of Gemfile: Bundler resolves the gems anew'],
    ],
    [
      "what nobody has locked",
      { "gems.rb": 'gem "b"' },
      [path, without, "install", clean],
      ["there is no gems.locked: two builds may install different versions"],
    ],
  ];
  test.each(rows)("%s", (_, files, expected, warnings = []) => {
    expect(commandsOf(files)).toEqual(expected);
    expect(planned(files).warnings).toEqual(warnings);
  });

  test("by the Bundler that wrote the lock, where Bundler does not see to it", () => {
    const end = "BUNDLED WITH\n   2.3.26\n";
    const files = { Gemfile: 'gem "a"', "Gemfile.lock": LOCK({ ...lock, end }) };
    const own = "install --user-install --no-document bundler --version 2.3.26";
    expect(commandsOf(files, { ruby: "2.7.8" })[0]).toBe(own);
    expect(commandsOf(files, { ruby: "3.1.2" })).not.toContain(own);
    expect(commandsOf(files)).not.toContain(own);
  });
});

describe("is started", () => {
  const rails = { "config/application.rb": "module MyShop\n class A < Rails::Application\n" };
  const secret =
    '[ -n "$SECRET_KEY_BASE$RAILS_MASTER_KEY" ] || export SECRET_KEY_BASE=$(ruby -rsecurerandom -e "print SecureRandom.hex(64)")';
  const port = `$${"{PORT:-3000}"}`;
  const rows: [string, Files, [line: string | null, port?: number]][] = [
    [
      "Rails by its server",
      { ...rails, Gemfile: 'gem "rails"\ngem "puma"', "config/master.key": "" },
      [`bundle exec puma -p ${port}`, 3000],
    ],
    [
      "Rails without a server or a secret",
      { ...rails, Gemfile: 'gem "rails"' },
      [`${secret}; exec bundle exec rails server -b 0.0.0.0 -p ${port}`, 3000],
    ],
    ["Rack", { "config.ru": "", Gemfile: 'gem "puma"' }, [`bundle exec puma -p ${port}`, 3000]],
    [
      "Rack by unicorn",
      { "config.ru": "", "config/unicorn.rb": "", Gemfile: 'gem "unicorn"' },
      [`bundle exec unicorn -p ${port} -c config/unicorn.rb`, 3000],
    ],
    [
      "Rack 2 without a server",
      { "config.ru": "", Gemfile: 'gem "rack"', "Gemfile.lock": LOCK({ gems: ["rack (2.2.3)"] }) },
      [`bundle exec rackup -o 0.0.0.0 -p ${port}`, 3000],
    ],
    [
      "nothing by Rack 3 without a server",
      { "config.ru": "", Gemfile: 'gem "rack"', "Gemfile.lock": LOCK({ gems: ["rack (3.0.1)"] }) },
      [null],
    ],
    [
      "Sinatra",
      { Gemfile: 'gem "sinatra"', "app.rb": "require 'sinatra'\n" },
      ["bundle exec ruby app.rb", 4567],
    ],
    ["a script", { "main.rb": "puts 1" }, ["ruby main.rb"]],
    ["a script with a port", { "app.rb": 'p ENV.fetch("PORT")' }, ["ruby app.rb", 3000]],
    ["jobs", { Gemfile: 'gem "sidekiq"', "config/sidekiq.yml": "" }, ["bundle exec sidekiq"]],
    ["nothing", { Gemfile: "", "lib/a.rb": "" }, [null]],
  ];
  test.each(rows)("%s", (_, files, [line, given]) => {
    const { start } = planned(files);
    expect([start?.line ?? null, start?.port]).toEqual([line, given]);
  });

  test("Rails in production, with what a person should know", () => {
    const files = { ...rails, Gemfile: 'gem "rails"\ngem "puma"', "db/migrate/1_a.rb": "" };
    const { env, warnings = [], runPackages } = planned(files);
    expect(env).toMatchObject({ RAILS_ENV: "production", RAILS_LOG_TO_STDOUT: "enabled" });
    expect(warnings.map((one) => one.split(" ").slice(0, 3).join(" "))).toEqual([
      "there is no",
      "Rails finds neither",
      "db/migrate is not",
    ]);
    expect(runPackages?.[0]?.names).toEqual(["libjemalloc2"]);
  });
});

describe("is built", () => {
  const builtBy = (files: Files) =>
    planned(files).build.map((one) => (one.kind === "run" ? one.argv.slice(2).join(" ") : ""));
  const rails = { "config/application.rb": "class A < Rails::Application" };
  test.each<[string, Files, string[]]>([
    [
      "Rails with assets",
      { ...rails, Gemfile: 'gem "propshaft"\ngem "bootsnap"' },
      ["bootsnap precompile app/ lib/", "rails assets:precompile"],
    ],
    ["an API", { ...rails, Gemfile: 'gem "rails"' }, []],
    ["Jekyll", { "_config.yml": "", Gemfile: 'gem "jekyll"' }, ["jekyll build"]],
  ])("%s", (_, files, expected) => {
    expect(builtBy(files)).toEqual(expected);
  });

  test("a site of Jekyll's, where Ruby only builds", () => {
    const files = { "_config.yml": "destination: public\n", Gemfile: 'gem "jekyll"' };
    expect(planned(files).site).toEqual({
      ...{ folder: "public", fallback: "not found", from: { what: "_config.yml" } },
    });
    const asked = ruby.runtimes?.(memoryTree(files), { languages: ["ruby"] }) ?? [];
    expect(asked.map(({ language, use }) => [language, use])).toEqual([
      ["ruby", "build"],
      ["static", "run"],
    ]);
  });
});

describe("has Node", () => {
  const rails = { "config/application.rb": "class A < Rails::Application" };
  test.each<[string, Files, string | undefined]>([
    ["for its app", { Gemfile: 'gem "execjs"' }, "run"],
    ["for its assets", { ...rails, Gemfile: 'gem "uglifier"' }, "build"],
    ["for packages of assets", { ...rails, Gemfile: 'gem "rails"', "package.json": "{}" }, "build"],
    ["not at all", { ...rails, Gemfile: 'gem "importmap-rails"' }, undefined],
  ])("%s", (_, files, expected) => {
    const asked = ruby.runtimes?.(memoryTree(files), { languages: ["ruby"] }) ?? [];
    expect(asked.find(({ language }) => language === "nodejs")?.use).toBe(
      expected as "run" | "build",
    );
  });
});

describe("describes itself", () => {
  test.each<[string, Files, object | null]>([
    [
      "in a gemspec",
      {
        "a-b.gemspec": `Gem::Specification.new do |spec|
  spec.name = "a-b"
  spec.version = A::VERSION
  spec.summary = 'Of cats'
  spec.authors = ["Ann", "Bob"]
  spec.license = "MIT"
end`,
        "lib/a/b/version.rb": 'VERSION = "1.2.3"',
      },
      { name: "a-b", version: "1.2.3", description: "Of cats", author: "Ann", license: "MIT" },
    ],
    [
      "in Jekyll's words",
      { "_config.yml": "title: My  page\nurl: https://a.example\n" },
      { description: "My page", homepage: "https://a.example" },
    ],
    [
      "by the name of its module",
      { "config/application.rb": "module MyShop\n" },
      { name: "my-shop" },
    ],
    ["not at all", { "app.rb": "" }, null],
    ["not by YAML that is none", { "_config.yml": "a: [" }, {}],
  ])("%s", (_, files, expected) => {
    expect(ruby.describe?.(memoryTree(files))).toEqual(expected);
  });
});
