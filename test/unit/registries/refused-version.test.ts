import { describe, expect, test } from "bun:test";
import { createExecutor, type Identity } from "../../../src/agent/executor.ts";
import { unavailableVersion } from "../../../src/agent/unavailable-version.ts";
import { NuaError } from "../../../src/lib/errors.ts";
import { run, shell } from "../../../src/protocol/command.ts";
import { refusedVersion } from "../../../src/registries/registries.ts";

/** What each client prints where a version is not there. */
const rows: [string, string[], string, { name: string; range: string }][] = [
  [
    "npm",
    ["npm", "install", "--global", "pnpm@9.99.99"],
    "npm error code ETARGET\nnpm error notarget No matching version found for pnpm@9.99.99.\nnpm error notarget In most cases",
    { name: "pnpm", range: "9.99.99" },
  ],
  [
    "npm, a scope and a range",
    ["npm", "install"],
    "npm ERR! notarget No matching version found for @a/b@>=99 <100.",
    { name: "@a/b", range: ">=99 <100" },
  ],
  [
    "pnpm",
    ["pnpm", "install"],
    " ERR_PNPM_NO_MATCHING_VERSION  No matching version found for express@^99.0.0 while fetching it from https://r/",
    { name: "express", range: "^99.0.0" },
  ],
  [
    "yarn 1",
    ["yarn", "install"],
    `error Couldn't find any versions for "express" that matches "^99.0.0"`,
    { name: "express", range: "^99.0.0" },
  ],
  [
    "yarn 4",
    ["yarn", "install"],
    "➤ YN0082: │ express@npm:^99.0.0: No candidates found",
    { name: "express", range: "^99.0.0" },
  ],
  [
    "bun",
    ["bun", "install"],
    'error: No version matching "^99.0.0" found for specifier "express" (but package exists)',
    { name: "express", range: "^99.0.0" },
  ],
];

describe("a version that is not there is told by", () => {
  test.each(rows)("%s", (_, argv, tail, expected) => {
    const command = run(argv, { user: "nua", cwd: "/nua/build", env: { A: "1" } });
    const refused = refusedVersion(command, tail);
    expect(refused).toMatchObject(expected);
    expect(refused?.query).toMatchObject({
      argv: ["npm", "view", expected.name, "versions", "--json", "--silent"],
      user: "nua",
      env: { A: "1" },
    });
  });
});

test.each([
  [["npm", "ci"], "npm error code E404"],
  [["make"], "npm error notarget No matching version found for a@1."],
  [["npm", "ci"], "npm error notarget No matching version found for --registry@1."],
])("nothing else is taken for that: %p", (argv, tail) => {
  expect(refusedVersion(run(argv), tail)).toBeUndefined();
});

test("what the registry answers is a list of versions, or one", () => {
  const refused = refusedVersion(run(["npm", "ci"]), "notarget No matching version found for a@9.");
  expect(refused?.versions('["1.0.0","2.0.0","3.0.0-rc.1"]')).toEqual(["1.0.0", "2.0.0"]);
  expect(refused?.versions('"1.0.0"')).toEqual(["1.0.0"]);
  expect(refused?.versions("npm error")).toEqual([]);
});

describe("the error", () => {
  const SELF: Identity = { prefix: [], env: {} };
  const failing = shell("echo 'No matching version found for a@9.'; exit 1", {
    ...{ from: "p.lock", cwd: "/tmp" },
  });
  const text = '{\n  "packageManager": "a@9.9.9"\n}\n';
  const read = (path: string) => (path === "/tmp/p.json" ? text : undefined);
  const refused = {
    ...{ name: "a", range: "9.9.9", manifest: "p.json" },
    versions: (text: string) => text.trim().split(" "),
  };
  const attempt = async (query: string) => {
    const executor = createExecutor({
      ...{ env: { PATH: process.env.PATH }, identities: { root: SELF, nua: SELF } },
      ...{ write: () => {}, warn: () => {} },
      onFailure: (command, error, { ask }) =>
        unavailableVersion(command, { ...refused, query: shell(query) }, { error, ask, read }),
    });
    return executor.execute(failing).then(
      () => undefined,
      (error: unknown) => error,
    );
  };

  test("has the versions that there are", async () => {
    const error = await attempt("echo 1.0.0 9.0.0 9.10.0 10.0.0");
    expect(error).toBeInstanceOf(NuaError);
    expect(error).toMatchObject({
      code: "input",
      message: 'p.json:2 asks for a "9.9.9", which cannot be had',
      hint: "nearest versions: 9.0.0, 9.10.0, 10.0.0",
    });
  });

  test("is that of the command where nobody can tell", async () => {
    expect(await attempt("exit 1")).toMatchObject({ code: "build" });
  });
});
