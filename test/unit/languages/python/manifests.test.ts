/** What manifests say: requirements, markers, constraints, requirements files, layouts of packages. */
import { describe, expect, test } from "bun:test";
import { readConstraint } from "../../../../src/languages/python/manifests/constraints.ts";
import { decide, formatMarker } from "../../../../src/languages/python/manifests/markers.ts";
import { readPyproject } from "../../../../src/languages/python/manifests/pyproject.ts";
import { readMarker } from "../../../../src/languages/python/manifests/read-marker.ts";
import {
  formatRequirement,
  readRequirement,
} from "../../../../src/languages/python/manifests/requirement.ts";
import {
  localPath,
  requirementLines,
} from "../../../../src/languages/python/manifests/requirement-lines.ts";
import { packageState } from "../../../../src/languages/python/package-layout.ts";
import { readDeclared } from "../../../../src/languages/python/package-managers/declared.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

describe("a requirement", () => {
  test.each<[string, string | null]>([
    ["Flask", "flask"],
    ["zope.interface [test , Docs] >= 1.0 , < 2", "zope-interface[test,docs]>=1.0,<2"],
    ["a(>=1)", "a>=1"],
    ["a==1.*; python_version < '3'", "a==1.* ; python_version < '3'"],
    ["a @ https://host/a.zip ; os_name == 'nt'", "a @ https://host/a.zip ; os_name == 'nt'"],
    ["-e .", null],
    ["./a", null],
    ["a b", null],
    ["a >< 1", null],
    ["", null],
    [`a${" ".repeat(100_000)}!`, null],
  ])("%p", (text, expected) => {
    const found = readRequirement(text);
    expect(found === null ? null : formatRequirement(found)).toBe(expected);
  });
});

describe("a marker", () => {
  const environment = { python: "3.11", extras: ["fast"], groups: [] };
  test.each<[string, string | null]>([
    ["python_version >= '3.8'", ""],
    ["python_version < '3.8'", 'python_version < "0"'],
    ["'3.8' <= python_version", ""],
    ["python_full_version < '3.11.5'", 'python_full_version < "3.11.5"'],
    ["python_full_version < '3.12'", ""],
    ["python_version in '3.10 3.11'", ""],
    ["sys_platform == 'win32' or extra == 'fast'", ""],
    ["os_name == 'posix' and platform_machine == 'x86_64'", 'platform_machine == "x86_64"'],
    [
      "(platform_machine == 'a' or platform_machine == 'b') and platform_release != 'c'",
      '(platform_machine == "a" or platform_machine == "b") and platform_release != "c"',
    ],
    ["'fast' in extras", ""],
    ["platform.python_implementation == 'PyPy'", 'python_version < "0"'],
    ["", ""],
    ["nonsense == '1'", null],
    ["python_version ==", null],
    ["(python_version == '3'", null],
    ["python_version == '3' \\n--index-url x", null],
    [`${"(".repeat(5000)}os_name == 'a'${")".repeat(5000)}`, null],
  ])("%p", (text, expected) => {
    const found = readMarker(text);
    expect(found === null ? null : formatMarker(decide(found, environment))).toBe(expected);
  });
});

test.each<[string, string[] | null]>([
  ["*", [""]],
  ["^1.2.3", [">=1.2.3,<2"]],
  ["^0.2", [">=0.2,<0.3"]],
  ["^0.0.3", [">=0.0.3,<0.0.4"]],
  ["~1.2", [">=1.2,<1.3"]],
  ["~1", [">=1,<2"]],
  ["~=1.4", ["~=1.4"]],
  ["1.2.*", ["==1.2.*"]],
  ["1.2.3", ["==1.2.3"]],
  [">=2.7 !=3.0.*", [">=2.7,!=3.0.*"]],
  [">= 1, < 2", [">=1,<2"]],
  ["<2 || >=3", ["<2", ">=3"]],
  ["newest", null],
  ["^x", null],
  ["1; --index-url x", null],
])("the constraint %p", (text, expected) => {
  expect(readConstraint(text)).toEqual(expected);
});

