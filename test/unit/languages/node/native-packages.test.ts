import { describe, expect, test } from "bun:test";
import { readManifest } from "../../../../src/languages/node/app/manifest.ts";
import { installedPackages } from "../../../../src/languages/node/installed.ts";
import { NATIVE_NEEDS } from "../../../../src/languages/node/native-needs.ts";
import { nativePackages } from "../../../../src/languages/node/native-packages.ts";
import { node } from "../../../../src/languages/node/node.ts";
import { PACKAGE_NAME } from "../../../../src/protocol/words.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const COMPILER = ["build-essential", "python3-dev", "libsqlite3-dev", "libicu-dev", "libssl-dev"];

function needs(manifest: object, files: Record<string, string> = {}) {
  const tree = memoryTree({ "package.json": JSON.stringify(manifest), ...files });
  return nativePackages(tree, { manifest: readManifest(tree) });
}

const uses = (name: string, version = "1.0.0") => ({ dependencies: { [name]: version } });

const LOCKS: [string, string, Record<string, string>][] = [
  [
    "npm",
    "2.0.0",
    {
      "package-lock.json": JSON.stringify({
        lockfileVersion: 3,
        packages: { "": {}, "node_modules/a/node_modules/@b/c": { version: "2.0.0" } },
      }),
    },
  ],
  [
    "npm 6",
    "2.0.0",
    {
      "package-lock.json": JSON.stringify({
        lockfileVersion: 1,
        dependencies: { "@b/c": { version: "2.0.0" } },
      }),
    },
  ],
  [
    "pnpm 9",
    "2.0.0",
    {
      "pnpm-lock.yaml":
        "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\npackages:\n\n  '@b/c@2.0.0':\n    resolution: {integrity: x}\n\nsnapshots:\n\n  '@b/c@3.0.0': {}\n",
    },
  ],
  [
    "pnpm 8",
    "2.0.0",
    {
      "pnpm-lock.yaml":
        "lockfileVersion: '6.0'\n\npackages:\n\n  /@b/c@2.0.0(d@1.0.0):\n    resolution: {integrity: x}\n    dev: false\n",
    },
  ],
  [
    "pnpm 6",
    "2.0.0",
    {
      "pnpm-lock.yaml":
        "lockfileVersion: 5.4\n\npackages:\n\n  /@b/c/2.0.0_d@1.0.0:\n    resolution: {integrity: x}\n    dev: false\n",
    },
  ],
  [
    "pnpm 11, with a document of its own",
    "2.0.0",
    {
      "pnpm-lock.yaml":
        "---\nlockfileVersion: '9.0'\n\npackages:\n\n  '@b/c@1.0.0':\n    resolution: {integrity: x}\n\n---\nlockfileVersion: '9.0'\n\npackages:\n\n  '@b/c@2.0.0':\n    resolution: {integrity: x}\n",
    },
  ],
  [
    "yarn 1",
    "2.0.0",
    {
      "yarn.lock":
        '# yarn lockfile v1\n\n\n"@b/c@^1", "@b/c@^2":\n  version "2.0.0"\n  resolved "x"\n',
    },
  ],
  [
    "yarn 4",
    "2.0.0",
    {
      "yarn.lock":
        '__metadata:\n  version: 8\n\n"@b/c@npm:^2":\n  version: 2.0.0\n  resolution: "@b/c@npm:2.0.0"\n',
    },
  ],
  [
    "bun",
    "2.0.0",
    {
      "bun.lock":
        '{\n  "lockfileVersion": 1,\n  "packages": {\n    "a/@b/c": ["@b/c@2.0.0", "", {}, "sha512-x"],\n  },\n}\n',
    },
  ],
  ["none", "^2.0.0", {}],
];

describe("packages are read from a lock of", () => {
  for (const [name, version, files] of LOCKS) {
    test(name, () => {
      const tree = memoryTree({ "package.json": JSON.stringify(uses("@b/c", "^2.0.0")), ...files });
      const { packages } = installedPackages(tree, readManifest(tree));
      expect(packages.get("@b/c")?.map((one) => one.version)).toEqual([version]);
    });
  }
});

