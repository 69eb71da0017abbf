/** Locks of every manager: what is installed is exactly what they pin. */
import { describe, expect, test } from "bun:test";
import { planInstallation } from "../../../../src/languages/python/installation.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

type Files = Record<string, string>;

const digest = (letter: string) => letter.repeat(64);
const A = digest("a");
const B = digest("b");

type Options = Partial<Parameters<typeof planInstallation>[1]>;

function installationOf(files: Files, options: Options = {}) {
  const usual = { python: "3.11", member: null, isFrozen: false };
  return planInstallation(memoryTree(files), { ...usual, ...options });
}

/** Requirements files by the index that they are for, the usual one being "". */
function lockedOf(files: Files, options: Options = {}) {
  const { what, warnings } = installationOf(files, options);
  if (what.kind !== "locked") throw new Error(`${what.kind}: ${JSON.stringify(what)}`);
  const { folders, archives } = what.text;
  const texts = what.text.files.map(({ index, text }) => [index ?? "", text.trim().split("\n")]);
  return { files: Object.fromEntries(texts), folders, archives, warnings };
}

const project = (dependencies: string, more = "") =>
  `[project]\nname = "app"\nversion = "1"\ndependencies = [${dependencies}]\n${more}`;

const pin = (text: string, ...hashes: string[]) =>
  [text, ...hashes.map((hash) => `    --hash=sha256:${hash}`)].map((line, at, all) =>
    at === all.length - 1 ? line : `${line} \\`,
  );

const NONE = { folders: [], archives: [], warnings: [] };

const UV = `version = 1
[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "web", extra = ["fast"] },
    { name = "old", marker = "python_full_version < '3.10'" },
    { name = "win", marker = "sys_platform == 'win32'" },
    { name = "arm", marker = "platform_machine == 'aarch64'" },
]
[package.dev-dependencies]
dev = [{ name = "tests" }]
[package.metadata]
requires-dist = [{ name = "web", extras = ["fast"], specifier = ">=1" }, { name = "old" }, { name = "win" }, { name = "arm" }]
[[package]]
name = "web"
version = "1.5"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://host/web-1.5.tar.gz", hash = "sha256:${B}" }
wheels = [
    { url = "https://host/web-1.5-py3-none-any.whl", hash = "sha256:${A}" },
    { url = "https://host/web-1.5-cp311-cp311-win_amd64.whl", hash = "sha256:${digest("c")}" },
]
[package.optional-dependencies]
fast = [{ name = "speedups" }]
slow = [{ name = "brakes" }]
${["speedups", "brakes", "old", "win", "arm", "tests"]
  .map(
    (name) => `[[package]]
name = "${name}"
version = "2"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://host/${name}-2-py3-none-any.whl", hash = "sha256:${A}" }]
`,
  )
  .join("")}`;

const UV_APP = {
  "pyproject.toml": project(
    '"web[fast]>=1", "old; python_full_version < \'3.10\'", "win; sys_platform == \'win32\'", "arm; platform_machine == \'aarch64\'"',
  ),
  "uv.lock": UV,
};

const POETRY_2 = `[[package]]
name = "web"
version = "1.5"
groups = ["main"]
files = [{file = "web-1.5-py3-none-any.whl", hash = "sha256:${A}"}]
[[package]]
name = "speedups"
version = "2"
groups = ["main", "dev"]
markers = {main = "python_version >= \\"3.10\\"", dev = "python_version < \\"3.9\\""}
files = [{file = "speedups-2.tar.gz", hash = "sha256:${B}"}]
[[package]]
name = "asked"
version = "2"
optional = true
groups = ["main"]
markers = "extra == \\"more\\""
files = []
[[package]]
name = "tests"
version = "3"
groups = ["dev"]
files = []
[metadata]
lock-version = "2.1"
`;

const POETRY_1 = `[[package]]
name = "Web"
version = "1.5"
category = "main"
[package.dependencies]
speedups = {version = "^2.0", optional = true, markers = "extra == \\"fast\\""}
old = {version = "*", markers = "python_version < \\"3.8\\""}
[package.extras]
fast = ["speedups (>=2.0)"]
[[package]]
name = "speedups"
version = "2.1"
[[package]]
name = "old"
version = "1"
[[package]]
name = "tests"
version = "3"
category = "dev"
[metadata]
lock-version = "1.1"
[metadata.files]
Web = [{file = "web-1.5-py3-none-any.whl", hash = "sha256:${A}"}]
speedups = [{file = "speedups-2.1.tar.gz", hash = "sha256:${B}"}]
`;

const POETRY_TABLE = (dependencies: string) =>
  `[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "^3.8"\n${dependencies}`;

