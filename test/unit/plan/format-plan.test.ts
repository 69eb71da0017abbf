/** Plans as a person reads them. */
import { expect, test } from "bun:test";
import type { BuildPlan } from "../../../src/plan/build-plan.ts";
import { formatPlan, formatPlannedWords } from "../../../src/plan/format-plan.ts";
import {
  type PlannedCommand,
  plannedRun,
  plannedShell,
} from "../../../src/protocol/planned-action.ts";

const PLAN: BuildPlan = {
  version: 2,
  tag: "nua-app:1.0",
  archive: "nua-app:1.0.tar",
  method: "build",
  configFile: "nua/nua-config.toml",
  dockerfile: { kind: "default", file: null, healthcheck: null },
  images: {
    buildBase: "b",
    linuxBase: null,
    base: "nua-python:1",
    builder: "nua-builder:1",
    needed: ["nua-python", "nua-builder"],
  },
  packed: { keep: null, omit: [] },
  command: null,
  labels: {},
  source: { kind: "local", dir: "." },
  parts: [],
  start: null,
  declared: { env: {}, port: null },
  replaced: null,
  warnings: [],
  packages: { build: [], run: [] },
  layers: [],
  dependencies: "here",
  formatted: {
    ...{ srcUrl: "", gitUrl: "", gitBranch: "main", baseImage: "", project: "" },
    ...{ builder: undefined, build: [] },
  },
  manifest: null,
  needed: [],
  subApps: {},
  config: { metadata: { id: "app", version: "1.0", title: "App", author: "Me" } },
  decisions: [],
};

/** What is told of commands, without the layer and the title above them. */
function told(...commands: PlannedCommand[]): string[] {
  const actions = [{ name: "build", title: "Work", commands }];
  const text = formatPlan({ ...PLAN, layers: [{ name: "app", files: null, actions }] });
  const lines = text.split("\n");
  return lines.slice(lines.indexOf("  Work") + 1);
}

test("what was decided, and each layer", () => {
  const plan: BuildPlan = {
    ...PLAN,
    dependencies: "pruned",
    decisions: [
      { what: "tag nua-app:1.0", because: "metadata.id", file: "nua/nua-config.toml", line: 2 },
      { what: "base nua-python", because: "no builder is named" },
    ],
    layers: [
      {
        name: "development",
        files: ["package.json", "package-lock.json"],
        actions: [
          { name: "place-context", title: "Take files", commands: [{ kind: "place-context" }] },
        ],
      },
      { name: "app", files: null, actions: [{ name: "test", title: "Test", commands: [] }] },
    ],
  };
  expect(formatPlan(plan)).toBe(`nua-app:1.0 -> nua-app:1.0.tar
decided:
  tag nua-app:1.0: metadata.id  (nua/nua-config.toml:2)
  base nua-python: no builder is named
base images: nua-python, nua-builder
layer development, in no image, from package.json, package-lock.json:
  Take files
layer app:
  Test`);
});

test("what the app is, how it is started, and of what a person is warned", () => {
  const part = { language: "node", member: null, replacedBy: null, decisions: [] };
  const text = formatPlan({
    ...PLAN,
    parts: [
      { ...part, dir: "ui", file: "ui/package.json", replacedBy: "build.build" },
      {
        ...{ ...part, language: "python", dir: "", file: "pyproject.toml" },
        decisions: [{ what: "uv 0.5.1", from: { what: "uv.lock" } }],
      },
    ],
    replaced: "build.build replaces what ui/package.json would have run: npm ci",
    start: { what: "gunicorn app:app", dir: "server", from: { what: "Procfile:1" } },
    declared: { env: { NODE_ENV: "production", PORT: "8000" }, port: 8000 },
    warnings: ["Procfile:2: worker is not started, only web"],
  });
  expect(text.split("\n").slice(1, -1)).toEqual([
    "app:",
    "  node, from ui/package.json, built by build.build",
    "  python, from pyproject.toml",
    "    uv 0.5.1  (uv.lock)",
    "  build.build replaces what ui/package.json would have run: npm ci",
    "started with:",
    "  gunicorn app:app  (in server, Procfile:1)",
    "  NODE_ENV=production PORT=8000",
    "warnings:",
    "  Procfile:2: worker is not started, only web",
  ]);
});

