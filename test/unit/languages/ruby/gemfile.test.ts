import { describe, expect, test } from "bun:test";
import { gemsOfApp, readGemfile } from "../../../../src/languages/ruby/gemfile.ts";

const RAILS = `# frozen_string_literal: true
source "https://rubygems.org"
git_source(:github) { |repo| "https://github.com/#{repo}.git" }

ruby "3.2.1"

gem "rails", "~> 7.0.4", ">= 7.0.4.3" # the framework
gem 'sqlite3', '~> 1.4', require: false
gem "tzinfo-data", platforms: %i[ windows jruby ]
gem("turbo", ">= 1",
  require: ["a", "b"])
gem "hi", :require => false, :group => :test
gem "plain", github: "a/plain", branch: "main"
gem "late" if RUBY_VERSION >= "3.1" && !ENV["NONE"].nil?

group :development, :test do
  gem "debug", platforms: [:mri, :windows]
end
group :test, optional: true do
  gem "capybara"
end
source "https://gems.example" do
  gem "own"
end
if Gem::Version.new(RUBY_VERSION) < Gem::Version.new("3.0")
  gem "old"
else
  gem "new"
end
`;

test("what Rails writes, and people add", () => {
  const gemfile = readGemfile(RAILS, "Gemfile");
  expect(gemfile.more).toBeNull();
  expect(gemfile.ruby).toEqual({ line: 5, requirements: ["3.2.1"] });
  expect(
    gemfile.gems.map(({ name, requirements, groups }) => [name, requirements, groups]),
  ).toEqual([
    ["rails", ["~> 7.0.4", ">= 7.0.4.3"], []],
    ["sqlite3", ["~> 1.4"], []],
    ["tzinfo-data", [], []],
    ["turbo", [">= 1"], []],
    ["hi", [], ["test"]],
    ["plain", [], []],
    ["late", [], []],
    ["debug", [], ["development", "test"]],
    ["capybara", [], ["test"]],
    ["own", [], []],
    ["old", [], []],
    ["new", [], []],
  ]);
  const marked = (key: "isConditional" | "isElsewhere") =>
    gemfile.gems.filter((gem) => gem[key]).map(({ name }) => name);
  expect(marked("isConditional")).toEqual(["late", "old", "new"]);
  expect(marked("isElsewhere")).toEqual(["plain"]);
  expect(gemsOfApp(gemfile).map(({ name }) => name)).not.toContain("debug");
});

test("an old form of addresses in git", () => {
  const text = `git_source(:github) do |repo_name|
  repo_name = "#{repo_name}/#{repo_name}" unless repo_name.include?("/")
  "https://github.com/#{repo_name}.git"
end
gem "a"
`;
  expect(readGemfile(text, "Gemfile")).toMatchObject({ more: null, gems: [{ name: "a" }] });
});

describe("Ruby itself", () => {
  const rows: [string, object][] = [
    ['ruby "~> 3.2"', { line: 1, requirements: ["~> 3.2"] }],
    ["ruby '>= 3.1', '< 3.4'", { line: 1, requirements: [">= 3.1", "< 3.4"] }],
    ['\nruby file: ".ruby-version"', { line: 2, requirements: [], file: ".ruby-version" }],
    [
      'ruby "2.5.7", engine: "jruby", engine_version: "9"',
      { line: 1, requirements: ["2.5.7"], engine: "jruby" },
    ],
    ['ruby(\n  "3.3.0"\n)', { line: 1, requirements: ["3.3.0"] }],
  ];
  test.each(rows)("%p", (text, expected) => {
    expect(readGemfile(text, "Gemfile")).toMatchObject({ more: null, ruby: expected });
  });

  test("beside what cannot be told", () => {
    const { ruby, more, gems } = readGemfile('gemspec\nruby "3.3.0"\ngem "a"\n', "Gemfile");
    expect({ ruby, more, names: gems.map(({ name }) => name) }).toEqual({
      ruby: { line: 2, requirements: ["3.3.0"] },
      more: "Gemfile reads other files, or does more than name gems (line 1)",
      names: ["a"],
    });
  });
});

describe("more than a declaration is", () => {
  const rows: [string, number][] = [
    ["gemspec", 1],
    ['require "yaml"', 1],
    ['gem "a"\nYAML.load_file("gems.yml").each { |n, v| gem n, v }', 2],
    ['eval_gemfile "other"', 1],
    ['gem "a", path: "libs/a"', 1],
    ["gem 'a', :path => 'libs/a'", 1],
    ['ruby File.read(".ruby-version").strip', 1],
    ['gem "a", File.read("v")', 1],
    ['gem "a", "#{VERSION}"', 1],
    ["gem `cat x`", 1],
    ['gem "a" if File.exist?("x")', 1],
    ['if Dir["x"].any?\n  gem "a"\nend', 1],
    ['ruby file: "../outside"', 1],
    ["load './x'", 1],
    ["NAMES = %w[a b]\nNAMES.each { |name| gem name }", 1],
    ["%w[a b].each do |name|\n  gem name\nend", 1],
    ["end", 1],
  ];
  test.each(rows)("%p", (text, line) => {
    expect(readGemfile(text, "Gemfile").more).toEndWith(`(line ${line})`);
  });
});
