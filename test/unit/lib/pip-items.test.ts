import { describe, expect, test } from "bun:test";
import { isAppItself, projectName } from "../../../src/languages/python/pip-items.ts";

const APP = { name: "my-app", dir: "." };

describe("the app itself is", () => {
  test.each([
    ".",
    "./",
    "-e .",
    "-e.",
    "--editable=.",
    "--editable ./",
    ".[web]",
    "-e .[web,db]",
    "file:.",
    "/nua/build",
    "file:///nua/build",
    "./x/..",
    "./dist/My_App-1.0-py3-none-any.whl",
    "dist/my.app-1.0.tar.gz",
    "my-app",
    "My_App[web]>=1",
    "my-app @ file:///nua/build",
    "gunicorn .",
  ])("%s", (item) => {
    expect(isAppItself([item], APP)).toBe(true);
  });

  test.each(["./backend", "-e ./backend"])("%s, of a source below", (item) => {
    expect(isAppItself([item], { name: null, dir: "backend" })).toBe(true);
  });
});

describe("beside the app is", () => {
  test.each([
    "gunicorn",
    "my-app-plugin",
    "./plugins/one",
    "../other",
    "./dist/other-1.0-py3-none-any.whl",
    "-r requirements.txt",
    "uvicorn[standard]",
    "flask>=1.0",
    "https://host/my-app",
    "--no-binary=:all:",
    "",
  ])("%s", (item) => {
    expect(isAppItself([item], APP)).toBe(false);
  });

  test("every name, of a project that has none", () => {
    expect(isAppItself(["a", "b-1.0-py3-none-any.whl"], { name: null, dir: "." })).toBe(false);
  });
});

describe("the name of a project in", () => {
  test.each([
    ["pyproject.toml", '[build-system]\nname = "no"\n[project]\nversion = "1"\nname = "My.App"\n'],
    ["pyproject.toml", "[tool.poetry]\nname = 'my_app'\n[tool.x]\nname = 'no'\n"],
    ["setup.cfg", "[metadata]\nname = my-app\n"],
    ["setup.py", "from setuptools import setup\nsetup(version='1', name='my-app')\n"],
  ])("%s", (file, text) => {
    expect(projectName((name) => (name === file ? text : undefined))).toBe("my-app");
  });

  test("none", () => {
    expect(projectName(() => undefined)).toBe(null);
    const other = "[tool.black]\nname = 'x'\n";
    expect(projectName((name) => (name === "pyproject.toml" ? other : undefined))).toBe(null);
  });
});