const PDM = `[metadata]
lock_version = "4.5.0"
[[package]]
name = "web"
version = "1.5"
groups = ["default"]
files = [{file = "web-1.5-py3-none-any.whl", hash = "sha256:${A}"}]
[[package]]
name = "web"
version = "1.5"
extras = ["fast"]
groups = ["default"]
dependencies = ["speedups", "web==1.5"]
[[package]]
name = "win"
version = "1"
groups = ["default"]
marker = "sys_platform == \\"win32\\""
[[package]]
name = "tests"
version = "3"
groups = ["dev"]
`;

const PIPFILE = "[packages]\nweb = '*'\n";
const PIPFILE_LOCK = JSON.stringify({
  _meta: {
    "pipfile-spec": 6,
    sources: [
      { name: "pypi", url: "https://pypi.org/simple" },
      { name: "own", url: "https://own/simple" },
    ],
  },
  default: {
    web: { version: "==1.5", hashes: [`sha256:${A}`], markers: "python_version >= '3.8'" },
    ours: { version: "==2", hashes: [`sha256:${B}`], index: "own" },
    loose: { version: "*" },
    repo: { git: "https://host/repo.git", ref: "0".repeat(40) },
    local: { path: "./libs/local", editable: true },
  },
  develop: { tests: { version: "==3" } },
});

describe("what is installed is what the lock pins", () => {
  test.each<[string, Files, Partial<ReturnType<typeof lockedOf>>]>([
    [
      "uv: markers, extras, no groups for development, no files of other systems",
      UV_APP,
      {
        files: {
          "": [
            ...pin('arm==2 ; platform_machine == "aarch64"', A),
            ...pin("speedups==2", A),
            ...pin("web==1.5", B, A),
          ],
        },
      },
    ],
    [
      "Poetry 2: groups and their markers",
      { "pyproject.toml": POETRY_TABLE('web = "^1.0"\n'), "poetry.lock": POETRY_2 },
      { files: { "": [...pin("speedups==2", B), ...pin("web==1.5", A)] } },
    ],
    [
      "Poetry 1: what the main group leads to",
      {
        "pyproject.toml": POETRY_TABLE('web = {version = "^1.0", extras = ["fast"]}\n'),
        "poetry.lock": POETRY_1,
      },
      { files: { "": [...pin("speedups==2.1", B), ...pin("web==1.5", A)] } },
    ],
    [
      "PDM: the default group, one of two entries",
      { "pyproject.toml": project('"web[fast]"'), "pdm.lock": PDM },
      { files: { "": pin("web==1.5", A) } },
    ],
  ])("%s", (_, files, expected) => {
    expect(lockedOf(files)).toEqual({ ...NONE, files: {}, ...expected });
  });

  test("Pipenv: an index of its own, a repository, a folder, no digests", () => {
    const { what } = installationOf({ Pipfile: PIPFILE, "Pipfile.lock": PIPFILE_LOCK });
    expect(what).toMatchObject({
      text: {
        files: [
          {
            index: null,
            isHashed: false,
            text: `loose\nrepo @ git+https://host/repo.git@${"0".repeat(40)}\n`,
          },
          {
            index: "https://own/simple",
            isHashed: true,
            text: `${pin("ours==2", B).join("\n")}\n`,
          },
          { index: null, isHashed: true, text: `${pin("web==1.5", A).join("\n")}\n` },
        ],
        folders: ["libs/local"],
      },
    });
  });

  test("where the version of Python is not known, pip decides", () => {
    const { files } = lockedOf(UV_APP, { python: undefined });
    expect(files[""]).toContain('old==2 ; python_full_version < "3.10" \\');
  });

  test("a member of a workspace has the workspace's lock, and its projects are built", () => {
    const files = {
      "pyproject.toml": '[tool.uv.workspace]\nmembers = ["apps/*", "libs/*"]\n',
      "apps/api/pyproject.toml":
        '[project]\nname = "api"\ndependencies = ["lib"]\n[tool.uv.sources]\nlib = { workspace = true }\n',
      "libs/lib/pyproject.toml":
        '[project]\nname = "lib"\n[build-system]\nrequires = ["hatchling"]\n',
      "uv.lock": `version = 1
[manifest]
members = ["api", "lib"]
[[package]]
name = "api"
source = { virtual = "apps/api" }
dependencies = [{ name = "lib" }]
[[package]]
name = "lib"
source = { editable = "libs/lib" }
dependencies = [{ name = "six" }]
[[package]]
name = "six"
version = "1"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://host/six-1-py3-none-any.whl", hash = "sha256:${A}" }]
`,
    };
    const expected = { ...NONE, files: { "": pin("six==1", A) }, folders: ["libs/lib"] };
    expect(lockedOf(files, { member: "apps/api" })).toEqual(expected);
    // The workspace itself is no project: all of its members are meant.
    expect(lockedOf(files)).toEqual(expected);
  });
});

