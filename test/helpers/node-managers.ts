/**
 * The apps of test/fixtures/node-managers, one a package manager, each with a lock file that its
 * manager has written: what is installed is compared with that, not with what a manager says.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { nuaBuild } from "./binary.ts";
import { testBuilder } from "./builders.ts";
import { askInside, type Client, docker } from "./engine.ts";
import { type AppKind, succeeded, type WrittenApps, writeApps } from "./sealed.ts";

const FIXTURES = join(import.meta.dir, "../fixtures/node-managers");

/** All of them, by their names. */
export const MANAGERS: readonly string[] = readdirSync(FIXTURES)
  .filter((name) => name !== "common")
  .sort();

export const NODE_APPS: AppKind = {
  write: writeApp,
  tagOf,
  installed: installedIn,
  // The registry has newer ones of both.
  locked: ["once@1.3.3", "wrappy@1.0.1"],
};

/** Builds them from nothing and after an edit, and asks each. */
export function describeManagers(names: readonly string[]): void {
  const client = testBuilder("embedded");
  let apps: WrittenApps;
  beforeAll(async () => {
    apps = await writeApps(client, names, NODE_APPS);
    succeeded(await apps.run("--no-save", ...apps.paths));
  }, 3_600_000);
  afterAll(() => apps?.[Symbol.asyncDispose]());

  describe.each(names)("an app of %s", (name) => {
    test("has what its lock file pins, and nothing that is for development", async () => {
      expect(lacksInLock(name)).toEqual([]);
      expect(await installedIn(client, tagOf(name))).toEqual([...NODE_APPS.locked]);
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
        ...{ development: "reused", dependencies: "reused" },
        app: "made anew: edited.txt changed",
      });
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

/** What only the build needs. */
const DEVELOPMENT = ["debug@4.3.4", "ms@2.1.2"];

const ANSWER = "once 1.3.3, wrappy 1.0.1, debug none, built by debug 4.3.4\n";

function tagOf(name: string): string {
  return `nua-managers-${name}:1.0.0`;
}

function writeApp(name: string, folder: string): string {
  cpSync(join(FIXTURES, "common"), folder, { recursive: true });
  cpSync(join(FIXTURES, name), folder, { recursive: true });
  return folder;
}

/** What a lock file does not have of that: each manager writes it in its own way. */
function lacksInLock(name: string): string[] {
  const file = readdirSync(join(FIXTURES, name)).find((one) => one.includes("lock"))!;
  const text = readFileSync(join(FIXTURES, name, file), "utf8");
  return [...NODE_APPS.locked, ...DEVELOPMENT].filter((one) => {
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
