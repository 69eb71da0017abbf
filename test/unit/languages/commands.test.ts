import { describe, expect, test } from "bun:test";
import { detectLanguages, LANGUAGES } from "../../../src/languages/languages.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";
import { type AppOptions, carryOut, factsOf, planOf } from "../agent/facts.ts";

const NODE = { "/usr/local/bin/npm": "" };
const BUILT = JSON.stringify({ scripts: { build: "vite build" }, devDependencies: { a: "1" } });
const PROJECT = "[project]\nname = 'a'\n";

const found: [string, Record<string, string>, Record<string, string>][] = [
  ["nothing", {}, {}],
  ["a folder of scripts", { "one.py": "", "two.py": "" }, {}],
  ["a program in Python alone", { "app.py": "" }, { python: "app.py" }],
  ["a script that says what it needs", { "x.py": "# /// script\n# ///\n" }, { python: "x.py" }],
  [
    "an environment of conda",
    { "environment.yml": "dependencies:\n  - a" },
    { python: "environment.yml" },
  ],
  [
    "a project that is no TOML",
    { "pyproject.toml": "[project\nname =" },
    { python: "pyproject.toml" },
  ],
  ["Pipenv", { Pipfile: "" }, { python: "Pipfile" }],
  [
    "requirements in a folder",
    { "requirements/prod.txt": "flask" },
    { python: "requirements/prod.txt" },
  ],
  ["requirements", { "requirements.txt": "" }, { python: "requirements.txt" }],
  ["a project", { "pyproject.toml": PROJECT }, { python: "pyproject.toml" }],
  ["poetry", { "pyproject.toml": "[tool.poetry]\n" }, { python: "pyproject.toml" }],
  ["settings of a linter", { "pyproject.toml": "[tool.ruff]\n" }, {}],
  ["setup.py", { "setup.py": "" }, { python: "setup.py" }],
  ["setup.cfg", { "setup.cfg": "[metadata]\nname = a\n" }, { python: "setup.cfg" }],
  ["settings of flake8", { "setup.cfg": "[flake8]\n" }, {}],
  ["wheels", { "a.whl": "", "b.whl": "" }, { wheels: "a.whl" }],
  ["wheels beside a project", { "a.whl": "", "setup.py": "" }, { python: "setup.py" }],
  ["wheels of a folder below", { "dist/a.whl": "" }, {}],
  ["node", { "package.json": "{}" }, { node: "package.json" }],
  ["ruby", { Gemfile: "" }, { ruby: "Gemfile" }],
  [
    "node and Python, node first",
    { "package.json": '{"dependencies": {"htmx.org": "2"}}', "requirements.txt": "" },
    { node: "package.json", python: "requirements.txt" },
  ],
  [
    "Python beside tools for those who develop it",
    { "package.json": '{"devDependencies": {"prettier": "3"}}', "requirements.txt": "" },
    { python: "requirements.txt" },
  ],
];

describe("of an app is found", () => {
  test.each(found)("%s", (_, files, expected) => {
    const tree = memoryTree(files);
    const names = detectLanguages(tree).map(({ name, detect }) => [name, detect(tree) ?? ""]);
    expect(names).toEqual(Object.entries(expected));
  });
});

interface Row {
  name: string;
  files: Record<string, string>;
  expected: string[];
  packages?: string[];
  options?: AppOptions;
}

const PIP = "nua: /nua/venv/bin/python -m pip install --no-compile";
const BUILD_WHEEL =
  "nua: /nua/venv/bin/python /var/tmp/nua-agent/scripts/build_wheel.py /var/tmp/nua-agent/wheels /usr/lib/python3/dist-packages -m pip";
