import { expect, test } from "bun:test";
import { scmVersion } from "../../../../src/languages/python/scm-version.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const SCM = '[build-system]\nrequires = ["setuptools", "setuptools_scm"]\n';

test.each<[string, Record<string, string>, Record<string, string>]>([
  ["setuptools-scm", { "pyproject.toml": SCM }, { SETUPTOOLS_SCM_PRETEND_VERSION: "1.2" }],
  [
    "in setup.py",
    { "setup.py": "setup(use_scm_version=True)" },
    { SETUPTOOLS_SCM_PRETEND_VERSION: "1.2" },
  ],
  [
    "hatch-vcs",
    { "pyproject.toml": 'requires = ["hatchling", "hatch-vcs"]' },
    { SETUPTOOLS_SCM_PRETEND_VERSION: "1.2" },
  ],
  ["pbr", { "setup.py": "setup(setup_requires=['pbr'], pbr=True)" }, { PBR_VERSION: "1.2" }],
  ["pdm", { "pyproject.toml": 'version = { source = "scm" }' }, { PDM_BUILD_SCM_VERSION: "1.2" }],
  ["a fixed version", { "pyproject.toml": '[project]\nversion = "3"\n' }, {}],
  ["a repository", { "pyproject.toml": SCM, ".git/HEAD": "" }, {}],
  ["a release", { "pyproject.toml": SCM, "PKG-INFO": "Version: 3" }, {}],
])("%s", (_, files, expected) => {
  expect(scmVersion(memoryTree(files), "1.2")).toEqual(expected);
});

test.each(["2024-spring", "", "1.0 beta"])("the version %p is none of Python's", (version) => {
  expect(scmVersion(memoryTree({ "pyproject.toml": SCM }), version)).toEqual({});
});
