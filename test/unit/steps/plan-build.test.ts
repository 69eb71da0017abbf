/** Files that a configuration names have to be there before anything is built. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../src/config/load-config.ts";
import { ConfigError } from "../../../src/config/problems.ts";
import { planBuildStep } from "../../../src/steps/plan-build.ts";
import { METADATA } from "../../helpers/config.ts";
import { Recorder, recordedSession } from "../../helpers/recorder.ts";

const { session } = recordedSession(new Recorder());
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "nua-build-test-"));
  await mkdir(join(root, "src"));
  await writeFile(join(root, "here.sh"), "");
});
afterAll(() => rm(root, { recursive: true }));

async function problemsOf(build: string): Promise<string[]> {
  await writeFile(join(root, "nua-config.toml"), `${METADATA}[build]\n${build}`);
  try {
    const loaded = await loadConfig(root, { strict: true });
    await planBuildStep.run({ loaded, source: undefined }, session);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(
      ({ message, position: { line, column } }) => `${line}:${column} ${message}`,
    );
  }
}

test.each([
  ['project = "src"'],
  ['project = "https://a.example/x.tar"'],
  ['build-script = "here.sh"'],
  ['git-url = "https://a.example/x.git"\nbuild-script = "fetched.sh"'],
  ['before-build = "make it"\nbuild-script = "made.sh"'],
  ['src-url = "src"'],
  ['src-url = "https://a.example/x.tar"\nproject = "fetched"'],
  ['manifest = ["src", "here.sh", "./src/", "."]'],
])("all is there: %s", async (build) => {
  expect(await problemsOf(build)).toEqual([]);
});

test("all that is missing is told at once, each at its place", async () => {
  const lines = [
    'project = "none"',
    'manifest = ["src", "lost", "../src"]',
    'build-script = "no.py"',
  ];
  expect(await problemsOf(lines.join("\n"))).toEqual([
    '8:20 build.manifest[1]: "lost": there is no such file',
    '8:28 build.manifest[2]: "../src": there is no such file',
    '7:11 build.project: "none": there is no such file',
    '9:16 build.build-script: "no.py": there is no such file',
  ]);
});

test.each([
  ['src-url = "../none.tar"', '7:11 build.src-url: "../none.tar": there is no such file'],
  ['src-url = "file:///none.tar"', '7:11 build.src-url: "/none.tar": there is no such file'],
  ['project = "/etc"', `7:11 build.project: "/etc": it does not lie below the app's folder`],
])("%s", async (build, problem) => {
  expect(await problemsOf(build)).toEqual([problem]);
});
