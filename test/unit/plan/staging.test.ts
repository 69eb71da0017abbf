import { expect, test } from "bun:test";
import {
  dockerignoreText,
  isStagedAtTop,
  isStagedBelow,
  isStagedInNua,
} from "../../../src/plan/staging.ts";

test.each([
  // What the build reads.
  ...["app.py", "requirements.txt", "build", "dist", ".npmrc", ".yarnrc.yml", ".yarn"].map(
    (name) => ({ name, staged: true }),
  ),
  ...[".python-version", ".nvmrc", ".babelrc.json", ".tool-versions", ".browserslistrc"].map(
    (name) => ({ name, staged: true }),
  ),
  // What is private, made again, or written by nua-build itself.
  ...[".git", ".env", ".env.production", ".netrc", ".ssh", ".bashrc", ".envrc", ".DS_Store"].map(
    (name) => ({ name, staged: false }),
  ),
  ...["node_modules", "__pycache__", ".venv", "mod.pyc", "nua", "Dockerfile"].map((name) => ({
    name,
    staged: false,
  })),
  ...["nua-config.toml", "nua-config.json", "nua-config.yml", "nua-agent.json"].map((name) => ({
    name,
    staged: false,
  })),
])("at the top, $name is staged: $staged", ({ name, staged }) => {
  expect(isStagedAtTop(name)).toBe(staged);
});

test("below the top, dot files are the app's own", () => {
  expect([".env", ".htaccess", "nua"].map(isStagedBelow)).toEqual([true, true, true]);
  expect([".git", "node_modules", "x.pyc"].map(isStagedBelow)).toEqual([false, false, false]);
});

test("in the folder nua, neither dot files nor the configuration", () => {
  expect(["start.py", "Dockerfile", ".env", "nua-config.toml"].map(isStagedInNua)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("a .dockerignore cannot hide what the build needs: the last line wins", () => {
  const text = dockerignoreText("*\n!app.py");
  expect(text.startsWith("*\n!app.py\n")).toBe(true);
  for (const name of ["nua-config.json", "nua-agent.json", "Dockerfile", "nua/**"]) {
    expect(text).toContain(`\n!${name}\n`);
  }
});