const rows: [string, object, Record<string, string>, string[], string[]][] = [
  ["nothing", uses("express"), {}, [], []],
  ["a module that is compiled", uses("better-sqlite3", "^12"), {}, COMPILER, []],
  ["bcrypt of before", uses("bcrypt", "^5.1.0"), {}, COMPILER, []],
  ["bcrypt with its programs", uses("bcrypt", "^6.0.0"), {}, [], []],
  ["sharp with its programs", uses("sharp", "^0.34.5"), {}, [], []],
  [
    "sharp of before",
    uses("sharp", "0.32.6"),
    {},
    [...COMPILER, "pkg-config", "libvips-dev"],
    ["libvips42t64|libvips42"],
  ],
  ["pg-native", uses("pg-native"), {}, [...COMPILER, "libpq-dev"], ["libpq5"]],
  ["ffmpeg", uses("fluent-ffmpeg"), {}, [], ["ffmpeg"]],
  [
    "ffmpeg that comes along",
    { dependencies: { "fluent-ffmpeg": "2", "ffmpeg-static": "5" } },
    {},
    [],
    [],
  ],
  ["Prisma", uses("@prisma/client", "^6"), {}, [], ["openssl"]],
  ["pictures, only for tests", { devDependencies: { gm: "1" } }, {}, [], []],
  ["a git repository", uses("a", "github:b/a"), {}, ["git"], []],
  [
    "what compiles others, in yarn's lock",
    {},
    { "yarn.lock": 'nan@^2.0.0:\n  version "2.22.0"\n' },
    COMPILER,
    [],
  ],
  [
    "what finds a program that is there",
    {},
    { "yarn.lock": 'node-gyp-build@^4:\n  version "4.8.0"\n' },
    [],
    [],
  ],
  [
    "an unknown script, in npm's lock",
    {},
    {
      "package-lock.json": JSON.stringify({
        packages: { "node_modules/x": { version: "1.0.0", hasInstallScript: true } },
      }),
    },
    COMPILER,
    [],
  ],
  [
    "an unknown script, in pnpm's lock",
    {},
    {
      "pnpm-lock.yaml":
        "lockfileVersion: '6.0'\n\npackages:\n\n  /x@1.0.0:\n    requiresBuild: true\n    dev: false\n",
    },
    COMPILER,
    [],
  ],
  [
    "what a package with ready programs compiles by",
    {},
    {
      "yarn.lock":
        '"@parcel/watcher@^2":\n  version "2.5.1"\n  dependencies:\n    node-addon-api "^7.0.0"\n\nnode-addon-api@^7.0.0:\n  version "7.1.1"\n',
    },
    [],
    [],
  ],
  [
    "what another compiles by, in pnpm's lock",
    {},
    {
      "pnpm-lock.yaml":
        "lockfileVersion: '9.0'\n\npackages:\n\n  node-addon-api@7.1.1:\n    resolution: {integrity: x}\n\nsnapshots:\n\n  x@1.0.0:\n    dependencies:\n      node-addon-api: 7.1.1\n\n  node-addon-api@7.1.1: {}\n",
    },
    COMPILER,
    [],
  ],
  ["a lock that is none", uses("bcrypt", "5"), { "package-lock.json": "{" }, COMPILER, []],
];

describe("Debian packages are needed for", () => {
  for (const [name, manifest, files, build, run] of rows) {
    test(name, () => {
      const found = needs(manifest, files);
      expect([found.build, found.run.flatMap(({ names }) => names)]).toEqual([build, run]);
      expect(found.compiles).toBe(build.includes("build-essential"));
    });
  }

  test("canvas, to compile and to run", () => {
    const { build, run } = needs(uses("canvas", "^3.2.1"));
    expect(build).toContain("libcairo2-dev");
    expect(run).toHaveLength(1);
    expect(run[0]?.names).toContain("libjpeg-turbo8|libjpeg62-turbo");
    expect(run[0]?.from).toEqual({ what: "package.json: canvas" });
  });

  test("a browser, where the app itself starts one", () => {
    const { run, env, warnings } = needs(uses("playwright", "^1.60"));
    expect(run[0]?.names).toContain("libnss3");
    expect(env).toEqual({ PLAYWRIGHT_BROWSERS_PATH: "0" });
    expect(warnings).toHaveLength(1);
    const lock = { "yarn.lock": 'playwright@1.60.0:\n  version "1.60.0"\n' };
    expect(needs({ devDependencies: { "@playwright/test": "1" } }, lock).run).toEqual([]);
  });
});

test("the table has names of Debian packages", () => {
  const names = NATIVE_NEEDS.flatMap(({ build = [], run = [] }) => [...build, ...run]);
  const wrong = names
    .flatMap((name) => name.split("|"))
    .filter((name) => !PACKAGE_NAME.accepts(name));
  expect(wrong).toEqual([]);
});

test.each([
  ["npm@10.9.0", { npm_config_nodedir: "/usr/local" }],
  ["pnpm@11.1.2", { npm_config_nodedir: "/usr/local", NPM_CONFIG_NODEDIR: "/usr/local" }],
])("what compiles under %s finds Node's headers", (packageManager, expected) => {
  const tree = memoryTree({
    "package.json": JSON.stringify({ packageManager, ...uses("bcrypt") }),
  });
  const plan = node.plan(tree, {
    ...{ source: "/nua/build", runtime: "image", versions: {}, version: "1", languages: ["node"] },
    ...{ place: "here", member: null },
  });
  const install = plan.install.findLast(
    (one) => one.kind === "run" && one.argv.includes("install"),
  );
  expect(install).toMatchObject({ env: expected });
});
