import { describe, expect, test } from "bun:test";
import { fetchManager } from "../../../../src/languages/node/fetch-manager.ts";
import { chooseManager } from "../../../../src/languages/node/package-manager.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

const pnpm = (version: string) => `lockfileVersion: ${version}\n`;
const berry = (version: number, cacheKey = "10c0") =>
  `# x\n\n__metadata:\n  version: ${version}\n  cacheKey: ${cacheKey}\n`;
const CLASSIC = '# yarn lockfile v1\n\nms@2:\n  version "2.0.0"\n';
const NPM = '{"lockfileVersion": 3, "packages": {}}';
const BUN = '{ "lockfileVersion": 1, "workspaces": { "": {} }, "packages": {} }';
const json = (value: object) => JSON.stringify(value);

interface Row {
  name: string;
  files: Record<string, string>;
  manager: string;
  lock?: string | null;
  warns?: string;
}

const rows: Row[] = [
  { name: "nothing", files: {}, manager: "npm", lock: null, warns: "there is no lock file" },
  {
    name: "npm's lock",
    files: { "package-lock.json": NPM },
    manager: "npm",
    lock: "package-lock.json",
  },
  ...(
    [
      ["5.3", "pnpm 6.35.1"],
      ["5.4", "pnpm 7.33.7"],
      ["'6.0'", "pnpm 8.15.9"],
      ["'9.0'", "pnpm 9.15.9"],
    ] as const
  ).map(
    ([version, manager]): Row => ({
      name: `pnpm's lock ${version}`,
      files: { "pnpm-lock.yaml": pnpm(version) },
      ...{ manager, lock: "pnpm-lock.yaml" },
    }),
  ),
  {
    name: "pnpm's lock beside settings that 10 reads",
    files: {
      "pnpm-lock.yaml": pnpm("'9.0'"),
      "pnpm-workspace.yaml": "onlyBuiltDependencies: [a]\n",
    },
    manager: "pnpm 10",
  },
  { name: "yarn 1's lock", files: { "yarn.lock": CLASSIC }, manager: "yarn" },
  ...(
    [
      [4, "7", "yarn 2.4.3"],
      [4, "8", "yarn 3.0.2"],
      [6, "8", "yarn 3.8.7"],
      [8, "10c0", "yarn >=4.0.0 <4.14.0"],
      [10, "10c0", "yarn >=4.15.0 <5.0.0"],
    ] as const
  ).map(
    ([version, key, manager]): Row => ({
      name: `yarn's lock ${version} of cache ${key}`,
      files: { "yarn.lock": berry(version, key) },
      manager,
    }),
  ),
  {
    name: "bun's lock",
    files: { "bun.lock": '{"lockfileVersion": 1}' },
    manager: "bun >=1.2.0 <2.0.0",
  },
  { name: "bun's old lock", files: { "bun.lockb": "" }, manager: "bun 1" },
  {
    name: "packageManager",
    files: {
      "package.json": json({ packageManager: "pnpm@9.1.0" }),
      "pnpm-lock.yaml": pnpm("'9.0'"),
    },
    manager: "pnpm 9.1.0",
  },
  {
    name: "bun's own file of a version",
    files: { "package.json": json({}), "bun.lock": BUN, ".bun-version": "bun-1.3.14\n" },
    manager: "bun 1.3.14",
    lock: "bun.lock",
  },
  {
    name: "a version manager's pnpm",
    files: {
      "package.json": json({ engines: { pnpm: ">=9" } }),
      "pnpm-lock.yaml": pnpm("'9.0'"),
      "mise.toml": '[tools]\nnode = "22"\n"npm:pnpm" = "9.15.1"\n',
    },
    manager: "pnpm 9.15.1",
    lock: "pnpm-lock.yaml",
  },
  {
    name: "packageManager before a version manager's",
    files: {
      "package.json": json({ packageManager: "pnpm@9.1.0" }),
      "pnpm-lock.yaml": pnpm("'9.0'"),
      ".tool-versions": "pnpm 9.15.1\n",
    },
    manager: "pnpm 9.1.0",
    lock: "pnpm-lock.yaml",
  },
  {
    name: "npm in packageManager",
    files: { "package.json": json({ packageManager: "npm@9.5.0" }), "package-lock.json": NPM },
    manager: "npm 9.5.0",
  },
  {
    name: "devEngines",
    files: {
      "package.json": json({ devEngines: { packageManager: { name: "pnpm", version: ">=9.2" } } }),
      "pnpm-lock.yaml": pnpm("'9.0'"),
    },
    manager: "pnpm 9.15.9",
  },
  {
    name: "a range in engines that many versions fit",
    files: { "package.json": json({ engines: { pnpm: ">=8" } }), "pnpm-lock.yaml": pnpm("'6.0'") },
    manager: "pnpm 8.15.9",
  },
  {
    name: "engines without a lock",
    files: { "package.json": json({ engines: { pnpm: "^9" } }) },
    manager: "pnpm 9.15.9",
    warns: "there is no lock file",
  },
  {
    name: "notes to people in engines",
    files: { "package.json": json({ engines: { npm: "please-use-yarn" } }), "yarn.lock": CLASSIC },
    manager: "yarn",
  },
  {
    name: "volta",
    files: { "package.json": json({ volta: { npm: "9.6.0" } }), "package-lock.json": NPM },
    manager: "npm 9.6.0",
  },
  {
    name: "only-allow",
    files: { "package.json": json({ scripts: { preinstall: "npx only-allow pnpm" } }) },
    manager: "pnpm 10",
    warns: "pnpm install writes pnpm-lock.yaml",
  },
  {
    name: "two locks",
    files: { "package-lock.json": NPM, "pnpm-lock.yaml": pnpm("'9.0'") },
    manager: "pnpm 9.15.9",
    warns: "there are several lock files: pnpm-lock.yaml is used, package-lock.json is not",
  },
  {
    name: "a name without its lock, and the lock of another",
    files: { "package.json": json({ packageManager: "yarn@1.22.22" }), "package-lock.json": NPM },
    manager: "npm",
    warns: "package.json:1 names yarn, but the only lock file is package-lock.json",
  },
  {
    name: "a lock of another version than the pin",
    files: {
      "package.json": json({ packageManager: "pnpm@10.0.0" }),
      "pnpm-lock.yaml": pnpm("'6.0'"),
    },
    manager: "pnpm 10.0.0",
  },
];

