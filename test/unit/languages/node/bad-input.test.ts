/** What is wrong with an app of Node's: one message, with its file and line. */
import { describe, expect, test } from "bun:test";
import { toldOf } from "../../../helpers/told.ts";

type Files = Record<string, string>;

const json = (value: object) => JSON.stringify(value, null, 1);
const APP = { name: "a", scripts: { start: "node a.js" }, dependencies: { ms: "2.1.3" } };
const LOCK = {
  lockfileVersion: 3,
  packages: { "": { dependencies: APP.dependencies }, "node_modules/ms": { version: "2.1.3" } },
};
const CONFLICT = "<<<<<<< HEAD\nms@2.1.3:\n=======\n>>>>>>> theirs\n";

/** An app with its lock, and what is other about it. */
const app = (more: Files = {}, manifest: object = {}): Files => ({
  "package.json": json({ ...APP, ...manifest }),
  ...{ "package-lock.json": json(LOCK), "a.js": "" },
  ...more,
});
const without = (files: Files, name: string): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => path !== name));

test("nothing is told of one without faults", () => {
  expect(toldOf(app())).toEqual({ warnings: [] });
});

describe("is an error:", () => {
  test.each<[string, Files, string]>([
    [
      "a manifest that is no JSON",
      app({ "package.json": '{\n "version": 1.0.0}' }),
      "package.json:2: ",
    ],
    [
      "one with a comma too many",
      app({ "package.json": '{\n "a": 1,\n}' }),
      'package.json:3: Read "package.json": not valid JSON: property name expected',
    ],
    ["an empty one", app({ "package.json": "" }), "package.json:1: "],
    [
      "one with marks of a conflict",
      app({ "package.json": `{\n${CONFLICT}}` }),
      'package.json:2: Read "package.json": git has left a merge conflict',
    ],
    ["a lock that is none", app({ "package-lock.json": '{"name":\n' }), "package-lock.json:2: "],
    [
      "a lock of the future",
      app({ "package-lock.json": '{\n"lockfileVersion": 9}' }),
      "package-lock.json:2: ",
    ],
    [
      "a lock with marks of a conflict",
      app({ "package-lock.json": `{\n${CONFLICT}}` }),
      'package-lock.json:2: Read "package-lock.json": git has left a merge conflict',
    ],
    [
      "a lock of yarn's with such marks",
      app({ "yarn.lock": `# yarn lockfile v1\n\n${CONFLICT}` }),
      "yarn.lock:3: ",
    ],
    [
      "a lock of pnpm's that is no YAML",
      app({ "pnpm-lock.yaml": "lockfileVersion: '9.0'\n  a: [\n" }),
      "pnpm-lock.yaml:2: ",
    ],
    [
      "settings of pnpm's that are no YAML",
      app({ "pnpm-workspace.yaml": "packages: [\n" }),
      "pnpm-workspace.yaml:2: ",
    ],
    [
      "a pin that is no version",
      app({ ".nvmrc": "\nbanana\n" }),
      '.nvmrc:2: Read ".nvmrc": "banana" is no version of Node',
    ],
    [
      "a pin that nobody has",
      app({ ".nvmrc": "20.99.1\n" }),
      '.nvmrc:1: .nvmrc:1 asks for nodejs "20.99.1", which cannot be had',
    ],
    ["engines that are no range", app({}, { engines: { node: "soon" } }), "package.json:10: "],
    [
      "a package manager that there is not",
      app({}, { packageManager: "cargo@1" }),
      "package.json:9: ",
    ],
    ["a version of it that is none", app({}, { packageManager: "pnpm@soon" }), "package.json:9: "],
    [
      "versions of tools that are no TOML",
      app({ "mise.toml": '[tools\nnode = "22"\n' }),
      'mise.toml:1: Read "mise.toml": not valid TOML: ',
    ],
  ])("%s", (_, files, told) => {
    expect(toldOf(files).error).toStartWith(told);
  });

  test("a lock that does not fit, with --frozen", () => {
    const files = app({}, { dependencies: { ms: "2.1.3", qs: "6" } });
    expect(toldOf(files, { frozen: true }).error).toContain("it does not fit package.json");
  });
});

describe("has a sensible reading, which is told:", () => {
  test.each<[string, Files, string]>([
    [
      "pins that contradict each other",
      app({ ".nvmrc": "20\n" }, { engines: { node: ">=22" } }),
      ".nvmrc:1 asks for Node 20, package.json:10 for >=22: the latter counts",
    ],
    [
      "two locks",
      app({ "yarn.lock": '# yarn lockfile v1\n\n\nms@2.1.3:\n  version "2.1.3"\n' }),
      "there are several lock files: yarn.lock is used, package-lock.json is not",
    ],
    [
      "no lock",
      without(app(), "package-lock.json"),
      "there is no lock file: two builds may not install the same",
    ],
    [
      "a lock that does not fit",
      app({}, { dependencies: { ms: "2.1.3", qs: "6" } }),
      "package-lock.json does not fit package.json: it lacks qs@6",
    ],
    [
      "a Procfile without web",
      app({ Procfile: "worker: node w.js\nclock: node c.js\n" }),
      "Procfile:1, 2: there is no web, so that none of worker, clock is started",
    ],
    [
      "a line of it that is none",
      app({ Procfile: "web node a.js\n" }),
      'Procfile:1: "web node a.js" is no NAME: COMMAND',
    ],
    ["nothing that starts it", app({}, { scripts: {} }), "no start command: there is none of"],
  ])("%s", (_, files, told) => {
    const all = toldOf(files);
    expect(all.error).toBeUndefined();
    expect(all.warnings.join("\n")).toContain(told);
  });

  test.each<[string, object, string]>([
    ["Next.js", { dependencies: { next: "15" } }, "next start"],
    ["Nuxt", { devDependencies: { nuxt: "3" } }, "node .output/server/index.mjs"],
  ])("a framework without its scripts: %s", (_, manifest) => {
    const files = { "package.json": json({ name: "a", ...manifest }), "pages/index.js": "" };
    expect(toldOf(files).warnings.join()).not.toContain("no start command");
  });
});
