import { describe, expect, test } from "bun:test";
import { wholeActions } from "../../../src/plan/actions.ts";
import { type LayersInput, planLayers } from "../../../src/plan/layers.ts";
import type { PlannedAction } from "../../../src/protocol/planned-action.ts";
import { memoryTree } from "../../helpers/memory-tree.ts";
import { NO_WORK, PYTHON_ALONE } from "../agent/facts.ts";

interface Row {
  name: string;
  files?: Record<string, string>;
  /** Names in the folder whose texts do not matter. */
  names?: string[];
  language?: string;
  /** The language whose runtime is there for the build alone. */
  forBuild?: string;
  work?: Partial<LayersInput["work"]>;
  input?: Partial<LayersInput>;
  /** The files of the layer of dependencies; null when there is none of its own. */
  layer?: string[] | null;
  place?: string;
  /** Words of the reason. */
  because?: string;
}

const NODE = "nodejs" as const;
const manifest = (more: object) => JSON.stringify({ dependencies: { a: "1" }, ...more });
const PROJECT = "[project]\nname = 'a'\n";
const POETRY = "[tool.poetry]\nname = 'a'\n[tool.poetry.dependencies]\npython = '^3.10'\n";

const MODULE = "module m\nrequire a.b/c v1.0.0\nrequire a.b/d v1.0.0\n";
const SUMS = "a.b/c v1.0.0 h1:x=\na.b/d v1.0.0 h1:x=\n";
const PROGRAM = "package main\n\nfunc main() {}\n";