describe("a lock that does not fit its manifest", () => {
  const changed = { ...UV_APP, "pyproject.toml": project('"web>=2", "brand-new"') };

  test("is told, and resolved anew with the versions that are still allowed", () => {
    const { what, warnings } = installationOf(changed);
    expect(what).toMatchObject({ kind: "resolved", requirements: ["web>=2", "brand-new"] });
    expect(what).toMatchObject({ preferred: expect.arrayContaining(["speedups==2"]) });
    expect(JSON.stringify(what)).not.toContain("web==1.5");
    expect(warnings.join()).toContain(
      'uv.lock does not fit pyproject.toml: "web" is 1.5 in it, and >=2 is asked for; "brand-new" is not in it',
    );
    expect(warnings.join()).toContain('run "uv lock"');
  });

  test("is an error where it has to be", () => {
    expect(() => installationOf(changed, { isFrozen: true })).toThrow(
      expect.objectContaining({
        code: "input",
        file: "uv.lock",
        hint: 'run "uv lock", and commit uv.lock',
      }),
    );
  });

  test("holds all the same where only its digest of the manifest differs", () => {
    const lock = POETRY_2.replace('"2.1"', `"2.1"\ncontent-hash = "${A}"`);
    const files = { "pyproject.toml": POETRY_TABLE('web = "^1.0"\n'), "poetry.lock": lock };
    const { what, warnings } = installationOf(files);
    expect(what.kind).toBe("locked");
    expect(warnings.join()).toContain("its versions are installed, since they are allowed");
    expect(() => installationOf(files, { isFrozen: true })).toThrow("does not fit");
  });
});

test("of two locks, that of the manager in the manifest holds", () => {
  const files = { ...UV_APP, "pdm.lock": PDM };
  expect(lockedOf(files).warnings).toEqual([
    "pdm.lock is left alone: uv.lock decides which versions are installed",
  ]);
  const table = project('"web[fast]"', "[tool.pdm]\ndistribution = false\n");
  expect(installationOf({ ...files, "pyproject.toml": table }).file).toBe("pdm.lock");
});

describe("a lock that cannot be obeyed is an error with its place", () => {
  const app = { "pyproject.toml": project("") };
  const POETRY_APP = { "pyproject.toml": POETRY_TABLE("") };
  test.each<[string, Files, { file: string; line: number; words: string }]>([
    [
      "conflict markers",
      { ...app, "uv.lock": "version = 1\n<<<<<<< HEAD\n=======\n>>>>>>> b\n" },
      { file: "uv.lock", line: 2, words: "merge conflict" },
    ],
    [
      "uv of the future",
      { ...app, "uv.lock": "version = 2\n" },
      { file: "uv.lock", line: 1, words: "version 2 of this format" },
    ],
    [
      "Poetry of the future",
      { ...POETRY_APP, "poetry.lock": '[metadata]\nlock-version = "3.0"\n' },
      { file: "poetry.lock", line: 2, words: "version 3.0 of this format" },
    ],
    [
      "PDM of the future",
      { ...app, "pdm.lock": '[metadata]\nlock_version = "5.0"\n' },
      { file: "pdm.lock", line: 2, words: "version 5.0 of this format" },
    ],
    [
      "no JSON",
      { Pipfile: PIPFILE, "Pipfile.lock": '{\n  "default": {\n' },
      { file: "Pipfile.lock", line: 1, words: "not valid JSON" },
    ],
    [
      "no version",
      { Pipfile: PIPFILE, "Pipfile.lock": '{"default": {"web": {"version": "==1; rm"}}}' },
      { file: "Pipfile.lock", line: 1, words: '"1; rm" of "web" is no version' },
    ],
  ])("%s", (_, files, { file, line, words }) => {
    const position = line === 1 ? {} : { position: { line, column: 1 } };
    const message = expect.stringContaining(words);
    expect(() => installationOf(files)).toThrow(
      expect.objectContaining({ code: "input", file, message, ...position }),
    );
  });

  test("a folder outside of the app's", () => {
    const lock = '{"default": {"web": {"path": "../web"}}}';
    expect(() => installationOf({ Pipfile: PIPFILE, "Pipfile.lock": lock })).toThrow(
      '"../web" is outside of the app\'s folder',
    );
  });

  test("a password in an address", () => {
    const lock = '{"default": {"web": {"file": "https://joe:secret99@host/web.zip"}}}';
    const build = () => installationOf({ Pipfile: PIPFILE, "Pipfile.lock": lock });
    expect(build).toThrow("https://***@host/web.zip");
    expect(build).not.toThrow("secret99");
  });
});
