import { describe, expect, test } from "bun:test";
import { type ActionRow, testActions } from "./action-rows.ts";
import { planOf, script } from "./facts.ts";

const TOP = "-mindepth 1 -maxdepth 1";
const OTHERS = [
  ...["nua-agent.json", "Dockerfile", "nua-inputs", "nua-layers", "nua-source", "nua"],
];
const chmod = (mode: number) =>
  `-exec sh -c 'cd /nua/build && exec chmod ${mode} -- "$@"' sh '{}' +`;

const PIP = "nua: /nua/venv/bin/python -m pip install --no-compile";
const UPDATE = 'test -e "$TMPDIR/apt-lists" || { apt-get update && touch "$TMPDIR/apt-lists"; }';
const INSTALL = "apt-get --yes -o Dpkg::Use-Pty=0 install --no-install-recommends --";
const STRAYS =
  "'(' '!' -user nua -o '!' -group nua ')' -exec chown --no-dereference nua:nua '{}' +";
const DPKG = {
  "/var/lib/dpkg/status":
    "Package: git\nStatus: install ok installed\n\nPackage: old\nStatus: deinstall ok config-files\n",
};

/** Lines of build.build beside what is detected. */
const MORE_LINES = {
  system: { "/usr/bin/npm": "" },
  work: {
    build: [
      { line: "...", from: "build.build[0]" },
      { line: "npm run docs", from: "build.build[1]" },
    ],
  },
};