const rows: Row[] = [
  { name: "nothing", layer: null },
  { name: "requirements", files: { "requirements.txt": "a\n" }, layer: ["requirements.txt"] },
  {
    name: "requirements that include others",
    files: {
      "requirements.txt": "-r base.txt\n-c pins.txt",
      "base.txt": "a\n",
      "pins.txt": "a==1",
    },
    layer: ["requirements.txt", "base.txt", "pins.txt"],
  },
  {
    name: "requirements that include what is not there",
    files: { "requirements.txt": "-r requirements/prod.txt\n" },
    because: "requirements/prod.txt is not in the source",
  },
  ...["-e .", "./lib", "a @ file:///x", "git+https://x/y", "a @ git+https://x/y", "x.whl"].map(
    (line): Row => ({
      name: `the requirement ${line}`,
      files: { "requirements.txt": `a\n${line}\n` },
      because: `names "${line}"`,
    }),
  ),
  {
    name: "a project and its lock",
    files: { "pyproject.toml": `${PROJECT}dependencies = ['a']\n`, "uv.lock": "version = 1\n" },
    // What pip installs is in the plan: it reads none of the app's files.
    layer: [],
  },
  { name: "a project without dependencies", files: { "pyproject.toml": PROJECT }, layer: null },
  {
    name: "a project with dynamic dependencies",
    files: { "pyproject.toml": `${PROJECT}dynamic = ['dependencies']\n` },
    because: "dynamic",
  },
  {
    name: "a project of Poetry",
    files: { "pyproject.toml": `${POETRY}a = '^1'\n` },
    layer: [],
  },
  { name: "one that only names Python", files: { "pyproject.toml": POETRY }, layer: null },
  {
    name: "one with a path",
    files: { "pyproject.toml": `${POETRY}a = {path = 'a'}\nb = '*'\n`, "a/setup.py": "setup()" },
    layer: [],
  },
  { name: "setup.py", files: { "setup.py": "setup(**read())" }, because: "setup.py" },
  { name: "setup.cfg", files: { "setup.cfg": "[options]\ninstall_requires = a" }, layer: [] },
  {
    name: "Node",
    language: NODE,
    files: { "package.json": manifest({}), "package-lock.json": "{}", ".npmrc": "" },
    layer: ["package.json", "package-lock.json", ".npmrc"],
  },
  {
    name: "Node's dependencies that bun runs with",
    language: "bun",
    files: { "package.json": manifest({}), "bun.lock": '{"lockfileVersion": 1}' },
    layer: ["package.json", "bun.lock"],
  },
  {
    name: "Node in an image without it",
    files: { "package.json": manifest({}) },
    layer: null,
  },
  {
    name: "Node that a package may bring",
    files: { "package.json": manifest({}) },
    work: { packages: { build: [], run: ["npm"] } },
    because: "may bring Node.js",
  },
  ...["postinstall", "prepare"].map(
    (script): Row => ({
      name: `a script ${script}`,
      language: NODE,
      files: { "package.json": manifest({ scripts: { [script]: "x" } }) },
      layer: ["package.json"],
    }),
  ),
  {
    name: "a script that only refuses other managers",
    language: NODE,
    files: { "package.json": manifest({ scripts: { preinstall: "npx only-allow npm" } }) },
    layer: ["package.json"],
  },
  {
    name: "workspaces",
    language: NODE,
    files: {
      "package.json": manifest({ workspaces: ["packages/*", "!packages/c"] }),
      "packages/a/package.json": manifest({}),
      "packages/a/index.js": "",
      "packages/b/.npmrc": "",
      "packages/b/package.json": "{}",
      "packages/c/package.json": "{}",
    },
    layer: [
      ...["package.json", "packages/a/package.json", "packages/b/package.json"],
      "packages/b/.npmrc",
    ],
  },
  {
    name: "pnpm, with patches",
    language: NODE,
    files: {
      "package.json": manifest({ pnpm: { patchedDependencies: { "a@1": "patches/a.patch" } } }),
      "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
      "pnpm-workspace.yaml": "packages: []\npatchedDependencies:\n  b: patches/b.patch\n",
      ".pnpmfile.cjs": "",
      "patches/a.patch": "",
      "patches/b.patch": "",
      "patches/c.patch": "",
    },
    layer: [
      ...["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ".pnpmfile.cjs"],
      ...["patches/a.patch", "patches/b.patch"],
    ],
  },
  {
    name: "yarn 4, with what it brings",
    language: NODE,
    files: {
      "package.json": manifest({ dependencies: { a: "patch:a@npm%3A1.0.0#~/patches/a.patch" } }),
      "yarn.lock": "__metadata:\n  version: 8\n",
      ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-4.1.0.cjs\n",
      ".yarn/releases/yarn-4.1.0.cjs": "",
      ".yarn/sdks/x": "",
      "patches/a.patch": "",
    },
    layer: [...["package.json", "yarn.lock", ".yarnrc.yml", ".yarn/releases", "patches/a.patch"]],
  },
  {
    name: "a local dependency",
    language: NODE,
    files: { "package.json": manifest({ dependencies: { a: "file:./a" } }) },
    because: "own folder",
  },
  {
    name: "a local dependency that is a member",
    language: NODE,
    files: {
      "package.json": manifest({ dependencies: { a: "file:./a" }, workspaces: ["a"] }),
      "a/package.json": "{}",
    },
    layer: ["package.json", "a/package.json"],
  },
  {
    name: "a local archive",
    language: NODE,
    files: {
      "package.json": manifest({ dependencies: { a: "file:./lib/a.tgz" } }),
      "lib/a.tgz": "",
    },
    layer: ["package.json", "lib/a.tgz"],
  },
  {
    name: "an install script that is configured",
    language: NODE,
    files: { "package.json": manifest({}), ".puppeteerrc.cjs": "" },
    because: ".puppeteerrc.cjs",
  },
  {
    name: "a generator's schema",
    language: NODE,
    files: {
      "package.json": manifest({ dependencies: { "@prisma/client": "6" } }),
      "prisma/schema.prisma": "",
    },
    layer: ["package.json", "prisma"],
  },
  {
    name: "a build script with what only it needs",
    language: NODE,
    files: { "package.json": manifest({ scripts: { build: "x" }, devDependencies: { b: "1" } }) },
    layer: ["package.json"],
    place: "pruned",
  },
  {
    name: "a build script that needs nothing more",
    language: NODE,
    files: { "package.json": manifest({ scripts: { build: "x" } }) },
    layer: ["package.json"],
  },
  {
    name: "a build script and packages for it",
    language: NODE,
    files: { "package.json": manifest({ scripts: { build: "x" } }) },
    work: { packages: { build: ["gcc"], run: [] } },
    because: "build.packages",
  },
  {
    name: "gems",
    language: "ruby",
    files: {
      Gemfile: "gem 'a'\n",
      "Gemfile.lock": "GEM\n  specs:\n    a (1.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  a\n",
    },
    layer: ["Gemfile", "Gemfile.lock"],
  },
  {
    name: "gems, with a lock that does not fit",
    language: "ruby",
    files: { Gemfile: "gem 'a'\n", "Gemfile.lock": "GEM\n  specs:\n\nDEPENDENCIES\n" },
    because: "Bundler writes to Gemfile.lock",
  },
  { name: "a gemspec", language: "ruby", files: { Gemfile: "gemspec\n" }, because: "other files" },
  {
    name: "a gem of the app's own",
    language: "ruby",
    files: { Gemfile: "gem 'a', path: 'a'\n" },
    because: "other files",
  },
  {
    name: "a gem of the app's own in the lock",
    language: "ruby",
    files: { Gemfile: "gem 'a'\n", "Gemfile.lock": "PATH\n  remote: a\n" },
    because: "Gemfile.lock",
  },
  {
    name: "gems that the app brings",
    language: "ruby",
    files: { Gemfile: "gem 'a'\n" },
    names: ["vendor"],
    because: "vendor",
  },
  {
    name: "modules",
    language: "go",
    files: {
      ...{ "go.mod": `${MODULE}replace a.b/c => ./c\n`, "go.sum": "a.b/d v1.0.0 h1:x=\n" },
      ...{ "main.go": PROGRAM, "c/go.mod": "module a.b/c\n", "c/c.go": "package c\n" },
    },
    layer: ["go.mod", "go.sum", "c/go.mod"],
    place: "build",
  },
  {
    name: "modules beside what is in the image",
    language: "go",
    files: { "go.mod": MODULE, "go.sum": SUMS, "main.go": PROGRAM },
    work: { pipInstall: [{ item: "a>1", from: "build.pip-install" }] },
    layer: ["go.mod", "go.sum"],
  },
  {
    name: "modules of the folder vendor",
    language: "go",
    files: {
      ...{ "go.mod": MODULE, "main.go": PROGRAM },
      "vendor/modules.txt": "# a.b/c v1.0.0\n# a.b/d v1.0.0\n",
    },
    layer: null,
  },
  {
    name: "modules, with a go.sum that does not fit",
    language: "go",
    files: { "go.mod": MODULE, "main.go": PROGRAM },
    because: "Go writes to go.sum",
  },
  {
    name: "modules, and packages for what is built",
    language: "go",
    files: { "go.mod": MODULE, "go.sum": SUMS, "main.go": PROGRAM },
    work: { packages: { build: ["libx-dev"], run: [] } },
    because: "build.packages",
  },
  {
    name: "pip-install",
    work: { pipInstall: [{ item: "a>1", from: "build.pip-install" }] },
    layer: [],
  },
  {
    name: "pip-install of the app's own wheels",
    work: { pipInstall: [{ item: "dist/*.whl", from: "build.pip-install" }] },
    because: "dist/*.whl",
  },
  {
    name: "pip-install beside requirements",
    files: { "requirements.txt": "b\n" },
    work: { pipInstall: [{ item: "a", from: "build.pip-install" }] },
    layer: ["requirements.txt"],
  },
  {
    name: "pip-install of the app itself",
    files: { "requirements.txt": "b\n", "pyproject.toml": '[project]\nname = "a"\n' },
    work: { pipInstall: [{ item: "A[web]", from: "build.pip-install" }] },
    layer: [],
  },
  {
    name: "pip-install of the app's folder: what it declares is known",
    files: {
      "requirements.txt": "b\n",
      "pyproject.toml": '[project]\nname = "a"\ndependencies = ["c"]\n',
    },
    work: {
      pipInstall: [".", "gunicorn", "-r requirements.txt"].map((item) => ({
        item,
        from: "build.pip-install",
      })),
    },
    layer: ["requirements.txt"],
  },
  {
    name: "pip-install of the app's folder as editable",
    files: { "pyproject.toml": '[project]\nname = "a"\ndependencies = ["c"]\n' },
    work: { pipInstall: [{ item: "-e .", from: "build.pip-install" }] },
    because: "-e .",
  },
  {
    name: "build commands",
    files: { "requirements.txt": "a\n" },
    work: { build: [{ line: "make", from: "build.build" }] },
    layer: null,
  },
  {
    name: "a build script in Python",
    files: { "requirements.txt": "a\n" },
    input: { foundBuildScript: "build.py" },
    layer: null,
  },
  {
    name: "before-build",
    files: { "requirements.txt": "a\n" },
    work: { beforeBuild: [{ line: "x", from: "build.before-build" }] },
    because: "before-build",
  },
  {
    name: "a manifest of files",
    files: { "requirements.txt": "a\n" },
    input: { hasManifest: true },
    because: "build.manifest",
  },
  {
    name: "a source below the app's folder",
    files: { "requirements.txt": "a\n" },
    work: { source: { kind: "local", dir: "server" } },
    layer: ["server/requirements.txt"],
  },
  {
    name: "what a site is made with, which no layer of the image has",
    forBuild: NODE,
    files: {
      "package.json": manifest({
        scripts: { build: "vite build" },
        devDependencies: { vite: "7" },
      }),
      "index.html": "",
    },
    layer: ["package.json"],
    place: "below",
  },
  {
    name: "the dependencies of a server and of the front end that is built for it",
    forBuild: NODE,
    files: {
      "requirements.txt": "flask\n",
      "package.json": manifest({
        scripts: { build: "vite build" },
        devDependencies: { vite: "7" },
      }),
    },
    layer: ["package.json", "requirements.txt"],
    place: "below",
  },
  { name: "a source from elsewhere", input: { tree: undefined }, layer: null },
];

function builtWithOf({ language = "python", forBuild }: Partial<Row>): LayersInput["builtWith"] {
  const leftOut = forBuild === undefined ? [] : [forBuild];
  return { languages: [language, ...leftOut], leftOut };
}

function layersOf(
  files: Record<string, string>,
  { work, ...input }: Partial<Omit<LayersInput, "work">> & { work?: Row["work"] },
  decide: (what: string, reason: string) => void = () => {},
) {
  return planLayers(
    {
      ...{ work: { ...NO_WORK, ...work }, builtWith: PYTHON_ALONE, tree: memoryTree(files) },
      ...{ versions: {}, isPrepared: true },
      ...{
        foundBuildScript: null,
        foundStartScript: null,
        hasManifest: false,
        isLayered: true,
        placeOf: () => undefined,
      },
      ...input,
    },
    decide,
  );
}

describe("dependencies", () => {
  test("a broken manifest is an error with its place", () => {
    const files = { "pyproject.toml": "[project]\n[" };
    const build = () => layersOf(files, { work: {} }, () => {});
    expect(build).toThrow(
      expect.objectContaining({
        code: "input",
        file: "pyproject.toml",
        position: { line: 2, column: 2 },
      }),
    );
  });

  test.each(rows)("$name", ({ files = {}, names = [], because, ...row }) => {
    const reasons: string[] = [];
    const others = Object.fromEntries(names.map((name) => [name, ""]));
    const { layers, dependencies } = layersOf(
      { ...files, ...others },
      {
        ...row.input,
        builtWith: builtWithOf(row),
        work: row.work ?? {},
      },
      (what, reason) => reasons.push(`${what}: ${reason}`),
    );
    const isBelow = row.place === undefined || row.place === "below";
    const first = isBelow ? "dependencies" : "development";
    const found = layers.find(({ name }) => name === first)?.files ?? null;
    expect(found).toEqual(row.layer ?? null);
    expect(dependencies).toBe(found === null ? "here" : ((row.place ?? "below") as never));
    if (because === undefined) expect(reasons.join()).not.toContain("no layer of its own");
    else expect(reasons.join()).toContain(because);
  });
});

const ALL = {
  packages: { build: ["gcc"], run: ["curl"] },
  metaPackages: ["psycopg2"],
  pipInstall: [{ item: "a", from: "build.pip-install" }],
  start: [{ line: "x", from: "run.start" }],
};
const namesOf = (actions: readonly { name: string }[]) => actions.map(({ name }) => name);

test("what is done for a layer is nothing of the others'", () => {
  const { layers } = layersOf({}, { work: ALL });
  expect(layers.map(({ name, actions }) => [name, namesOf(actions)])).toEqual([
    ["packages", ["run-packages", "remove-packages"]],
    [
      "dependencies",
      [
        ...["place-context", "make-folders", "build-packages", "meta-packages", "pip-install"],
        ...["remove-packages", "fix-owners"],
      ],
    ],
    [
      "app",
      [
        ...["place-context", "make-folders", "remove-packages", "merge-folders", "start-scripts"],
        ...["metadata", "fix-owners", "test"],
      ],
    ],
  ]);
});

const BUILT = {
  "package.json": manifest({ scripts: { build: "x" }, devDependencies: { b: "1" } }),
};
const TIDY = "rm -rf node_modules/.cache";

/** The last command of each action of that name. */
function lastOf(actions: readonly PlannedAction[], name: string): string[] {
  return actions.filter((one) => one.name === name).map(({ commands }) => text(commands.at(-1)));
}

function text(command: PlannedAction["commands"][number] | undefined): string {
  return command?.kind === "run" ? command.argv.join(" ") : "";
}

test("what only the build needs is there for it, and in no layer of the image", () => {
  const { layers } = layersOf(BUILT, { builtWith: builtWithOf({ language: NODE }), work: {} });
  expect(layers.map(({ name, actions }) => [name, namesOf(actions)])).toEqual([
    [
      "development",
      ["place-context", "make-folders", "dependencies", "remove-packages", "fix-owners"],
    ],
    ["dependencies", ["prune", "tidy", "fix-owners"]],
    [
      "app",
      [
        ...["place-context", "make-folders", "build", "tidy", "remove-packages", "merge-folders"],
        ...["start-scripts", "metadata", "fix-owners", "test"],
      ],
    ],
  ]);
  expect(layers[1]!.actions[0]!.commands.map(text)).toEqual(["npm prune --ignore-scripts"]);
});

test("a test of the app's own finds what the image has", () => {
  const builtWith = builtWithOf({ language: NODE });
  const work = { test: [{ line: "x", from: "build.test" }] };
  const { layers } = layersOf(BUILT, { builtWith, work });
  expect(namesOf(layers.at(-1)!.actions).slice(2, 5)).toEqual(["build", "prune", "tidy"]);
  const whole = namesOf(wholeActions(layers));
  expect(whole.filter((name) => name === "prune")).toEqual(["prune"]);
});

test("in one go, what only the build needs goes after the build", () => {
  const { layers } = layersOf(BUILT, { builtWith: builtWithOf({ language: NODE }), work: {} });
  const whole = wholeActions(layers);
  expect(namesOf(whole)).toEqual([
    ...["place-context", "make-folders", "dependencies", "build", "prune", "tidy"],
    ...["remove-packages", "merge-folders", "start-scripts", "metadata", "fix-owners", "test"],
  ]);
  expect(lastOf(whole, "prune")).toEqual(["npm prune --ignore-scripts"]);
  expect(lastOf(whole, "tidy")[0]).toContain(TIDY);
});

test("in one go, nothing is done twice, and nothing is removed before its end", () => {
  const { layers } = layersOf({}, { work: ALL });
  expect(namesOf(wholeActions(layers))).toEqual([
    ...["place-context", "make-folders", "run-packages", "build-packages", "meta-packages"],
    ...["pip-install", "remove-packages", "merge-folders", "start-scripts", "metadata"],
    ...["fix-owners", "test"],
  ]);
});

test("in one go, what no layer would have is removed before the last word of the package", () => {
  const { layers } = layersOf({}, { work: ALL });
  const whole = wholeActions(layers, ["/nua/build/node_modules"]);
  const at = namesOf(whole).indexOf("remove-left-out");
  expect(namesOf(whole)[at + 1]).toBe("merge-folders");
  expect(whole[at]!.commands).toMatchObject([
    { argv: ["rm", "-rf", "--", "/nua/build/node_modules"], user: "root" },
  ]);
});

test("a package's own Dockerfile has the layers that it has", () => {
  const { layers, dependencies } = layersOf(
    { "requirements.txt": "a" },
    { isLayered: false, work: ALL },
  );
  expect(layers.map(({ name }) => name)).toEqual(["app"]);
  expect(dependencies).toBe("here");
  expect(namesOf(layers[0]!.actions)).toContain("run-packages");
});

test("dependencies that get no layer are installed with the app, whatever another part has", () => {
  const { layers } = layersOf(
    {
      "requirements.txt": "flask\n",
      "ui/package.json": JSON.stringify({ scripts: { build: "mkdir dist" } }),
    },
    {},
  );
  const linesOf = (name: string) =>
    layers
      .filter((layer) => layer.name === name)
      .flatMap(({ actions }) => actions.flatMap(({ commands }) => commands))
      .flatMap((command) => (command.kind === "run" ? [command.cwd] : []));
  expect(linesOf("dependencies")).not.toContain("/nua/build/ui");
  expect(linesOf("app")).toContain("/nua/build/ui");
});

test("a Procfile beside the server counts for what the server needs when it runs", () => {
  const files = {
    "backend/package.json": JSON.stringify({
      ...{ packageManager: "pnpm@10.4.0", dependencies: { a: "1" } },
      scripts: { start: "node a.js", a: "node a.js", b: "node b.js" },
    }),
    "backend/a.js": "",
  };
  const fetched = (more: Record<string, string>) =>
    layersOf({ ...files, ...more }, { builtWith: { languages: ["nodejs"], leftOut: [] } })
      .layers.flatMap(({ actions }) => actions.flatMap(({ commands }) => commands))
      .flatMap((one) => (one.kind === "run" && one.argv[1] === "install" ? [one.argv[4]] : []));
  expect(fetched({})).toContain("/var/tmp/nua-agent");
  expect(fetched({ "backend/Procfile": "web: pnpm run a & pnpm run b\n" })).toContain("/nua/venv");
});