const WHEEL = { "/var/tmp/nua-agent/wheels/a-1.0-py3-none-any.whl": "" };
const FETCH = "nua: npm install --global --prefix /var/tmp/nua-agent";
const DECLARED = "write /var/tmp/nua-agent/declared.txt 644";
const PYLOCK = `lock-version = "1.0"
[[packages]]
name = "six"
version = "1.0"
wheels = [{ url = "https://host/six-1.0-py3-none-any.whl", hashes = { sha256 = "${"0".repeat(64)}" } }]
`;
const CLEAN = "nua: rm -rf node_modules/.cache";
const YARN = "nua: yarn install --frozen-lockfile --non-interactive";
/** With a registry that is set, the addresses in the lock file are led to it for the time. */
const BEFORE =
  'nua: test -z "$npm_config_registry" || { cp -p yarn.lock "$TMPDIR/yarn.lock" && sed -i -E "s#https://registry\\.(yarnpkg\\.com|npmjs\\.org)/#$' +
  '{npm_config_registry%/}/#" yarn.lock; }';
const AFTER = 'nua: test -z "$npm_config_registry" || cp -p "$TMPDIR/yarn.lock" yarn.lock';
const COMPILER = ["build-essential", "python3-dev", "libsqlite3-dev", "libicu-dev", "libssl-dev"];
const NPM_LOCK = JSON.stringify({ packages: { "": {}, "node_modules/a": {} } });
const npmLockWith = (name: string, details: object) =>
  JSON.stringify({ packages: { [`node_modules/${name}`]: details } });

const BUNDLE = "nua: bundle config set --local";
const BUNDLER = { system: { "/usr/bin/bundle": "" } };

const pipVersions = (copy: string, installed: string) => ({
  "/programs/python/pip/__init__.py": copy,
  "/nua/venv/lib/python3.10/site-packages/pip/__init__.py": installed,
});