test("with a package's own Dockerfile, where it has the agent work", () => {
  const dockerfile = { kind: "package", file: "nua/Dockerfile", healthcheck: null } as const;
  const text = formatPlan({
    ...PLAN,
    dockerfile,
    layers: [{ name: "app", files: null, actions: [] }],
  });
  expect(text.split("\n").at(-1)).toBe("layer app, where nua/Dockerfile has app_builder run:");
});

const NEEDS = { program: "npm", otherwise: "no Node" };

test.each<[PlannedCommand, ...string[]]>([
  [
    plannedShell("make all", {
      ...{
        user: "nua",
        cwd: "/nua/build",
        from: { what: "build.build[1]", file: "nua/nua-config.toml", line: 7 },
      },
    }),
    "    $ make all  (nua in /nua/build, build.build[1], nua/nua-config.toml:7)",
  ],
  [
    plannedRun(["npm", "ci", "--x=a b"], {
      user: "nua",
      from: { what: "package.json" },
      needs: NEEDS,
    }),
    "    $ npm ci '--x=a b'  (nua in /, package.json, if there is npm)",
  ],
  [plannedShell("true"), "    # true  (root in /)"],
  [
    plannedRun(["pip", "install", "a b", "*.whl"], { glob: "alone" }),
    "    # pip install 'a b' *.whl  (root in /)",
  ],
  [plannedShell("a\nb\n"), "    # a", "      b  (root in /)"],
  [plannedShell("a\u001b[2J"), "    # a\\u001b[2J  (root in /)"],
  [{ kind: "warn", text: "beware", needs: NEEDS }, "    warning: beware  (if there is npm)"],
  [
    { kind: "install-packages", packages: ["git", "make"], purpose: "build" },
    "    # apt-get install git make  (those that are not there, removed after the build)",
  ],
  [
    {
      ...{ kind: "install-packages", packages: ["git"], purpose: "image", needs: NEEDS },
      from: [
        { what: "run.packages", file: "nua/nua-config.toml", line: 9 },
        { what: "Gemfile", line: 2 },
      ],
    },
    "    # apt-get install git  (those that are not there, run.packages, nua/nua-config.toml:9, Gemfile:2, if there is npm)",
  ],
  [{ kind: "make-folders", documentRoot: "public" }, "    public, empty"],
  [{ kind: "make-folders", documentRoot: null }],
  [{ kind: "unpack-source", dir: "app" }, "    to /nua/build/app"],
  [startScript(["a", "b"], null), "    $ first", "    $ a", "    $ b"],
  [startScript([], "nua/my start.py"), "    $ first", "    $ python '/nua/build/nua/my start.py'"],
  [startScript([], null), "    $ first"],
])("%j", (command, ...lines) => {
  expect(told(command)).toEqual(lines);
});

test("words that stand for files are not quoted", () => {
  const argv = ["pip", "install", "a b", "dist/*.whl"];
  expect(formatPlannedWords(plannedRun(argv, { glob: "alone" }))).toBe(
    "pip install 'a b' dist/*.whl",
  );
  expect(formatPlannedWords(plannedRun(argv))).toBe("pip install 'a b' 'dist/*.whl'");
});

test("no text can steer the terminal", () => {
  const action = { name: "a", title: "Install \u001b[31m", commands: [] };
  const text = formatPlan({ ...PLAN, layers: [{ name: "app", files: null, actions: [action] }] });
  expect(text.split("\n").at(-1)).toBe("  Install \\u001b[31m");
});

test("no name of a file can begin a line of its own", () => {
  const layers = [{ name: "app" as const, files: ["a\nlayer b"], actions: [] }];
  const decisions = [{ what: "x", because: "y\nz" }];
  const text = formatPlan({ ...PLAN, layers, decisions });
  expect(text).toContain("  x: y\\nz\n");
  expect(text).toContain("layer app, from a\\nlayer b:");
});

function startScript(start: string[], script: string | null): PlannedCommand {
  const rest = { beforeRun: ["first"], cwd: "/nua/build", rendered: {} };
  const found = { scripts: [], detected: null, lookedFor: [], isTold: false };
  return { kind: "start-script", start, script, ...found, ...rest };
}
