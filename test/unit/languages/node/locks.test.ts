import { expect, test } from "bun:test";
import { bunLayout } from "../../../../src/languages/node/locks/bun-lock.ts";
import { readProject } from "../../../../src/languages/node/project.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const json = (value: object) => JSON.stringify(value);
const manifest = (ms: string, more: object = {}) =>
  json({ name: "a", dependencies: { ms }, ...more });

const npm = (packages: object) => json({ lockfileVersion: 3, packages: { "": {}, ...packages } });
const MS = { "node_modules/ms": { version: "2.1.3" } };
const PNPM_9 = `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      ms:
        specifier: ^2.0.0
        version: 2.1.3

packages:

  ms@2.1.3:
    resolution: {integrity: sha512-x}
`;
/** As pnpm 11 and later write it where devEngines names them. */
const PNPM_OWN = `---
lockfileVersion: '9.0'

importers:

  .:
    configDependencies: {}
    packageManagerDependencies:
      pnpm:
        specifier: ^11.0.0
        version: 11.28.11

packages:

  pnpm@11.28.11:
    resolution: {integrity: sha512-x}

---
`;
const PNPM_5 = "lockfileVersion: 5.4\n\nspecifiers:\n  ms: ^2.0.0\n\ndependencies:\n  ms: 2.1.3\n";
const CLASSIC = '# yarn lockfile v1\n\n\nms@^2.0.0:\n  version "2.1.3"\n';
const BERRY = `__metadata:
  version: 8
  cacheKey: 10c0

"a@workspace:.":
  version: 0.0.0-use.local
  dependencies:
    ms: "npm:^2.0.0"

"ms@npm:^2.0.0":
  version: 2.1.3
`;
const BUN = `{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "a",
      "dependencies": {
        "ms": "^2.0.0",
      },
      "devDependencies": {
        "is-odd": "3.0.1",
        "@b/c": "1",
      },
    },
  },
  "packages": {
    "is-odd": ["is-odd@3.0.1", "", { "dependencies": { "is-number": "^6.0.0" } }, "sha512-x"],

    "is-number": ["is-number@6.0.0", "", {}, "sha512-x"],

    "@b/c": ["@b/c@1.0.0", "", { "dependencies": { "ms": "1" } }, "sha512-x"],

    "@b/c/ms": ["ms@1.0.0", "", {}, "sha512-x"],

    "ms": ["ms@2.1.3", "", {}, "sha512-x"],
  }
}
`;
const BUN_DEV = { devDependencies: { "is-odd": "3.0.1", "@b/c": "1" } };

const rows: [string, Record<string, string>, string | null][] = [
  ["npm", { "package.json": manifest("^2.1.0"), "package-lock.json": npm(MS) }, null],
  [
    "npm, too old",
    { "package.json": manifest("^3"), "package-lock.json": npm(MS) },
    "it has ms@2.1.3, not ms@^3",
  ],
  ["npm, none", { "package.json": manifest("^2"), "package-lock.json": npm({}) }, "it lacks ms@^2"],
  [
    "npm, an alias and an address",
    {
      "package.json": json({ dependencies: { ms: "npm:other@9", git: "github:a/b" } }),
      "package-lock.json": npm({ ...MS, "node_modules/git": { version: "1.0.0" } }),
    },
    null,
  ],
  [
    "npm, what a dependency needs",
    {
      "package.json": manifest("^2"),
      "package-lock.json": npm({
        "node_modules/ms": { version: "2.1.3", dependencies: { b: "1" } },
      }),
    },
    "it lacks b@1 of ms",
  ],
  [
    "npm, a peer that need not be",
    {
      "package.json": manifest("^2"),
      "package-lock.json": npm({
        "node_modules/ms": {
          version: "2.1.3",
          peerDependencies: { b: "1" },
          peerDependenciesMeta: { b: { optional: true } },
        },
      }),
    },
    null,
  ],
  [
    "npm, a member",
    {
      "package.json": json({ workspaces: ["p/*"] }),
      "p/a/package.json": manifest("^3"),
      "package-lock.json": npm({ ...MS, "p/a/node_modules/ms": { version: "3.0.0" } }),
    },
    null,
  ],
  [
    "npm, of version 1",
    {
      "package.json": manifest("^9"),
      "package-lock.json": json({ lockfileVersion: 1, dependencies: {} }),
    },
    null,
  ],
  ["pnpm", { "package.json": manifest("^2.0.0"), "pnpm-lock.yaml": PNPM_9 }, null],
  [
    "pnpm, with a document of its own",
    { "package.json": manifest("^2.0.0"), "pnpm-lock.yaml": PNPM_OWN + PNPM_9 },
    null,
  ],
  [
    "pnpm, another range beside it",
    { "package.json": manifest("^2.1.0"), "pnpm-lock.yaml": PNPM_OWN + PNPM_9 },
    "it has ms@^2.0.0, not ms@^2.1.0",
  ],
  [
    "pnpm, another range",
    { "package.json": manifest("^2.1.0"), "pnpm-lock.yaml": PNPM_9 },
    "it has ms@^2.0.0, not ms@^2.1.0",
  ],
  [
    "pnpm, fewer",
    { "package.json": json({ name: "a" }), "pnpm-lock.yaml": PNPM_9 },
    "it has ms, which is not wished for",
  ],
  [
    "pnpm, a new member",
    {
      "package.json": manifest("^2.0.0"),
      "pnpm-workspace.yaml": "packages: [p/*]\n",
      "p/a/package.json": manifest("1"),
      "pnpm-lock.yaml": PNPM_9,
    },
    "it lacks p/a",
  ],
  ["pnpm 7", { "package.json": manifest("^2.0.0"), "pnpm-lock.yaml": PNPM_5 }, null],
  [
    "pnpm 7, more",
    {
      "package.json": manifest("^2.0.0", { devDependencies: { b: "1" } }),
      "pnpm-lock.yaml": PNPM_5,
    },
    "it lacks b@1",
  ],
  ["yarn 1", { "package.json": manifest("^2.0.0"), "yarn.lock": CLASSIC }, null],
  [
    "yarn 1, another range",
    { "package.json": manifest("^2.1.0"), "yarn.lock": CLASSIC },
    "it lacks ms@^2.1.0",
  ],
  ["yarn 4", { "package.json": manifest("^2.0.0"), "yarn.lock": BERRY }, null],
  [
    "yarn 4, another range",
    { "package.json": manifest("^2.1.0"), "yarn.lock": BERRY },
    "it lacks ms@^2.1.0",
  ],
  ["bun", { "package.json": manifest("^2.0.0", BUN_DEV), "bun.lock": BUN }, null],
  [
    "bun, another range",
    { "package.json": manifest("^2.1.0", BUN_DEV), "bun.lock": BUN },
    "it has ms@^2.0.0, not ms@^2.1.0",
  ],
];

