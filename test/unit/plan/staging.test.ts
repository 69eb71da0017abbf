import { expect, test } from "bun:test";
import {
  isStagedAtTop,
  isStagedBelow,
  isStagedInNua,
  plainMode,
} from "../../../src/source/staged-names.ts";

test.each([
  // What the build reads.
  ...["app.py", "requirements.txt", "build", "dist", ".npmrc", ".yarnrc.yml", ".yarn"].map(
    (name) => ({ name, staged: true }),
  ),
  ...[".python-version", ".nvmrc", ".babelrc.json", ".tool-versions", ".browserslistrc"].map(
    (name) => ({ name, staged: true }),
  ),
  ...[".cargo", ".streamlit", ".env.production", ".github", "node_modules", ".venv"].map(
    (name) => ({ name, staged: true }),
  ),
  // What is history, made again, or written by nua-build itself.
  ...[".git", ".hg", ".tox"].map((name) => ({ name, staged: false })),
  ...["__pycache__", "mod.pyc", "nua", "Dockerfile", "Dockerfile.dockerignore"].map((name) => ({
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
  expect([".htaccess", "nua", "Dockerfile"].map(isStagedBelow)).toEqual([true, true, true]);
  expect([".git", "__pycache__", "x.pyc"].map(isStagedBelow)).toEqual([false, false, false]);
});

test("in the folder nua, everything but the configuration", () => {
  expect(["start.py", "Dockerfile", ".bashrc", "nua-config.toml"].map(isStagedInNua)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test.each([
  [0o600, 0o644],
  [0o664, 0o644],
  [0o700, 0o755],
  [0o4711, 0o755],
  [0o640, 0o644],
])("a file of mode %o has %o in the image", (mode, expected) => {
  expect(plainMode(mode)).toBe(expected);
});