const rows: Row[] = [
  {
    name: "the agent's own copy of pip, as long as it is the same",
    files: { "requirements.txt": "flask" },
    expected: [
      "nua: /nua/venv/bin/python /programs/python/pip install --no-compile --requirement requirements.txt",
    ],
    options: { system: pipVersions("1", "1") },
  },
  {
    name: "not the copy of another version of pip",
    files: { "requirements.txt": "flask" },
    expected: [`${PIP} --requirement requirements.txt`],
    options: { system: pipVersions("1", "2") },
  },
  {
    name: "gems of the lock file",
    files: {
      Gemfile: "gem 'rack'\n",
      "Gemfile.lock": "GEM\n  specs:\n    rack (3.0)\n\nDEPENDENCIES\n  rack\n",
    },
    options: BUNDLER,
    packages: ["build-essential", "ruby-dev"],
    expected: [
      `${BUNDLE} path vendor/bundle`,
      `${BUNDLE} without development:test`,
      `${BUNDLE} deployment true`,
      "nua: bundle install",
      "nua: rm -rf vendor/bundle/ruby/*/cache vendor/bundle/ruby/*/bundler/gems/*/.git",
    ],
  },
  {
    name: "gems without a lock file",
    files: { Gemfile: "" },
    options: BUNDLER,
    expected: [
      `${BUNDLE} path vendor/bundle`,
      `${BUNDLE} without development:test`,
      "nua: bundle install",
      "nua: rm -rf vendor/bundle/ruby/*/cache vendor/bundle/ruby/*/bundler/gems/*/.git",
    ],
  },
  {
    name: "a Gemfile without Ruby is left alone",
    files: { Gemfile: "gem 'rack'\n" },
    expected: [
      'warn Gemfile is left alone, since there is no Ruby in this image; build.builder = "ruby-32" brings it',
    ],
  },
  {
    name: "requirements are installed as they are",
    files: { "requirements.txt": "flask" },
    expected: [`${PIP} --requirement requirements.txt`],
  },
  {
    name: "a requirement in git brings git",
    files: { "requirements.txt": "a @ git+https://example.org/a" },
    expected: [`${PIP} --requirement requirements.txt`],
    packages: ["git"],
  },
  {
    name: "a project is built before it is installed",
    files: { "setup.py": "" },
    options: { system: WHEEL },
    expected: [BUILD_WHEEL, `${PIP} ${Object.keys(WHEEL)[0]}`],
  },
  {
    name: "after what it declares and requirements.txt, which are resolved together",
    files: { "setup.py": "setup(install_requires=['six'])", "requirements.txt": "flask" },
    options: { system: WHEEL },
    expected: [
      DECLARED,
      `${PIP} --requirement /var/tmp/nua-agent/declared.txt --requirement requirements.txt`,
      BUILD_WHEEL,
      `${PIP} ${Object.keys(WHEEL)[0]}`,
    ],
  },
  {
    name: "where only the build of a project tells what it needs, in one installation with it",
    files: { "setup.py": "setup(**settings)", "requirements.txt": "flask" },
    options: { system: WHEEL },
    expected: [BUILD_WHEEL, `${PIP} --requirement requirements.txt ${Object.keys(WHEEL)[0]}`],
  },
  {
    name: "requirements that name the app itself",
    files: { "pyproject.toml": PROJECT, "requirements.txt": "-e .[web]" },
    expected: [
      "nua: /nua/venv/bin/python /var/tmp/nua-agent/scripts/build_wheel.py - /usr/lib/python3/dist-packages -m pip install --no-compile --requirement requirements.txt",
    ],
  },
  {
    name: "the versions of a lock, and no others",
    files: { "pyproject.toml": PROJECT, "pylock.toml": PYLOCK },
    expected: [
      "write /var/tmp/nua-agent/locked.txt 644",
      `${PIP} --require-hashes --no-deps --requirement /var/tmp/nua-agent/locked.txt`,
    ],
  },
  {
    name: "wheels are installed together",
    files: { "a.whl": "", "b.whl": "" },
    expected: [`${PIP} ./a.whl ./b.whl`],
  },
  {
    name: "npm with a lock file",
    files: { "package.json": "{}", "package-lock.json": NPM_LOCK },
    expected: ["nua: npm ci", CLEAN],
  },
  {
    name: "npm with a shrinkwrap",
    files: { "package.json": "{}", "npm-shrinkwrap.json": NPM_LOCK },
    expected: ["nua: npm ci", CLEAN],
  },
  {
    name: "npm with a script that builds",
    files: { "package.json": BUILT, "package-lock.json": NPM_LOCK },
    expected: ["nua: npm ci", CLEAN, "nua: npm run build", "nua: npm prune --ignore-scripts"],
  },
  {
    name: "npm without a lock file",
    files: { "package.json": "{}" },
    expected: ["nua: npm install", CLEAN],
  },
  {
    name: "a native module of npm's",
    files: {
      "package.json": "{}",
      "package-lock.json": npmLockWith("bcrypt", { version: "5.1.1", hasInstallScript: true }),
    },
    expected: ["nua: npm ci", CLEAN],
    packages: COMPILER,
  },
  {
    name: "a native module for another system",
    files: {
      "package.json": "{}",
      "package-lock.json": npmLockWith("x", { hasInstallScript: true, os: ["darwin"] }),
    },
    expected: ["nua: npm ci", CLEAN],
  },
  {
    name: "an install script that compiles nothing",
    files: {
      "package.json": "{}",
      "package-lock.json": npmLockWith("esbuild", { hasInstallScript: true }),
    },
    expected: ["nua: npm ci", CLEAN],
  },
  {
    name: "yarn 1",
    files: { "package.json": "{}", "yarn.lock": "express@4:\n  version 4" },
    expected: [BEFORE, `${YARN} --production=true`, AFTER, CLEAN],
  },
  {
    name: "yarn 1 with a script that builds",
    files: { "package.json": BUILT, "yarn.lock": 'a@1:\n  version "1.0.0"\n' },
    expected: [
      BEFORE,
      `${YARN} --production=false`,
      AFTER,
      CLEAN,
      "nua: yarn run build",
      BEFORE,
      `${YARN} --production=true --ignore-scripts --prefer-offline`,
      AFTER,
    ],
  },
  {
    name: "a native module and a git repository of yarn's",
    files: {
      "package.json": "{}",
      "yarn.lock": 'nan@^2:\n  version "2.22.0"\n"a@git+https://example.org/a":\n',
    },
    expected: [BEFORE, `${YARN} --production=true`, AFTER, CLEAN],
    packages: [...COMPILER, "git"],
  },
  {
    name: "both lock files: yarn, as it always was",
    files: { "package.json": "{}", "yarn.lock": "", "package-lock.json": NPM_LOCK },
    expected: [BEFORE, `${YARN} --production=true`, AFTER, CLEAN],
  },
  {
    name: "both lock files, and packageManager says npm",
    files: {
      "package.json": JSON.stringify({ packageManager: "npm@10.1.0" }),
      "yarn.lock": "",
      "package-lock.json": NPM_LOCK,
    },
    expected: [`${FETCH} npm@10.1.0`, "nua: npm ci", CLEAN],
  },
  {
    name: "yarn 4 by packageManager",
    files: {
      "package.json": JSON.stringify({ packageManager: "yarn@4.1.0+sha224.abc" }),
      "yarn.lock": "",
    },
    expected: [
      `${FETCH} @yarnpkg/cli-dist@4.1.0`,
      "nua: echo 'abc  /var/tmp/nua-agent/lib/node_modules/@yarnpkg/cli-dist/bin/yarn.js' | sha224sum --check --quiet || { echo '@yarnpkg/cli-dist@4.1.0 is not what packageManager says: sha224' >&2; exit 1; }",
      "nua: yarn install --immutable",
      `${CLEAN} .yarn/install-state.gz`,
    ],
  },
  {
    name: "the last yarn 2, which stands apart",
    files: {
      "package.json": JSON.stringify({ packageManager: "yarn@2.4.3" }),
      "yarn.lock": "",
    },
    expected: [
      `${FETCH} yarn@2.4.3`,
      "nua: yarn install --immutable",
      `${CLEAN} .yarn/install-state.gz`,
    ],
  },
  {
    name: "yarn 3 that the app brings",
    files: {
      "package.json": "{}",
      "yarn.lock": "",
      ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-3.6.0.cjs\n",
      ".yarn/releases/yarn-3.6.0.cjs": "",
    },
    expected: ["nua: yarn install --immutable", `${CLEAN} .yarn/install-state.gz`],
  },
  {
    name: "package.json in an image without Node",
    files: { "package.json": "{}" },
    options: { system: {} },
    expected: [
      'warn package.json is left alone, since there is no Node in this image; build.builder = "node-20" brings it',
    ],
  },
];

