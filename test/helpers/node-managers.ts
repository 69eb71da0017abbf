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

/** Builds them, from nothing, after an edit, and without a network. */
export function describeManagers(names: readonly string[]): void {
  const client = testBuilder("embedded");
  let folder: string;
  let paths: string[];
  /** SHA-256 of each archive, by its tag. */
  let archives: Record<string, string>;
  const at = (name: string) => join(folder, name);
  const run = (...argv: string[]) => {
    const env = { NUA_BUILD_DIR: at("contexts"), XDG_STATE_HOME: at("state") };
    return nuaBuild(argv, { client, env });
  };

  beforeAll(async () => {
    folder = await mkdtemp("/var/tmp/nua-build-test-");
    await mkdir(at("contexts"));
    paths = names.map((name) => writeApp(name, at(name)));
    const argv = ["--reproducible", "--json", "-o", at("first/"), ...paths];
    archives = await sumsOf(succeeded(await run(...argv)).stdout);
  }, 1_800_000);
  afterAll(async () => {
    for (const name of names) {
      await docker(client, "image", "rm", "--force", tagOf(name)).catch(() => "");
    }
    await rm(folder, { recursive: true, force: true });
  });

  describe.each(names)("an app of %s", (name) => {
    test("has what its lock file pins, and nothing that is for development", async () => {
      expect(readLock(name)).toBe(true);
      expect(await installedIn(client, tagOf(name))).toEqual(LOCKED);
    });

    test("answers", async () => {
      const answer = await askInside(client, tagOf(name), { port: 3000, path: "/" });
      expect(answer).toEqual({ status: 200, body: ANSWER });
    });
  });

  test("an edit installs nothing anew", async () => {
    for (const path of paths) writeFileSync(join(path, "edited.txt"), crypto.randomUUID());
    for (const path of paths) {
      const { stderr } = succeeded(await run("--explain-cache", "--no-save", path));
      const told = Object.fromEntries(
        [...stderr.matchAll(/layer (\w+): (.*)/g)].map(([, layer, what]) => [layer, what]),
      );
      expect({ path, told }).toEqual({
        path,
        told: { dependencies: "reused", app: "made anew: edited.txt is new" },
      });
    }
    for (const path of paths) await rm(join(path, "edited.txt"));
  });

  describe("without a network", () => {
    let gap: Airgap;
    beforeAll(async () => {
      const bundled = await run("bundle", "--no-prove", "-o", at("apps.bundle"), ...paths);
      succeeded(bundled);
      gap = await startAirgap({ folder: at("engine"), dockerd: findDockerd(), client });
    }, 1_800_000);
    afterAll(() => gap?.[Symbol.asyncDispose]());

    test("each is the same to the byte, and no packet tries to leave", async () => {
      const argv = ["--bundle", at("apps.bundle"), "--reproducible", "--json", "-o", at("sealed/")];
      const env = {
        ...{ NUA_ENGINE: client.program, NUA_BUILD_DIR: at("contexts") },
        XDG_STATE_HOME: at("sealed-state"),
      };
      const built = succeeded(await gap.run([BINARY, ...argv], { env }));
      expect(built.stderr).toContain("offline: sealed");
      expect(await sumsOf(built.stdout)).toEqual(archives);
      expect(await gap.leaving()).toBe(0);
    });

    test("and has what its lock file pins", async () => {
      for (const name of names) {
        expect({ name, installed: await installedIn(gap.client, tagOf(name)) }).toEqual({
          ...{ name, installed: LOCKED },
        });
      }
    });
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

const tagOf = (name: string) => `nua-managers-${name}:1.0.0`;

function writeApp(name: string, folder: string): string {
  cpSync(join(FIXTURES, "common"), folder, { recursive: true });
  cpSync(join(FIXTURES, name), folder, { recursive: true });
  return folder;
}

/** Whether a lock file has those versions: each manager writes them in its own way. */
function readLock(name: string): boolean {
  const file = readdirSync(join(FIXTURES, name)).find((one) => /lock/.test(one))!;
  const text = readFileSync(join(FIXTURES, name, file), "utf8");
  return [...LOCKED, ...DEVELOPMENT].every((one) => {
    const [, version = ""] = one.split("@");
    return text.includes(version);
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