test.each(rows)("of $name", ({ files, manager, lock, warns }) => {
  const chosen = chooseManager(memoryTree({ "package.json": "{}", ...files }));
  const { name, version } = chosen;
  expect([name, ...(version === null ? [] : [version])].join(" ")).toBe(manager);
  if (lock !== undefined) expect(chosen.lock).toBe(lock);
  expect(chosen.warnings.join("\n")).toContain(warns ?? "");
  if (warns === undefined) expect(chosen.warnings).toEqual([]);
});

test("a pin that does not read the lock is a difference", () => {
  const files = {
    "package.json": json({ packageManager: "pnpm@10.0.0" }),
    "pnpm-lock.yaml": pnpm("'6.0'"),
  };
  expect(chooseManager(memoryTree(files)).difference).toContain("it was written by pnpm 8");
});

const broken: [string, string, string, number][] = [
  ["a merge conflict", "package-lock.json", "{\n<<<<<<< HEAD\n=======\n>>>>>>> x\n}", 2],
  ["a lock of npm's future", "package-lock.json", '{\n"lockfileVersion": 9}', 2],
  ["a lock of pnpm's future", "pnpm-lock.yaml", "lockfileVersion: '12.0'\n", 1],
  ["a lock of yarn's future", "yarn.lock", "__metadata:\n  version: 99\n", 1],
  ["a lock of bun's future", "bun.lock", '{\n  "lockfileVersion": 77 }', 2],
  ["a manager that nobody has", "package.json", '{\n"packageManager": "rush@1.0.0"}', 2],
  ["a version that is none", "package.json", '{\n"packageManager": "pnpm@$(id)"}', 2],
  ["a version of bun that is none", ".bun-version", "\n$(id)\n", 2],
];

test.each(broken)("%s", (_, file, text, line) => {
  const choose = () => chooseManager(memoryTree({ "package.json": "{}", [file]: text }));
  expect(choose).toThrow(expect.objectContaining({ code: "input", file }));
  expect(choose).toThrow(expect.objectContaining({ position: expect.objectContaining({ line }) }));
});

describe("is fetched", () => {
  const linesOf = (packageManager: string, more: Record<string, string> = {}) =>
    fetchManager(
      chooseManager(memoryTree({ "package.json": json({ packageManager }), ...more })),
    ).map(({ argv }) => argv.join(" "));

  test("in the version that is asked for", () => {
    expect(linesOf("pnpm@9.1.0")).toEqual([
      "npm install --global --prefix /var/tmp/nua-agent pnpm@9.1.0",
    ]);
  });

  test("and is what its hash says", () => {
    const [pack, check, install] = linesOf("pnpm@9.1.0+sha512.abcdef");
    expect(pack).toContain("npm pack pnpm@9.1.0");
    expect(check).toContain("sha512sum --check");
    expect(check).toContain("abcdef  /var/tmp/nua-agent/pnpm-9.1.0.tgz");
    expect(install).toEndWith("/var/tmp/nua-agent/pnpm-9.1.0.tgz");
  });

  test("not where the app brings it", () => {
    const settings = "yarnPath: .yarn/releases/yarn-4.1.0.cjs\n";
    const files = { ".yarnrc.yml": settings, ".yarn/releases/yarn-4.1.0.cjs": "" };
    expect(linesOf("yarn@4.1.0", files)).toEqual([]);
    expect(linesOf("yarn@4.1.0", { ".yarnrc.yml": settings })).toHaveLength(1);
  });
});