describe("is installed and built", () => {
  const buildOf = (files: Record<string, string>, options: AppOptions = {}) =>
    planOf(files, options).find(({ name }) => name === "build")?.commands ?? [];

  test.each(rows)("$name", ({ files, expected, packages = [], options }) => {
    const all = { system: NODE, ...options };
    const commands = buildOf(files, all);
    const facts = factsOf(files, all);
    const installed = commands.flatMap((one) =>
      one.kind === "install-packages" && carryOut([one], facts)[0]?.startsWith("warn") !== true
        ? one.packages
        : [],
    );
    expect(installed).toEqual(packages);
    const others = commands.filter(({ kind }) => kind !== "install-packages");
    expect(carryOut(others, facts)).toEqual(expected);
  });

  test("dependencies for development are there for the build and not in the image", () => {
    const commands = buildOf({ "package.json": BUILT, "package-lock.json": NPM_LOCK });
    const modes = commands.flatMap((one) => (one.kind === "run" ? (one.env.NODE_ENV ?? []) : []));
    expect(modes).toEqual(["development", "production", "production"]);
  });

  test("each language has a name of its own and finds nothing in an empty folder", () => {
    expect(new Set(LANGUAGES.map(({ name }) => name)).size).toBe(LANGUAGES.length);
    expect(detectLanguages(memoryTree({}))).toEqual([]);
  });
});
