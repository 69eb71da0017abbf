/** `plan`, as a user runs it: with what the source says, wherever it is, and without it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { nuaBuild } from "../helpers/binary.ts";
import { METADATA } from "../helpers/config.ts";

const quiet = $({ quiet: true });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-test-plan-");
  const source = join(folder, "source");
  await mkdir(source);
  await writeFile(join(source, "requirements.txt"), "flask\n");
  await quiet`tar -czf ${join(folder, "source.tar.gz")} -C ${folder} source`;
  const zip = "import shutil, sys; shutil.make_archive(*sys.argv[1:])";
  await quiet`python3 -c ${zip} ${join(folder, "source")} zip ${folder} source`;
  const git = quiet({ cwd: source });
  await git`git init --quiet --initial-branch main`;
  await git`git add .`;
  await git`git -c user.name=a -c user.email=a@example.org commit --quiet --message First`;
});
afterAll(() => rm(folder, { recursive: true }));

async function plan(
  build: string,
  ...flags: string[]
): Promise<{ status: number; stdout: string; stderr: string }> {
  const app = await mkdtemp(join(folder, "app-"));
  await writeFile(join(app, "nua-config.toml"), `${METADATA}[build]\n${build}\n`);
  return nuaBuild(["plan", ...flags, app]);
}

test.each([
  ["a folder", () => `project = "."\npip-install = "flask"`, "pip install --no-compile flask"],
  ["a tar archive", () => `src-url = "${folder}/source.tar.gz"`, "--requirement requirements.txt"],
  [
    "a zip archive",
    () => `src-url = "file://${folder}/source.zip"`,
    "--requirement requirements.txt",
  ],
  [
    "a git repository",
    () => `git-url = "file://${folder}/source"`,
    "--requirement requirements.txt",
  ],
])("of %s has every command", async (_, build, command) => {
  const { status, stdout } = await plan(build());
  expect(status).toBe(0);
  expect(stdout).toContain(command);
});

test("of a source that stands somewhere else for whoever plans", async () => {
  const one = (from: string) => ["--rewrite", `https://forge.example/${from}=file://${folder}/`];
  const flags = [...one("app/"), ...one("elsewhere/")];
  for (const build of [
    'src-url = "https://forge.example/app/source.tar.gz"\nsrc-checksum = ""',
    'git-url = "https://forge.example/app/source"',
  ]) {
    const { status, stdout, stderr } = await plan(build, ...flags);
    expect(stderr).not.toContain("is not in this plan");
    expect(stdout).toContain("--requirement requirements.txt");
    expect(status).toBe(0);
  }
});

test("of a source that cannot be had has the rest, and says so", async () => {
  const { status, stdout, stderr } = await plan(
    'src-url = "http://127.0.0.1:9/a.tar.gz"\ntest = "true"',
  );
  expect(status).toBe(0);
  expect(stdout).toContain("# true  (root");
  expect(stderr).toContain("what is found in the source is not in this plan");
}, 30_000);

test("of a source that is another one than its checksum says is none", async () => {
  const sum = "0".repeat(64);
  const { status, stderr } = await plan(
    `src-url = "file://${folder}/source.tar.gz"\nsrc-checksum = "${sum}"`,
  );
  expect(status).toBe(4);
  expect(stderr).toContain("not 0000");
});