test("a requirements file is read as pip reads it", () => {
  const text =
    "# a\nb==1 \\\n  --hash=sha256:x \\\n  --hash=sha256:y\r\nc  # why\nd#egg\n\n-r e.txt";
  expect(requirementLines(text)).toEqual([
    { text: "b==1  --hash=sha256:x  --hash=sha256:y", line: 2 },
    { text: "c", line: 5 },
    { text: "d#egg", line: 6 },
    { text: "-r e.txt", line: 8 },
  ]);
});

test.each<[string, string | undefined]>([
  ["libs/foo", "libs/foo"],
  ["./foo[web]", "./foo"],
  [".", "."],
  ["-e libs/foo", "libs/foo"],
  ["--editable=.", "."],
  ["file:///x/y", "/x/y"],
  ["a @ ./b", "./b"],
  ["a.whl", "a.whl"],
  ["a==1", undefined],
  ["a @ https://host/a.zip", undefined],
  ["https://host/a.zip", undefined],
  ["git+https://host/a", undefined],
  ["-e git+https://host/a#egg=a", undefined],
  ["--index-url https://host/simple", undefined],
])("the folder or file of %p", (line, expected) => {
  expect(localPath(line)).toBe(expected as string);
});

type Files = Record<string, string>;
const SYSTEM = (backend: string) => `[build-system]\nrequires = []\nbuild-backend = "${backend}"\n`;
const NAMED = '[project]\nname = "my-app"\n';

test.each<[string, Files, boolean]>([
  [
    "uv, switched off",
    { "pyproject.toml": `${NAMED}[tool.uv]\npackage = false\n`, "my_app/a.py": "" },
    false,
  ],
  ["Poetry, switched off", { "pyproject.toml": "[tool.poetry]\npackage-mode = false\n" }, false],
  [
    "PDM, switched off",
    { "pyproject.toml": `${NAMED}${SYSTEM("pdm.backend")}[tool.pdm]\ndistribution = false\n` },
    false,
  ],
  [
    "without a build system, for uv",
    { "pyproject.toml": NAMED, "uv.lock": "", "my_app/a.py": "" },
    false,
  ],
  [
    "without a build system, with its package",
    { "pyproject.toml": NAMED, "my_app/a.py": "" },
    true,
  ],
  ["without a build system, and only a program", { "pyproject.toml": NAMED, "main.py": "" }, false],
  [
    "setuptools, a package",
    { "pyproject.toml": NAMED + SYSTEM("setuptools.build_meta"), "other/a.py": "" },
    true,
  ],
  [
    "setuptools, several folders",
    {
      "pyproject.toml": NAMED + SYSTEM("setuptools.build_meta"),
      "my_app/a.py": "",
      "static/a.css": "",
    },
    false,
  ],
  [
    "setuptools, several folders that are named",
    {
      "pyproject.toml": `${NAMED}${SYSTEM("setuptools.build_meta")}[tool.setuptools]\npackages = ["my_app"]\n`,
      ...{ "my_app/a.py": "", "static/a.css": "" },
    },
    true,
  ],
  [
    "setuptools, modules",
    { "pyproject.toml": NAMED + SYSTEM("setuptools.build_meta"), "a.py": "", "b.py": "" },
    false,
  ],
  [
    "setuptools, src",
    {
      "pyproject.toml": NAMED + SYSTEM("setuptools.build_meta"),
      "src/a/b.py": "",
      "x.py": "",
      "y.py": "",
    },
    true,
  ],
  [
    "hatchling without a package",
    { "pyproject.toml": NAMED + SYSTEM("hatchling.build"), "main.py": "" },
    false,
  ],
  [
    "hatchling",
    { "pyproject.toml": NAMED + SYSTEM("hatchling.build"), "src/my_app/a.py": "" },
    true,
  ],
  [
    "Poetry without a package",
    {
      "pyproject.toml": `[tool.poetry]\nname = "my-app"\n${SYSTEM("poetry.core.masonry.api")}`,
      "main.py": "",
    },
    false,
  ],
  [
    "Poetry",
    {
      "pyproject.toml": `[tool.poetry]\nname = "my-app"\n${SYSTEM("poetry.core.masonry.api")}`,
      "my_app/a.py": "",
    },
    true,
  ],
  ["a backend that nobody knows", { "pyproject.toml": NAMED + SYSTEM("maturin") }, true],
  ["setup.py", { "setup.py": "" }, true],
  ["setup.cfg", { "setup.cfg": "[metadata]\nname = a\n" }, true],
  [
    "setup.py that imports what imports a requirement",
    {
      "setup.py":
        "from setuptools import setup\nfrom find.version import TAG\nsetup(version=TAG)\n",
      "find/__init__.py": "import os\nimport msgspec\n",
      "requirements.txt": "flask==3\nmsgspec==0.19\n",
    },
    false,
  ],
  [
    "setup.py that imports what imports nothing of them",
    {
      "setup.py": "from setuptools import setup\nfrom find import VERSION\nsetup()\n",
      "find/__init__.py": "import os\ndef f():\n    import msgspec\n",
      "requirements.txt": "msgspec\nsetuptools\n",
    },
    true,
  ],
])("whether a project is installed itself: %s", (_, files, expected) => {
  const tree = memoryTree(files);
  expect(packageState(tree, readPyproject(tree)).isPackage).toBe(expected);
});

