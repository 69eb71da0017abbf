import { expect, test } from "bun:test";
import { contradictions, requestedPython } from "../../../../src/languages/python/pins.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

type Files = Record<string, string>;

const PROJECT = '[project]\nname = "a"\n';
const REQUIRES = `${PROJECT}requires-python = ">=3.9, <4"\n`;
const POETRY = (python: string) => `[tool.poetry.dependencies]\npython = "${python}"\n`;

test.each<[string, Files, string | undefined, string?]>([
  ["nothing", { "pyproject.toml": PROJECT }, undefined],
  ["a series", { ".python-version": "3.12\n" }, "==3.12.*", ".python-version:1"],
  [
    "a version, after a comment",
    { ".python-version": "# ours\n3.12.4" },
    "==3.12.4",
    ".python-version:2",
  ],
  ["with the name of the implementation", { ".python-version": "cpython-3.11" }, "==3.11.*"],
  ["only a major version", { ".python-version": "3" }, "==3.*"],
  ["a range", { ".python-version": ">=3.11,<3.13" }, ">=3.11,<3.13"],
  ["the machine's", { ".python-version": "system\n", "pyproject.toml": REQUIRES }, ">=3.9,<4"],
  ["mise", { "mise.toml": '[tools]\npython = "3.13"\n' }, "==3.13.*", "mise.toml:2"],
  ["asdf", { ".tool-versions": "nodejs 20\npython 3.10.1\n" }, "==3.10.1", ".tool-versions:2"],
  [
    "the newest, as mise has locked it",
    {
      "mise.toml": '[tools]\npython = "latest"\n',
      "mise.lock": '[[tools.python]]\nversion = "3.14.2"\nbackend = "core:python"\n',
    },
    "==3.14.2",
    "mise.lock:1",
  ],
  [
    "the newest of what is required",
    { "mise.toml": '[tools]\npython = "latest"\n', "pyproject.toml": REQUIRES },
    ">=3.9,<4",
    "pyproject.toml:3",
  ],
  ["the newest", { "mise.toml": '[tools]\npython = "latest"\n' }, undefined],
  ["Heroku's", { "runtime.txt": "python-3.11.9\n" }, "==3.11.9", "runtime.txt:1"],
  ["a runtime.txt of something else", { "runtime.txt": "dotnet-8\n" }, undefined],
  ["Pipfile", { Pipfile: '[requires]\npython_version = "3.10"\n' }, "==3.10.*", "Pipfile:2"],
  [
    "a whole version in Pipfile",
    { Pipfile: '[requires]\npython_version = "3.10"\npython_full_version = "3.10.4"\n' },
    "==3.10.4",
  ],
  ["pyproject.toml", { "pyproject.toml": REQUIRES }, ">=3.9,<4", "pyproject.toml:3"],
  ["a bare version there", { "pyproject.toml": `${PROJECT}requires-python = "3.11"` }, "==3.11.*"],
  ["a caret of Poetry", { "pyproject.toml": POETRY("^3.10") }, ">=3.10,<4", "pyproject.toml:2"],
  ["a tilde of Poetry", { "pyproject.toml": POETRY("~3.10") }, ">=3.10,<3.11"],
  ["several ranges of Poetry", { "pyproject.toml": POETRY("^2.7 || ^3.8") }, ">=3.8,<4"],
  ["setup.cfg", { "setup.cfg": "[options]\npython_requires = >=3.8\n" }, ">=3.8", "setup.cfg:2"],
  ["setup.py", { "setup.py": "setup(\n  python_requires='>=3.8',\n)" }, ">=3.8", "setup.py:2"],
  [
    "a script",
    { "main.py": '# /// script\n# requires-python = ">=3.12"\n# dependencies = []\n# ///\n' },
    ">=3.12",
    "main.py:2",
  ],
  [
    "what a pinned package needs, the highest of them",
    { "requirements.txt": "Django[argon2]==6.1\nnumpy>=2.3,<3\nflask==3.1\n" },
    ">=3.12",
    "requirements.txt:1",
  ],
  [
    "of a file that is included",
    { "requirements.txt": "-r base.txt\n", "base.txt": "# web\ndjango ~= 5.2 ; os_name != 'nt'\n" },
    ">=3.10",
    "base.txt:2",
  ],
  ["an older one of it", { "requirements.txt": "Django==4.2\nnumpy==1.26.4\n" }, ">=3.9"],
  ["one that is not pinned", { "requirements.txt": "Django\nnumpy<3\n" }, undefined],
  ["no version of a package", { "requirements.txt": "Django==six\n" }, undefined],
  [
    "the stronger of two",
    { ".python-version": "3.12", "pyproject.toml": REQUIRES, "runtime.txt": "python-3.9.1" },
    "==3.12.*",
  ],
])("%s", (...[, files, range, place]) => {
  const [found] = requestedPython(memoryTree(files));
  expect(found?.range).toBe(range as string);
  if (place !== undefined) expect(`${found?.from.what}:${found?.from.line}`).toBe(place);
});

test.each<[string, Files, string, { line: number; column: number }, string]>([
  [
    "no version",
    { ".python-version": "\nmy-env\n" },
    ".python-version",
    { line: 2, column: 1 },
    "3.12",
  ],
  [
    "another implementation",
    { ".python-version": "pypy3.10-7.3" },
    ".python-version",
    { line: 1, column: 1 },
    "CPython",
  ],
  [
    "Python 2",
    { "runtime.txt": "python-2.7.18" },
    "runtime.txt",
    { line: 1, column: 1 },
    "Python 2",
  ],
  [
    "no range",
    { "pyproject.toml": `${PROJECT}requires-python = "three"` },
    "pyproject.toml",
    { line: 3, column: 1 },
    "3.12",
  ],
  [
    "no constraint",
    { "pyproject.toml": POETRY("newest") },
    "pyproject.toml",
    { line: 2, column: 1 },
    "^3.11",
  ],
])("%s is an error with its place", (_, files, file, position, hint) => {
  const read = () => requestedPython(memoryTree(files));
  expect(read).toThrow(
    expect.objectContaining({ code: "input", file, position, hint: expect.stringContaining(hint) }),
  );
});

test("what the strongest rules out is told", () => {
  const files = {
    ".python-version": "3.8",
    "runtime.txt": "python-3.8.2",
    "pyproject.toml": REQUIRES,
  };
  expect(contradictions(memoryTree(files))).toEqual([
    "pyproject.toml:3 asks for Python >=3.9, <4, and .python-version:1 for 3.8, which decides",
  ]);
});
