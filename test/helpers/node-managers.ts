/**
 * The apps of test/fixtures/node-managers, one a package manager, each with a lock file that its
 * manager has written: what is installed is compared with that, not with what a manager says.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Airgap, findDockerd, startAirgap } from "./airgap.ts";
import { BINARY, nuaBuild } from "./binary.ts";
import { testBuilder } from "./builders.ts";
import { askInside, type Client, docker } from "./engine.ts";

const FIXTURES = join(import.meta.dir, "../fixtures/node-managers");

/** All of them, by their names. */
export const MANAGERS: readonly string[] = readdirSync(FIXTURES)
  .filter((name) => name !== "common")
  .sort();

/** Builds them from nothing and after an edit, and asks each. */
export function describeManagers(names: readonly string[]): void {
  const client = testBuilder("embedded");
  let apps: BuiltApps;
  beforeAll(async () => {
    apps = await prepare(client, names);
    succeeded(await apps.run("--no-save", ...apps.paths));
  }, 1_800_000);
  afterAll(() => apps?.[Symbol.asyncDispose]());

  describe.each(names)("an app of %s", (name) => {
    test("has what its lock file pins, and nothing that is for development", async () => {
      expect(lacksInLock(name)).toEqual([]);
      expect(await installedIn(client, tagOf(name))).toEqual(LOCKED);
    });

    test("answers", async () => {
      const answer = await askInside(client, tagOf(name), { port: 3000, path: "/" });
      expect(answer).toEqual({ status: 200, body: ANSWER });
    });

    test("has nothing installed anew after an edit", async () => {
      const [path = ""] = apps.paths.filter((one) => one.endsWith(`/${name}`));
      writeFileSync(join(path, "edited.txt"), crypto.randomUUID());
      const { stderr } = succeeded(await apps.run("--explain-cache", "--no-save", path));
      const told = [...stderr.matchAll(/layer (\w+): (.*)/g)];
      expect(Object.fromEntries(told.map(([, layer, what]) => [layer, what]))).toEqual({
        ...{ dependencies: "reused", app: "made anew: edited.txt changed" },
      });
    });
  });
}

/** Builds them twice, the second time where there is no network and nothing is cached. */
export function describeSealed(names: readonly string[]): void {
  const client = testBuilder("embedded");
  let apps: BuiltApps;
  let gap: Airgap;
  /** SHA-256 of each archive, by its tag. */
  let archives: Record<string, string>;
  beforeAll(async () => {
    apps = await prepare(client, names);
    const argv = ["--reproducible", "--json", "-o", join(apps.folder, "first/"), ...apps.paths];
    archives = await sumsOf(succeeded(await apps.run(...argv)).stdout);
    await rm(join(apps.folder, "first"), { recursive: true });
    const bundle = join(apps.folder, "apps.bundle");
    succeeded(await apps.run("bundle", "--no-prove", "-o", bundle, ...apps.paths));
    const folder = join(apps.folder, "engine");
    gap = await startAirgap({ folder, dockerd: findDockerd(), client });
  }, 3_600_000);
  afterAll(async () => {
    await gap?.[Symbol.asyncDispose]();
    await apps?.[Symbol.asyncDispose]();
  });

  test("each is the same to the byte, and no packet tries to leave", async () => {
    const words = ["--bundle", join(apps.folder, "apps.bundle"), "--reproducible", "--json"];
    const env = {
      ...{ NUA_ENGINE: client.program, NUA_BUILD_DIR: join(apps.folder, "contexts") },
      XDG_STATE_HOME: join(apps.folder, "sealed-state"),
    };
    const argv = [BINARY, ...words, "-o", join(apps.folder, "sealed/")];
    const built = succeeded(await gap.run(argv, { env }));
    expect(built.stderr).toContain("offline: sealed");
    expect(await sumsOf(built.stdout)).toEqual(archives);
    expect(await gap.leaving()).toBe(0);
  });

  test.each(names)("an app of %s has what its lock file pins", async (name) => {
    expect(await installedIn(gap.client, tagOf(name))).toEqual(LOCKED);
  });
}