const rows: ActionRow[] = [
  {
    action: "place-context",
    name: "a mounted context is copied without what is the agent's",
    options: {
      system: {
        "/context/nua-agent.json": "",
        "/context/Dockerfile": "",
        "/context/app.py": "",
        "/context/lib/a.py": "",
      },
    },
    expected: [
      "install -d -m 755 -o nua -g nua /nua/build",
      `find /context ${TOP} ${OTHERS.map((name) => `'!' -name ${name}`).join(" ")} -exec cp --archive --target-directory=/nua/build -- '{}' +`,
      `find . '(' ${OTHERS.map((name) => `-path ./${name}`).join(" -o ")} ')' -prune -o -type f '(' -perm /111 '!' -perm 755 ${chmod(755)} -o '!' -perm /111 '!' -perm 644 ${chmod(644)} ')'`,
      "find /nua/build '(' '!' -user nua -o '!' -group nua ')' -exec chown --no-dereference nua:nua '{}' +",
    ],
  },
  {
    action: "place-context",
    name: "a mounted context with the agent's input alone",
    options: { system: { "/context/nua-agent.json": "" } },
    expected: ["install -d -m 755 -o nua -g nua /nua/build"],
  },
  {
    action: "place-context",
    name: "a context that is there is only mended",
    files: { "nua-agent.json": "", Dockerfile: "", "app.py": "" },
    options: { facts: { context: null } },
    expected: [
      "install -d -m 755 -o nua -g nua /nua/build",
      "rm -rf /nua/build/nua-agent.json /nua/build/Dockerfile",
      `find /nua/build ${STRAYS}`,
    ],
  },
  {
    action: "make-folders",
    name: "a document root is recreated",
    options: { work: { documentRoot: "/var/www/html" } },
    expected: [
      "install -d -m 755 -o nua -g nua /nua/app",
      "install -d -m 755 -o nua -g nua /nua/metadata",
      "install -d -m 755 /nua/scripts",
      "rm -rf --one-file-system /var/www/html",
      "install -d -m 755 -o nua -g nua /var/www/html",
    ],
  },
  { action: "run-packages", name: "no package, no apt", expected: null },
  {
    action: "run-packages",
    name: "packages that stay, each once",
    options: { work: { packages: { build: [], run: ["curl git", "curl"] } } },
    expected: [UPDATE, `${INSTALL} curl git`],
  },
  {
    action: "run-packages",
    name: "a connector's packages, and a name that is not known",
    options: { work: { metaPackages: ["postgres-client", "oracle"] } },
    expected: [
      'warn nothing is known of meta-package "oracle"; there are psycopg2, postgres-client, mariadb-client',
      UPDATE,
      `${INSTALL} libpq-dev`,
    ],
  },
  {
    action: "run-packages",
    name: "only a name that is not known",
    options: { work: { metaPackages: ["oracle"] } },
    expected: [
      'warn nothing is known of meta-package "oracle"; there are psycopg2, postgres-client, mariadb-client',
    ],
  },
  {
    action: "build-packages",
    name: "what is installed already is not the build's",
    options: { system: DPKG, work: { packages: { build: ["git", "gcc=1.0", "old"], run: [] } } },
    expected: [UPDATE, `${INSTALL} gcc=1.0 old`, "apt-mark auto -- gcc old"],
  },
  {
    action: "build-packages",
    name: "nothing to install, no apt",
    options: { system: DPKG, work: { packages: { build: ["git"], run: [] } } },
    expected: null,
  },
  {
    action: "meta-packages",
    name: "the connector's Python package",
    options: { work: { metaPackages: ["mariadb-client"] } },
    expected: [`${PIP} mariadb`],
  },
  {
    action: "before-build",
    name: "the whole line is user nua's",
    options: { work: { beforeBuild: [{ line: "make a && cd b", from: "build.before-build" }] } },
    expected: ["nua: make a && cd b"],
  },
  {
    action: "pip-install",
    name: "globs, specifiers, options and markers",
    files: { "b.whl": "", "dist/a.whl": "", "app.py": "" },
    options: {
      work: {
        pipInstall: [
          "dist/*.whl",
          "*.zip",
          "flask>=1.0",
          "uvicorn[standard]",
          "-r requirements.txt",
          "gunicorn gevent",
          "a; python_version < '3.9'",
        ].map((item) => ({ item, from: "build.pip-install" })),
      },
    },
    expected: [
      'warn nothing in the app matches "*.zip" of build.pip-install',
      `${PIP} ./dist/a.whl 'flask>=1.0' 'uvicorn[standard]' -r requirements.txt gunicorn gevent 'a; python_version < '\\''3.9'\\'''`,
    ],
  },
  {
    action: "pip-install",
    name: "an address whose password is not told is no pattern",
    files: { "a.whl": "" },
    options: {
      work: {
        pipInstall: ["http://***@host/a.whl", "*.whl"].map((item) => ({
          ...{ item, from: "build.pip-install" },
        })),
      },
      facts: { withCredentials: (word) => word.replace("***", "bob:secret") },
    },
    expected: [`${PIP} http://bob:secret@host/a.whl ./a.whl`],
  },
  {
    action: "build",
    name: "commands win over scripts and projects",
    files: { "build.py": "", "requirements.txt": "" },
    options: { work: { build: [{ line: "make", from: "build.build" }] } },
    expected: ["nua: make"],
  },
  {
    action: "build",
    name: "three dots among commands stand for what is detected, once",
    files: { "requirements.txt": "" },
    options: {
      work: {
        build: [
          { line: "before", from: "build.build[0]" },
          { line: "...", from: "build.build[1]" },
          { line: "after", from: "build.build[2]" },
          { line: " ... ", from: "build.build[3]" },
        ],
      },
    },
    expected: ["nua: before", `${PIP} --requirement requirements.txt`, "nua: after"],
  },
  {
    action: "build",
    name: "what only the build needs is removed after them",
    files: { "package.json": '{"scripts":{"build":"x"},"devDependencies":{"x":"1"}}' },
    options: MORE_LINES,
    expected: [
      ...["npm install", "rm -rf node_modules/.cache", "npm run build", "npm run docs"],
      "npm prune --ignore-scripts",
    ].map((line) => `nua: ${line}`),
  },
  {
    action: "build",
    name: "what they may need is there, where nothing else is built",
    files: { "package.json": '{"devDependencies":{"x":"1"}}' },
    options: MORE_LINES,
    expected: [
      ...["npm install", "rm -rf node_modules/.cache", "npm run docs"],
      "npm prune --ignore-scripts",
    ].map((line) => `nua: ${line}`),
  },
  ...[
    { beforeRun: [], last: ["rm -rf node_modules"] },
    {
      beforeRun: [{ line: "npx prisma migrate deploy", from: "run.before-run" }],
      last: ["npm prune --ignore-scripts"],
    },
  ].map(({ beforeRun, last }) => ({
    action: "build",
    name: `a server that is built with all that it needs, with ${beforeRun.length} lines before it`,
    files: {
      "package.json": JSON.stringify({
        scripts: { build: "nuxt build", start: "node .output/server/index.mjs" },
        devDependencies: { nuxt: "4" },
      }),
    },
    options: { system: { "/usr/bin/npm": "" }, work: { beforeRun } },
    expected: [...["npm install", "rm -rf node_modules/.cache", "npm run build", ...last]].map(
      (line) => `nua: ${line}`,
    ),
  })),
  {
    action: "build",
    name: "commands as root, where the app asks for it",
    options: { work: { buildAsRoot: true, build: [{ line: "make", from: "build.build" }] } },
    expected: ["make"],
  },
  {
    action: "build",
    name: "nua/build.py wins over build.py",
    files: { "build.py": "", "nua/build.py": "" },
    expected: ["nua: /nua/venv/bin/python nua/build.py"],
  },
  {
    action: "build",
    name: "build.py beside the configuration",
    files: { "build.py": "", "requirements.txt": "" },
    expected: ["nua: /nua/venv/bin/python build.py"],
  },
  {
    action: "build",
    name: "a script that is named",
    options: { work: { buildScript: "tools/make.py" } },
    expected: ["nua: /nua/venv/bin/python tools/make.py"],
  },
  {
    action: "build",
    name: "what pip-install has installed is beside the app's own requirements",
    files: { "requirements.txt": "" },
    options: { work: { pipInstall: [{ item: "gunicorn", from: "build.pip-install" }] } },
    expected: [`${PIP} --requirement requirements.txt`],
  },
  {
    action: "build",
    name: "what pip-install has installed is the app itself",
    files: { "requirements.txt": "", "pyproject.toml": '[project]\nname = "a"\n' },
    options: { work: { pipInstall: [{ item: ".[web]", from: "build.pip-install" }] } },
    expected: null,
  },
  {
    action: "build",
    name: "what pip-install has installed are the app's wheels",
    files: { "a-1.0-py3-none-any.whl": "", "b-1.0-py3-none-any.whl": "" },
    options: { work: { pipInstall: [{ item: "a*.whl", from: "build.pip-install" }] } },
    expected: null,
  },
  {
    action: "pip-install-app",
    name: "in the app's layer, what a layer before has left out is told",
    files: { "requirements.txt": "", "setup.py": "setup(name='a')" },
    options: {
      place: "below",
      work: {
        pipInstall: [{ item: "a", from: "build.pip-install" }],
      },
    },
    expected: [
      'warn build.pip-install installs the app itself: requirements.txt is not installed; "-r requirements.txt" among its items does that',
    ],
  },
  {
    action: "pip-install",
    name: "the app itself, without its requirements, is told",
    files: { "requirements.txt": "", "setup.py": "setup(name='a')" },
    options: { work: { pipInstall: [{ item: "-e .", from: "build.pip-install" }] } },
    expected: [
      'warn build.pip-install installs the app itself: requirements.txt is not installed; "-r requirements.txt" among its items does that',
      `${PIP} -e .`,
    ],
  },
  {
    action: "build",
    name: "what pip-install has installed is beside fetched source",
    files: { "hello/requirements.txt": "" },
    options: {
      work: {
        source: { kind: "archive", url: "http://x/a.zip", sha256: null, dir: "hello" },
        pipInstall: [{ item: "flask", from: "build.pip-install" }],
      },
    },
    expected: [`${PIP} --requirement requirements.txt`],
  },
  { action: "build", name: "nothing to build", files: { "app.py": "" }, expected: null },
  {
    action: "remove-packages",
    name: "lists, but not those of a cache",
    options: {
      system: {
        "/var/lib/apt/lists/x_Release": "",
        "/proc/mounts": "overlay / overlay rw\ncache /var/cache/apt ext4 rw\n",
      },
    },
    expected: [
      expect.stringMatching(/^ask find \/nua\/app .* dpkg-query --search/),
      "ask apt-get autoremove --simulate -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false",
      "find /var/log/apt /var/lib/apt/lists -mindepth 1 -type f -delete",
      "rm -f /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/dpkg.log",
    ],
  },
];

describe("actions until the app is built", () => {
  testActions(rows);

  test("each has a name of its own", () => {
    const names = planOf({ "requirements.txt": "" }).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test("the detected installers' Debian packages are installed before they run", () => {
    expect(script("build", { "requirements.txt": "a @ git+https://example.org/a" })).toEqual([
      UPDATE,
      `${INSTALL} git`,
      "apt-mark auto -- git",
      `${PIP} --requirement requirements.txt`,
    ]);
  });
});