test.each(rows)("%s", (_, files, difference) => {
  const { chosen } = readProject(memoryTree(files), { member: null, frozen: false });
  expect(chosen.difference).toBe(difference);
  expect(chosen.warnings).toHaveLength(difference === null ? 0 : 1);
  const frozen = () => readProject(memoryTree(files), { member: null, frozen: true });
  if (difference === null) expect(frozen).not.toThrow();
  else expect(frozen).toThrow(expect.objectContaining({ code: "input", file: chosen.lock }));
});

test.each([
  ["package-lock.json", '{"lockfileVersion": 3,\n "packages": {,}}', 2],
  ["pnpm-lock.yaml", "lockfileVersion: '9.0'\nimporters: [\n", 3],
])("a broken %s", (file, text, line) => {
  const read = () =>
    readProject(memoryTree({ "package.json": "{}", [file]: text }), {
      member: null,
      frozen: false,
    });
  expect(read).toThrow(expect.objectContaining({ code: "input", file }));
  expect(read).toThrow(expect.objectContaining({ position: expect.objectContaining({ line }) }));
});

test("what only development needs of a hoisted installation of bun's", () => {
  expect(bunLayout(BUN)).toEqual({
    linker: "hoisted",
    developmentOnly: [
      ...["node_modules/is-odd", "node_modules/is-number", "node_modules/@b/c"],
      "node_modules/@b/c/node_modules/ms",
    ],
  });
});

/** As bun 1.4 writes it; what comes from a repository stays. */
const BUN_WORKSPACE = `{
  "lockfileVersion": 2,
  "configVersion": 1,
  "workspaces": {
    "": { "name": "iso", "devDependencies": { "debug": "^4.3.0", "@b/c": "1", "git": "github:a/git" } },
    "apps/web": { "name": "web", "dependencies": { "ms": "1", "ui": "workspace:*" }, "devDependencies": { "ui": "1" } },
    "packages/ui": { "name": "ui", "dependencies": { "once": "1" } },
  },
  "packages": {
    "debug": ["debug@4.4.3", "", { "dependencies": { "ms": "^2.1.3" } }, "sha512-x"],
    "@b/c": ["@b/c@1.0.0", "", { "dependencies": { "once": "1" } }, "sha512-x"],
    "git": ["git@github:a/git#1234567", "", {}, "a-git-1234567"],
    "ms": ["ms@2.1.3", "", {}, "sha512-x"],
    "once": ["once@1.4.0", "", {}, "sha512-x"],
    "ui": ["ui@workspace:packages/ui"],
    "web": ["web@workspace:apps/web"],
    "web/ms": ["ms@1.0.0", "", {}, "sha512-x"],
  }
}
`;

test("of an isolated one", () => {
  expect(bunLayout(BUN_WORKSPACE)).toEqual({
    linker: "isolated",
    developmentOnly: ["debug@4.4.3", "@b+c@1.0.0", "ms@2.1.3"].map(
      (one) => `node_modules/.bun/${one}`,
    ),
  });
  const asked = '[install]\nlinker = "hoisted"\n';
  expect(bunLayout(BUN_WORKSPACE, asked)).toMatchObject({ linker: "hoisted" });
  expect(bunLayout(BUN, asked.replace("hoisted", "isolated"))).toMatchObject({
    linker: "isolated",
  });
});
