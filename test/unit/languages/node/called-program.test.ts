import { describe, expect, test } from "bun:test";
import { node } from "../../../../src/languages/node/node.ts";
import { memoryTree } from "../../../helpers/memory-tree.ts";

/** What is fetched of the manager, with the folder that it is installed below. */
function fetchedOf(
  start: string,
  {
    files = {},
    started,
    place = "here",
    manager = "pnpm@10.4.0",
  }: {
    files?: Record<string, string>;
    started?: string[];
    place?: "here" | "below" | "pruned";
    manager?: string;
  } = {},
) {
  const scripts = { start, a: "node a.js", b: "node b.js" };
  const manifest = { packageManager: manager, scripts, dependencies: { concurrently: "9" } };
  const tree = memoryTree({ "package.json": JSON.stringify(manifest), "a.js": "", ...files });
  const plan = node.plan(tree, {
    ...{ source: "/nua/build", runtime: "image", versions: {}, version: "1", languages: ["node"] },
    ...{ place, member: null, ...(started === undefined ? {} : { started }) },
  });
  return [...plan.install, ...plan.build].flatMap((one) =>
    one.kind === "run" && one.argv.includes("--global") ? one.argv.slice(4).join(" ") : [],
  );
}

const STAYS = ["/nua/venv pnpm@10.4.0"];
const GOES = ["/var/tmp/nua-agent pnpm@10.4.0"];

test.each([
  ["two at once", "pnpm run a & pnpm run b", STAYS],
  ["by a runner of several", 'concurrently "pnpm run a" "pnpm run b"', STAYS],
  ["by its short form", "concurrently pnpm:a pnpm:b", STAYS],
  ["in another shell", "sh -c 'pnpm run a'", STAYS],
  ["by the tool of a workspace", "turbo run start", STAYS],
  ["what can be told is not called", "pnpm run a", GOES],
  ["nor is what has it in its name", "node pnpm-server.js", GOES],
  ["npm is there anyway", "concurrently npm:a npm:b", GOES],
])("%s", (_, start, expected) => {
  expect(fetchedOf(start)).toEqual(expected);
});

test("a program that is started may call it", () => {
  const call = (text: string) => fetchedOf("node a.js", { files: { "a.js": text } });
  expect(call('execSync("pnpm --version")')).toEqual(STAYS);
  expect(call("spawn('pnpm', ['run', 'b'])")).toEqual(STAYS);
  expect(call("await $`pnpm run b`")).toEqual(STAYS);
  expect(call("console.log('use pnpm run b')")).toEqual(GOES);
  const compiled = { "src/main.ts": 'execFile("pnpm", [])' };
  expect(fetchedOf("node dist/main.js", { files: compiled })).toEqual(STAYS);
});

test("what the configuration starts comes before", () => {
  expect(fetchedOf("pnpm run a & pnpm run b", { started: ["node a.js"] })).toEqual(GOES);
  expect(fetchedOf("node a.js", { started: ["pnpm run a & pnpm run b"] })).toEqual(STAYS);
  expect(fetchedOf("node a.js", { started: ["pnpm start"] })).toEqual(GOES);
});

test("one that stays is installed once, where dependencies are", () => {
  const files = { "tsconfig.json": "{}" };
  const start = "pnpm run a & pnpm run b";
  expect(fetchedOf(start, { files, place: "pruned" })).toEqual(STAYS);
  expect(fetchedOf("yarn a & yarn b", { manager: "yarn@4.9.2" })).toEqual([
    "/nua/venv @yarnpkg/cli-dist@4.9.2",
  ]);
});

describe("Node beside bun", () => {
  const useOf = (text: string, manager = "pnpm@10.4.0") => {
    const manifest = { packageManager: manager, scripts: { start: "bun a.ts" } };
    const tree = memoryTree({ "package.json": JSON.stringify(manifest), "a.ts": text });
    const found = node.runtimes!(tree, { languages: ["node"] });
    return Object.fromEntries(found.map(({ language, use }) => [language, use]));
  };
  test.each<[string, string, Record<string, "build" | "run">]>([
    ["installs only", "console.log(1)", { bun: "run", nodejs: "build" }],
    ["runs the manager that is called", 'execSync("pnpm -v")', { bun: "run", nodejs: "run" }],
    ["or npm", 'spawn("npx", ["serve"])', { bun: "run", nodejs: "run" }],
    ["runs what is called by it", 'execSync("node -v")', { bun: "run", nodejs: "run" }],
  ])("%s", (_, text, expected) => expect(useOf(text)).toEqual(expected));
  test("bun calls itself", () => {
    expect(useOf('execSync("bun -v")', "bun@1.2.0")).toEqual({ bun: "run", nodejs: "build" });
  });
});
