import { expect, test } from "bun:test";
import { pythonRule } from "../../../../src/languages/python/dependencies.ts";
import { requirementLines } from "../../../../src/languages/python/manifests/requirement-lines.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const planOf = (files: Record<string, string>) =>
  pythonRule.plan({
    ...{ tree: memoryTree(files), runtime: "image" },
    ...{ member: null, hasPackages: false },
  });

test("one of empty lines is read quickly", () => {
  const begin = performance.now();
  expect(requirementLines("\n".repeat(2_000_000))).toEqual([]);
  expect(requirementLines(`-r${" ".repeat(2_000_000)}`)).toHaveLength(1);
  expect(performance.now() - begin).toBeLessThan(20_000);
}, 600_000);

test("what is in the way of a layer is told without its password", () => {
  const files = { "requirements.txt": "a @ git+https://joe:secret99@host/a" };
  expect(() => planOf(files)).toThrow('names "a @ git+https://***@host/a"');
});

const PROJECT = '[project]\nname = "a"\n';
const SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\n';

test.each<[string, Record<string, string>, string[]]>([
  [
    "requirements in folders below",
    {
      "requirements.txt": "-r requirements/prod.txt",
      "requirements/prod.txt": "-c pins.txt\na",
      "requirements/pins.txt": "a==1",
    },
    ["requirements.txt", "requirements/prod.txt", "requirements/pins.txt"],
  ],
  [
    "a project of a folder below",
    { "requirements.txt": "libs/foo\nb", "libs/foo/setup.py": "" },
    ["requirements.txt", "libs/foo"],
  ],
  [
    "a commit of a repository",
    { "requirements.txt": `a @ git+https://host/a@${"0".repeat(40)}` },
    ["requirements.txt"],
  ],
  ["setup.cfg", { "setup.cfg": "[options]\ninstall_requires =\n  a\n  b>1\n" }, []],
  [
    "a setup.py with literals",
    { "setup.py": "from setuptools import setup\nsetup(name='a', install_requires=['b'])" },
    [],
  ],
  [
    "requirements of a project that is not installed itself",
    {
      "setup.py": "from a import V\nsetup(install_requires=open('requirements.txt').read())",
      "a/__init__.py": "import b\n",
      "requirements.txt": "b==1\n",
    },
    ["requirements.txt"],
  ],
  [
    "a setup.py that only calls setup()",
    {
      "setup.py": "from setuptools import setup\nsetup()\n",
      "pyproject.toml": `${SETUPTOOLS}${PROJECT}dependencies = ["b"]\n`,
    },
    [],
  ],
  [
    "dynamic dependencies of a file",
    {
      "pyproject.toml": `${SETUPTOOLS}${PROJECT}dynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = ["needs.txt"]}\n`,
      "needs.txt": "b\n",
    },
    [],
  ],
  [
    "a lock",
    { Pipfile: "[packages]\na = '*'", "Pipfile.lock": '{"default": {"a": {"version": "==1"}}}' },
    [],
  ],
])("what installing reads is known: %s", (_, files, expected) => {
  expect(planOf(files)?.files).toEqual(expected);
});

test.each<[string, Record<string, string>, string]>([
  [
    "editable",
    { "requirements.txt": "-e libs/foo", "libs/foo/setup.py": "" },
    'names "-e libs/foo"',
  ],
  ["the app itself", { "requirements.txt": ".\nb" }, 'names "."'],
  ["a branch", { "requirements.txt": "a @ git+https://host/a@main" }, "names"],
  ["a file that is not there", { "requirements.txt": "-r ../base.txt" }, "is not in the source"],
  [
    "a setup.py that reads",
    { "setup.py": "setup(install_requires=open('r').read())" },
    "when it is run",
  ],
  [
    "a setup.py with a variable",
    { "setup.py": "needs = ['a']\nsetup(install_requires=needs)" },
    "when it is run",
  ],
  ["a setup.py with a table", { "setup.py": "setup(**settings)" }, "when it is run"],
  [
    "dynamic dependencies",
    { "pyproject.toml": `${SETUPTOOLS}${PROJECT}dynamic = ["dependencies"]\n` },
    "are dynamic",
  ],
])("what installing reads is not known: %s", (_, files, because) => {
  expect(() => planOf(files)).toThrow(because);
});
