import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findWanted } from "../../../../src/airgap/bundle/find-wanted.ts";
import type { Item } from "../../../../src/registries/item.ts";

const YARN = `# yarn lockfile v1


"@babel/core@^7.0.0", "@babel/core@^7.1.0":
  version "7.23.0"
  resolved "https://registry.yarnpkg.com/@babel/core/-/core-7.23.0.tgz#00"

left-pad@^1.0.0:
  version "1.1.3"
  resolved "https://registry.yarnpkg.com/left-pad/-/left-pad-1.1.3.tgz#00"

left-pad@^1.3.0:
  version "1.3.0"
  resolved "https://registry.yarnpkg.com/left-pad/-/left-pad-1.3.0.tgz#00"

padded@npm:left-pad@~1.2.0:
  version "1.2.0"
  dependencies:
    is-odd "^1.0.0"
`;

const BERRY = `__metadata:
  version: 8

"left-pad@npm:^1.3.0":
  version: 1.3.0
  resolution: "left-pad@npm:1.3.0"
`;

const NPM = JSON.stringify(
  {
    name: "app",
    packages: {
      "": { dependencies: { "left-pad": "^1.1.0" } },
      "node_modules/left-pad": { version: "1.1.3" },
      "node_modules/deep/node_modules/left-pad": { version: "1.3.0", dev: true },
    },
  },
  null,
  2,
);

const OLD_NPM = JSON.stringify({ dependencies: { "left-pad": { version: "1.3.0" } } }, null, 2);

const PNPM = `lockfileVersion: '6.0'
packages:
  /left-pad@1.3.0:
    resolution: {}
  '@babel/core@7.23.0(supports-color@9)':
    resolution: {}
`;

const BUN = `{
  "lockfileVersion": 1,
  "packages": {
    "@babel/core": ["@babel/core@7.23.0", "", {}, "sha512-x"],
    "left-pad": ["left-pad@1.3.0", "", {}, "sha512-x"],
  }
}
`;

const POETRY = `[[package]]
name = "Flask"
version = "3.0.0"

[[package]]
name = "zope.interface"
version = "6.0"
`;

const GEMS = `GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.15.5-x86_64-linux)
      racc (~> 1.4)
    racc (1.7.3)
`;

const GO_SUM = `golang.org/x/text v0.3.0 h1:x
golang.org/x/text v0.3.0/go.mod h1:x
golang.org/x/text v0.4.0 h1:x
`;

const GO_MOD = `module example.com/a

require (
	golang.org/x/text v0.4.0 // indirect
)
`;

const CARGO_LOCK = `version = 4

[[package]]
name = "libc"
version = "0.2.191"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "serde"
version = "1.0.200"
`;

const CARGO_TOML = `[dependencies]
serde_json = "1"
serde.workspace = true

[dev-dependencies.insta]
version = "1"
`;

const crate = (name: string, version = ""): Item => ({ kind: "crate", name, version });
const POM = `<project>
  <dependencies>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-api</artifactId>
      <version>2.0.9</version>
    </dependency>
  </dependencies>
</project>
`;

const NUGET_LOCK = `{
  "version": 1,
  "dependencies": {
    "net8.0": {
      "Serilog": {
        "type": "Direct",
        "requested": "[4.0.0, )",
        "resolved": "4.0.1"
      }
    }
  }
}
`;

const CSPROJ = `<Project Sdk="Microsoft.NET.Sdk">
  <ItemGroup>
    <PackageReference Include="Serilog" Version="4.0.1" />
  </ItemGroup>
</Project>
`;

const nuget = (name: string, version = ""): Item => ({ kind: "nuget", name, version });
const maven = (name: string, version = ""): Item => ({ kind: "maven", name, version });
const hex = (name: string, version = ""): Item => ({ kind: "hex", name, version });
const MIX_LOCK =
  '%{\n  "mime": {:hex, :mime, "2.0.5", "aa"},\n  "plug": {:hex, :plug, "1.15.3", "aa"},\n}\n';
const go = (name: string, version = ""): Item => ({ kind: "go", name, version });
const npm = (name: string, version = ""): Item => ({ kind: "npm", name, version });
const pypi = (name: string, version = ""): Item => ({ kind: "pypi", name, version });

