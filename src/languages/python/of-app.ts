/** Pure: whether Python is of the app, and not only of those who develop it. */
import { parseTOML } from "confbox/toml";
import * as v from "valibot";
import type { SourceTree } from "../../source/source-tree.ts";
import type { Beside } from "../language.ts";
import { declaredPackages } from "./manifests/declared-packages.ts";
import { findDjango } from "./start/django.ts";
import { findApp } from "./start/find-app.ts";
import { usualFile } from "./start/main-file.ts";

/**
 * Beside another language, what is declared has to be more than tools, or something of it has to be
 * started. Alone, a project is of the app whatever it holds; settings of tools are of nobody.
 */
export function isOfApp(tree: SourceTree, { languages }: Beside): boolean {
  const others = languages.filter((name) => name !== "python" && name !== "wheels");
  if (findDjango(tree) !== undefined || usualFile(tree) !== undefined) return true;
  const declared = declaredPackages(tree);
  if (findApp(tree, declared) !== undefined) return true;
  const isProject = describesProject(tree);
  if (others.length === 0) return isProject || declared.size > 0 || hasRequirements(tree);
  // Requirements that name nothing are no tools.
  if (declared.size === 0) return hasRequirements(tree);
  // What locks name is there for what manifests name, where these name something.
  const named = [...declared.values()].filter(({ file }) => !isLock(file));
  const asked = named.length > 0 ? named : [...declared.values()];
  return asked.some(({ name }) => !isTool(name));
}

// --- internal ---

/** Tables of pyproject.toml that make a project, and not only settings of a tool. */
const projectSchema = v.object({
  project: v.optional(v.unknown()),
  "build-system": v.optional(v.unknown()),
  tool: v.optional(v.fallback(v.object({ poetry: v.optional(v.unknown()) }), {}), {}),
});

function describesProject(tree: SourceTree): boolean {
  if (tree.has("setup.py") || tree.has("Pipfile")) return true;
  if (/^\[(metadata|options)\]/m.test(tree.text("setup.cfg") ?? "")) return true;
  const text = tree.text("pyproject.toml");
  if (text === undefined) return false;
  try {
    const { project, tool, ...others } = v.parse(projectSchema, parseTOML(text));
    return [project, tool.poetry, others["build-system"]].some((one) => one !== undefined);
  } catch {
    // Broken: whoever installs it says so.
    return true;
  }
}

function hasRequirements(tree: SourceTree): boolean {
  return tree.has("requirements.txt");
}

/** What developers use: checks, tests, documentation, releases. No app runs on these alone. */
const TOOLS = new Set([
  ...["ansible", "ansible-lint", "autopep8", "bandit", "black", "build", "bump2version"],
  ...["bumpversion", "bump-my-version", "codespell", "commitizen", "coverage", "cruft", "flake8"],
  ...["furo", "gitlint", "hatch", "invoke", "ipython", "isort", "jinja2-cli", "jupyter"],
  ...["locust", "mdformat", "mkdocs", "mypy", "myst-parser", "nox", "pip", "pip-tools"],
  ...[
    "poethepoet",
    "poetry",
    "pre-commit",
    "proselint",
    "pylint",
    "pyright",
    "pytest",
    "pyupgrade",
  ],
  ...["reuse", "robotframework", "ruff", "semgrep", "setuptools", "sphinx", "sqlfluff"],
  ...["towncrier", "tox", "twine", "uv", "virtualenv", "vulture", "wheel", "yamllint", "zizmor"],
  ...["zensical", "jupyter-book", "pdoc", "pdoc3", "pydoctor", "portray"],
  ...["djlint", "doc8", "git-cliff", "linkchecker", "lxml-stubs", "playwright", "selenium"],
]);

function isLock(file: string): boolean {
  return /\.lock$|^pylock\./.test(file);
}

function isTool(name: string): boolean {
  return (
    TOOLS.has(name) ||
    /^(types-|flake8-|pytest-|mkdocs-|sphinx-|sphinxcontrib-|pylint-|mdformat-)/.test(name)
  );
}