test.each<[string, Files, string[]]>([
  [
    "project",
    { "pyproject.toml": `${NAMED}dependencies = ["A>=1", "b ; os_name == 'nt'"]` },
    ["a>=1", "b ; os_name == 'nt'"],
  ],
  [
    "Poetry",
    {
      "pyproject.toml":
        '[tool.poetry.dependencies]\npython = "^3.9"\na = "^1.2"\nb = {version = "*", optional = true}\nc = {git = "https://host/c.git", tag = "v1"}\nd = {version = "~2", python = "<3.11", extras = ["x"]}\n',
    },
    ["a>=1.2,<2", "c @ git+https://host/c.git@v1", 'd[x]>=2,<3 ; (python_version < "3.11")'],
  ],
  [
    "sources of uv",
    {
      "pyproject.toml": `${NAMED}dependencies = ["a>1", "b"]\n[tool.uv.sources]\na = { git = "https://host/a", rev = "abc" }\nb = { url = "https://host/b.whl" }\n`,
    },
    ["a @ git+https://host/a@abc", "b @ https://host/b.whl"],
  ],
  [
    "setup.cfg",
    {
      "setup.cfg":
        "[options]\ninstall_requires =\n    a>1; python_version<'4'\n    # no\n    b\nzip_safe = no\n",
    },
    ["a>1 ; python_version<'4'", "b"],
  ],
  [
    "setup.py",
    {
      "setup.py":
        "from setuptools import setup\nsetup(install_requires=[\n 'a>1',  # why\n \"b\",\n])",
    },
    ["a>1", "b"],
  ],
  [
    "ranges that pip took before 24.1",
    { "pyproject.toml": `${NAMED}dependencies = ["a>=2.2.28,<3.*", "b >= 1.*", "c==1.*"]\n` },
    ["a>=2.2.28,<3", "b>=1", "c==1.*"],
  ],
])("what is declared by %s", (_, files, expected) => {
  const { all } = readDeclared(memoryTree(files));
  expect(all.map(({ requirement }) => formatRequirement(requirement))).toEqual(expected);
});

test.each<[string, Files, object]>([
  [
    "no TOML",
    { "pyproject.toml": "[project]\nname = \n" },
    { file: "pyproject.toml", position: { line: 2, column: 8 } },
  ],
  [
    "another kind of value",
    { "pyproject.toml": '[project]\nname = "a"\ndependencies = "b"\n' },
    { file: "pyproject.toml", position: { line: 3, column: 1 } },
  ],
  [
    "no requirement",
    { "pyproject.toml": '[project]\nname = "a"\ndependencies = [\n  "b >< 1",\n]\n' },
    { file: "pyproject.toml", position: { line: 4, column: 1 } },
  ],
])("a manifest with %s is an error with its place", (_, files, expected) => {
  expect(() => readDeclared(memoryTree(files))).toThrow(
    expect.objectContaining({ code: "input", ...expected }),
  );
});