const DENO_LOCK = `{
  "version": "5",
  "specifiers": {
    "jsr:@std/path@1": "1.0.9",
    "npm:hono@4": "4.13.19"
  },
  "jsr": {
    "@std/path@1.0.9": {}
  },
  "npm": {
    "hono@4.13.19": {},
    "ws@8.18.0_bufferutil@4.0.8": {}
  }
}
`;
const jsr = (name: string, version = ""): Item => ({ kind: "jsr", name, version });

const ROWS: [label: string, files: Record<string, string>, item: Item, expected: string][] = [
  ["Rust", { "Cargo.lock": CARGO_LOCK }, crate("serde", "1.0.200"), "Cargo.lock:9"],
  ["Cargo.toml", { "Cargo.toml": CARGO_TOML }, crate("serde"), "Cargo.toml:3"],
  ["a section of Cargo.toml", { "Cargo.toml": CARGO_TOML }, crate("insta"), "Cargo.toml:5"],
  ["JSR", { "deno.lock": DENO_LOCK }, jsr("@std/path", "1.0.9"), "deno.lock:8"],
  [
    "JSR, any version",
    { "deno.json": '{\n"imports": {"p": "jsr:@std/path@1/posix"}}' },
    jsr("@std/path"),
    "deno.json:2",
  ],
  ["Deno, npm", { "deno.lock": DENO_LOCK }, npm("hono", "4.13.19"), "deno.lock:11"],
  ["Deno, with peers", { "deno.lock": DENO_LOCK }, npm("ws", "8.18.0"), "deno.lock:12"],
  ["Deno, any version", { "deno.lock": DENO_LOCK }, npm("hono"), "deno.lock:5"],
  [
    "a lock of NuGet's",
    { "packages.lock.json": NUGET_LOCK },
    nuget("serilog", "4.0.1"),
    "packages.lock.json:5",
  ],
  ["a project", { "a/a.csproj": CSPROJ }, nuget("serilog", "4.0.1"), "a/a.csproj:3"],
  ["a project, any version", { "a.fsproj": CSPROJ }, nuget("serilog"), "a.fsproj:3"],
  [
    "global.json",
    { "global.json": '{"sdk": {\n"version": "8.0.404"}}' },
    { ...nuget("dotnet-sdk", "8.0.404"), arch: "x64" },
    "global.json:2",
  ],
  ["Elixir", { "mix.lock": MIX_LOCK }, hex("plug", "1.15.3"), "mix.lock:3"],
  ["mix.exs", { "mix.exs": '[\n  {:plug, "~> 1.15"}\n]' }, hex("plug"), "mix.exs:2"],
  ["Go", { "go.sum": GO_SUM }, go("golang.org/x/text", "v0.4.0"), "go.sum:3"],
  ["go.mod", { "go.mod": GO_MOD }, go("golang.org/x/text", "v0.4.0"), "go.mod:4"],
  ["go.mod, any version", { "go.mod": GO_MOD }, go("golang.org/x/text"), "go.mod:4"],
  ["pom.xml", { "pom.xml": POM }, maven("org.slf4j:slf4j-api", "2.0.9"), "pom.xml:5"],
  [
    "Gradle",
    { "build.gradle": "\nimplementation 'a.b:c:1.0'\n" },
    maven("a.b:c", "1.0"),
    "build.gradle:2",
  ],
  [
    "a lock of Gradle's",
    { "gradle.lockfile": "# x\na.b:c:1.0=runtimeClasspath\n" },
    maven("a.b:c", "1.0"),
    "gradle.lockfile:2",
  ],
  ["yarn 1", { "yarn.lock": YARN }, npm("left-pad", "1.3.0"), "yarn.lock:12"],
  ["yarn 1, a scope", { "yarn.lock": YARN }, npm("@babel/core", "7.23.0"), "yarn.lock:4"],
  ["yarn 1, another name", { "yarn.lock": YARN }, npm("left-pad", "1.2.0"), "yarn.lock:16"],
  ["yarn 1, another version", { "yarn.lock": YARN }, npm("left-pad", "9.0.0"), "yarn.lock:8"],
  ["yarn 2", { "yarn.lock": BERRY }, npm("left-pad", "1.3.0"), "yarn.lock:4"],
  ["npm", { "package-lock.json": NPM }, npm("left-pad", "1.1.3"), "package-lock.json:9"],
  ["npm, deep", { "npm-shrinkwrap.json": NPM }, npm("left-pad", "1.3.0"), "npm-shrinkwrap.json:12"],
  ["npm, old", { "package-lock.json": OLD_NPM }, npm("left-pad", "1.3.0"), "package-lock.json:3"],
  ["pnpm", { "pnpm-lock.yaml": PNPM }, npm("left-pad", "1.3.0"), "pnpm-lock.yaml:3"],
  ["bun", { "bun.lock": BUN }, npm("left-pad", "1.3.0"), "bun.lock:5"],
  ["bun, any version", { "bun.lock": BUN }, npm("@babel/core", ""), "bun.lock:4"],
  ["pnpm, a scope", { "pnpm-lock.yaml": PNPM }, npm("@babel/core", "7.23.0"), "pnpm-lock.yaml:5"],
  [
    "package.json, where the lock has nothing",
    { "yarn.lock": "", "package.json": '{\n "dependencies": {\n  "left-pad": "*"\n }\n}' },
    npm("left-pad", "1.3.0"),
    "package.json:3",
  ],
  ["poetry", { "poetry.lock": POETRY }, pypi("zope-interface", "6.0"), "poetry.lock:6"],
  ["uv", { "uv.lock": POETRY }, pypi("flask", "3.0.0"), "uv.lock:2"],
  [
    "requirements",
    { "requirements/dev-requirements.txt": "# x\nFlask_Login==0.6\nflask[async] == 3.0.0 \\\n" },
    pypi("flask", "3.0.0"),
    "requirements/dev-requirements.txt:3",
  ],
  [
    "requirements of any version",
    { "requirements.txt": "flask>=2\n" },
    pypi("flask", "3.0.0"),
    "requirements.txt:1",
  ],
  [
    "pyproject.toml",
    { "pyproject.toml": '[project]\ndependencies = [\n  "Flask-Login>=1",\n  "flask>=3",\n]\n' },
    pypi("flask", "3.0.0"),
    "pyproject.toml:4",
  ],
  [
    "bundler",
    { "Gemfile.lock": GEMS },
    { kind: "gem", name: "racc", version: "1.7.3" },
    "Gemfile.lock:6",
  ],
  [
    "bundler, for one machine",
    { "Gemfile.lock": GEMS },
    { kind: "gem", name: "nokogiri", version: "1.15.5", arch: "x86_64-linux" },
    "Gemfile.lock:4",
  ],
  [
    "Gemfile",
    { Gemfile: 'source "x"\ngem "rails", "~> 7"\n' },
    { kind: "gem", name: "rails", version: "7.1.2" },
    "Gemfile:2",
  ],
  [
    "packages of the nua-config",
    { "nua/nua-config.toml": '[build]\npackages = ["libpq-dev", "gcc"]\n' },
    { kind: "deb", name: "gcc", version: "12", arch: "amd64" },
    "nua/nua-config.toml:2",
  ],
  [
    "a repository",
    { "requirements.txt": "flask\ngit+https://github.com/o/r@main\n" },
    { kind: "git", name: "https://github.com/o/r.git", version: "" },
    "requirements.txt:2",
  ],
  [
    "a source",
    { "nua-config.json": '{\n"src-url": "https://example.org/a.tar.gz"\n}' },
    { kind: "file", name: "https://example.org/a.tar.gz", version: "" },
    "nua-config.json:2",
  ],
  [
    "a document of an index",
    { "frontend/package.json": '{"dependencies":\n{"@a/b": "1"}}' },
    { kind: "index", name: "https://registry.npmjs.org/@a%2fb", version: "" },
    "frontend/package.json:2",
  ],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nua-wanted-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function find(files: Record<string, string>, item: Item) {
  const root = await mkdtemp(join(folder, "app-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const place = await findWanted(item, root);
  return place === undefined ? undefined : `${place.file}:${place.line}`;
}

test.each(ROWS)("%s", async (_, files, item, expected) => {
  expect(await find(files, item)).toBe(expected);
});

test("what no file names is found nowhere", async () => {
  const files = { "yarn.lock": YARN, "package.json": "{", "node_modules/a/package.json": '"b": 1' };
  expect(await find(files, npm("is-even", "1.0.0"))).toBeUndefined();
  expect(await find(files, npm("b"))).toBeUndefined();
  expect(await find({}, npm("b"))).toBeUndefined();
});