/** Has apps ask for a version that nobody has, of their manager or of Node. */
export function describeWrongPins(rows: readonly [string, object, string, string][]): void {
  const client = testBuilder("embedded");
  test.each(rows)("of %s, %p is refused", async (name, pin, asked, near) => {
    const folder = await mkdtemp("/var/tmp/nua-build-test-");
    try {
      const app = writeApp(name, join(folder, name));
      const file = join(app, "package.json");
      const manifest = { ...JSON.parse(readFileSync(file, "utf8")), ...pin };
      writeFileSync(file, JSON.stringify(manifest, null, 2));
      const { status, stderr } = await nuaBuild(["--no-save", app], { client });
      expect({ status, stderr }).toMatchObject({ status: 4 });
      expect(stderr).toContain(`asks for ${asked}, which cannot be had`);
      expect(stderr).toMatch(/package\.json:\d+/);
      expect(stderr).toMatch(new RegExp(`nearest versions: .*${RegExp.escape(near)}`));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

// --- internal ---

/** What all of the lock files pin of what the running app needs; the registry has newer ones. */
const LOCKED = ["once@1.3.3", "wrappy@1.0.1"];

/** What only the build needs. */
const DEVELOPMENT = ["debug@4.3.4", "ms@2.1.2"];

const ANSWER = "once 1.3.3, wrappy 1.0.1, debug none, built by debug 4.3.4\n";

interface BuiltApps extends AsyncDisposable {
  folder: string;
  paths: string[];
  /** Runs nua-build. */
  run(...argv: string[]): ReturnType<typeof nuaBuild>;
}

async function prepare(client: Client, names: readonly string[]): Promise<BuiltApps> {
  const folder = await mkdtemp("/var/tmp/nua-build-test-");
  const env = { NUA_BUILD_DIR: join(folder, "contexts"), XDG_STATE_HOME: join(folder, "state") };
  await mkdir(env.NUA_BUILD_DIR);
  return {
    folder,
    paths: names.map((name) => writeApp(name, join(folder, name))),
    run: (...argv) => nuaBuild(argv, { client, env }),
    async [Symbol.asyncDispose]() {
      for (const name of names) {
        await docker(client, "image", "rm", "--force", tagOf(name)).catch(() => "");
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const tagOf = (name: string) => `nua-managers-${name}:1.0.0`;

function writeApp(name: string, folder: string): string {
  cpSync(join(FIXTURES, "common"), folder, { recursive: true });
  cpSync(join(FIXTURES, name), folder, { recursive: true });
  return folder;
}

/** What a lock file does not have of that: each manager writes it in its own way. */
function lacksInLock(name: string): string[] {
  const file = readdirSync(join(FIXTURES, name)).find((one) => one.includes("lock"))!;
  const text = readFileSync(join(FIXTURES, name, file), "utf8");
  return [...LOCKED, ...DEVELOPMENT].filter((one) => {
    const [id, version] = one.split("@").map((word) => RegExp.escape(word!));
    return !new RegExp(`\\b${id}\\b[^]{0,80}?\\b${version}\\b`).test(text);
  });
}

/** Packages in any folder node_modules, and in the archives of a yarn with Plug'n'Play. */
async function installedIn(client: Client, tag: string): Promise<string[]> {
  const words = ["run", "--rm", "--network", "none", "--entrypoint", "python3", tag, "-c", LIST];
  return JSON.parse(await docker(client, ...words));
}

/** Every image of an app has Python; those that bun runs have no Node. */
const LIST = `import json, os, re, zipfile
found = set()
def add(text):
    manifest = json.loads(text)
    if "version" in manifest: found.add(manifest["name"] + "@" + manifest["version"])
for root, folders, files in os.walk("/nua/build"):
    if re.search(r"/node_modules/(@[^/]+/)?[^/]+$", root) and "package.json" in files:
        add(open(os.path.join(root, "package.json")).read())
    for name in files:
        if not name.endswith(".zip"): continue
        with zipfile.ZipFile(os.path.join(root, name)) as archive:
            for member in archive.namelist():
                if re.search(r"^node_modules/(@[^/]+/)?[^/]+/package.json$", member):
                    add(archive.read(member))
print(json.dumps(sorted(found)))`;

/** @param stdout what a build of several apps has printed */
async function sumsOf(stdout: string): Promise<Record<string, string>> {
  const { builds } = JSON.parse(stdout) as { builds: { tag: string; archive: { file: string } }[] };
  const sums = builds.map(async ({ tag, archive }) => {
    const [sum = ""] = (await readFile(`${archive.file}.sha256`, "utf8")).split(" ");
    return [tag, sum];
  });
  return Object.fromEntries(await Promise.all(sums));
}

function succeeded<T extends { status: number; stderr: string }>(outcome: T): T {
  const { status, stderr } = outcome;
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return outcome;
}
