import { expect, describe as group, test } from "bun:test";
import { describe } from "../../../../src/languages/python/describe.ts";
import { isOfApp } from "../../../../src/languages/python/of-app.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

group("isOfApp", () => {
  const RUFF = "[tool.ruff]\nline-length = 100\n";
  test.each<[string, Record<string, string>, boolean, boolean]>([
    ["settings of a tool", { "pyproject.toml": RUFF }, false, false],
    ["a project", { "pyproject.toml": "[project]\nname='x'\n" }, true, false],
    [
      "a project with dependencies",
      { "pyproject.toml": "[project]\nname='x'\ndependencies=['flask']\n" },
      true,
      true,
    ],
    ["tools to install", { "requirements.txt": "pre-commit==3\nmkdocs-material\n" }, true, false],
    [
      "a generator of documentation, and what its lock brings",
      {
        "pyproject.toml": "[project]\nname='docs'\ndependencies=['zensical']\n",
        "uv.lock":
          '[[package]]\nname = "docs"\nsource = { virtual = "." }\ndependencies = [\n    { name = "zensical" },\n]\n[[package]]\nname = "zensical"\ndependencies = [\n    { name = "click" },\n]\n[[package]]\nname = "click"\n',
      },
      true,
      false,
    ],
    ["one more than tools", { "requirements.txt": "pre-commit\nrequests\n" }, true, true],
    ["requirements of developers", { "requirements-dev.txt": "pytest\n" }, false, false],
    ["a file that is started", { "main.py": "print()" }, true, true],
    ["Django", { "backend/manage.py": "import django" }, true, true],
    ["a broken manifest", { "pyproject.toml": "[project\n" }, true, false],
    [
      "development groups",
      { "pyproject.toml": "[dependency-groups]\ndev=['pytest']\n" },
      false,
      false,
    ],
  ])("%s", (_, files, alone, beside) => {
    const tree = memoryTree(files);
    expect(isOfApp(tree, { languages: ["python"] })).toBe(alone);
    expect(isOfApp(tree, { languages: ["other", "python"] })).toBe(beside);
  });
});

group("describe", () => {
  test.each<[string, Record<string, string>, ReturnType<typeof describe>]>([
    [
      "a project",
      {
        "pyproject.toml":
          '[project]\nname = "shop"\nversion = "1.2"\ndescription = "A  shop"\nauthors = [{name = "Ann", email = "a@b.example"}]\nlicense = {text = "MIT"}\n[project.urls]\nHomepage = "https://shop.example"\n',
      },
      {
        name: "shop",
        version: "1.2",
        description: "A shop",
        author: "Ann",
        license: "MIT",
        homepage: "https://shop.example",
      },
    ],
    [
      "poetry",
      {
        "pyproject.toml":
          '[tool.poetry]\nname = "shop"\nversion = "1"\nauthors = ["Ann <a@b.example>"]\nrepository = "https://git.example"\n',
      },
      { name: "shop", version: "1", author: "Ann", homepage: "https://git.example" },
    ],
    [
      "poetry and a project",
      { "pyproject.toml": '[project]\nname = "a"\n[tool.poetry]\nname = "b"\nversion = "2"\n' },
      { name: "a", version: "2" },
    ],
    [
      "setup.cfg",
      {
        "setup.cfg":
          "[metadata]\nname = shop\nversion = attr: shop.__version__\nurl = https://shop.example\n[options]\nversion = 9\n",
      },
      { name: "shop", homepage: "https://shop.example" },
    ],
    [
      "setup.py",
      {
        "setup.py":
          "from setuptools import setup\nsetup(\n  name='shop',\n  version=VERSION,\n  author=\"Ann\",\n)\n",
      },
      { name: "shop", author: "Ann" },
    ],
    [
      "settings of a tool, then setup.py",
      { "pyproject.toml": "[tool.x]\n", "setup.py": "setup(name='shop')" },
      { name: "shop" },
    ],
    [
      "odd values",
      { "pyproject.toml": '[project]\nname = 5\nversion = "1"\nauthors = "x"\n' },
      { version: "1" },
    ],
    ["nothing", { "requirements.txt": "flask" }, null],
    ["no TOML", { "pyproject.toml": "[[[" }, null],
  ])("%s", (_, files, expected) => {
    expect(describe(memoryTree(files))).toEqual(expected);
  });
});
