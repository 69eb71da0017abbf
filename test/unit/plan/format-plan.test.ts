import { expect, test } from "bun:test";
import type { BuildPlan } from "../../../src/plan/build-plan.ts";
import { formatPlan, formatPlannedWords } from "../../../src/plan/format-plan.ts";
import { plannedRun } from "../../../src/protocol/planned-action.ts";

const run = plannedRun(["npm", "ci"], {
  ...{ user: "nua", cwd: "/nua/build", from: { what: "build.build[1]", line: 7 } },
  needs: { program: "npm", otherwise: "no npm" },
});

const PLAN: Partial<BuildPlan> = {
  ...{ tag: "nua-a:1", archive: "nua-a:1.tar", dependencies: "beside" },
  images: { base: "nua-python:1", builder: null, needed: ["nua-python"] },
  decisions: [{ what: "tag nua-a:1", because: "metadata.id", file: "nua-config.toml", line: 2 }],
  layers: [
    {
      ...{ name: "dependencies", files: ["package.json"] },
      actions: [{ name: "a", title: "Install \u001b[31m", commands: [run] }],
    },
    {
      ...{ name: "app", files: null },
      actions: [
        {
          ...{ name: "b", title: "Prepare" },
          commands: [
            { kind: "warn", text: "mind this" },
            { kind: "install-packages", packages: ["git", "gcc"], purpose: "build" },
            { kind: "place-context" },
          ],
        },
      ],
    },
  ],
};

test("every command is told, with its user, folder and origin; nothing steers the terminal", () => {
  expect(formatPlan(PLAN as BuildPlan).split("\n")).toEqual([
    "nua-a:1 -> nua-a:1.tar",
    "decided:",
    "  tag nua-a:1: metadata.id  (nua-config.toml:2)",
    "base images: nua-python",
    "layer dependencies, beside the image, from package.json:",
    "  Install \\u001b[31m",
    "    $ npm ci  (nua in /nua/build, build.build[1]:7, if there is npm)",
    "layer app:",
    "  Prepare",
    "    warning: mind this",
    "    apt-get install git gcc",
  ]);
});

test("words that stand for files are not quoted", () => {
  const argv = ["pip", "install", "a b", "dist/*.whl"];
  expect(formatPlannedWords(plannedRun(argv, { glob: "alone" }))).toBe(
    "pip install 'a b' dist/*.whl",
  );
  expect(formatPlannedWords(plannedRun(argv))).toBe("pip install 'a b' 'dist/*.whl'");
});
