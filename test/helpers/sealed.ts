/** Builds apps twice, the second time on a machine without a network, where nothing is cached. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Airgap, findDockerd, startAirgap } from "./airgap.ts";
import { BINARY, nuaBuild, type Outcome } from "./binary.ts";
import { testBuilder } from "./builders.ts";
import { type Client, docker } from "./engine.ts";

/** Apps of a kind, by their names. */
export interface AppKind {
  /** @returns the folder */
  write(name: string, folder: string): string;
  tagOf(name: string): string;
  /** What is installed in an image. */
  installed(client: Client, tag: string): Promise<string[]>;
  /** What all of their lock files pin of what is to be there. */
  locked: readonly string[];
}

/** Apps in a folder of their own; their images go with it. */
export interface WrittenApps extends AsyncDisposable {
  folder: string;
  paths: string[];
  /** Runs nua-build. */
  run(...argv: string[]): Promise<Outcome>;
}

export async function writeApps(
  client: Client,
  names: readonly string[],
  { write, tagOf }: AppKind,
  settings: Record<string, string> = {},
): Promise<WrittenApps> {
  const folder = await mkdtemp("/var/tmp/nua-build-test-");
  const env = { NUA_BUILD_DIR: join(folder, "contexts"), XDG_STATE_HOME: join(folder, "state") };
  await mkdir(env.NUA_BUILD_DIR);
  return {
    folder,
    paths: names.map((name) => write(name, join(folder, name))),
    run: (...argv) => nuaBuild(argv, { client, env: { ...env, ...settings } }),
    async [Symbol.asyncDispose]() {
      for (const name of names) {
        await docker(client, "image", "rm", "--force", tagOf(name)).catch(() => "");
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param settings those of the machine with a network */
export function describeSealed(
  names: readonly string[],
  kind: AppKind,
  settings: (client: Client) => Promise<Record<string, string>> = async () => ({}),
): void {
  const client = testBuilder("embedded");
  let apps: WrittenApps;
  let gap: Airgap;
  /** SHA-256 of each archive, by its tag. */
  let archives: Record<string, string>;
  const at = (name: string) => join(apps.folder, name);

  beforeAll(async () => {
    apps = await writeApps(client, names, kind, await settings(client));
    const argv = ["--reproducible", "--json", "-o", at("first/"), ...apps.paths];
    archives = await sumsOf(succeeded(await apps.run(...argv)).stdout);
    await rm(at("first"), { recursive: true });
    succeeded(await apps.run("bundle", "--no-prove", "-o", at("apps.bundle"), ...apps.paths));
    gap = await startAirgap({ folder: at("engine"), dockerd: findDockerd(), client });
  }, 3_600_000);
  afterAll(async () => {
    await gap?.[Symbol.asyncDispose]();
    await apps?.[Symbol.asyncDispose]();
  });

  test("each is the same to the byte, and no packet tries to leave", async () => {
    const words = ["--bundle", at("apps.bundle"), "--reproducible", "--json", "-o", at("sealed/")];
    const env = { NUA_BUILD_DIR: at("contexts"), XDG_STATE_HOME: at("sealed-state") };
    const argv = [BINARY, ...words];
    const built = await gap.run(argv, { env: { ...env, NUA_ENGINE: client.program } });
    expect(succeeded(built).stderr).toContain("offline: sealed");
    expect(await sumsOf(built.stdout)).toEqual(archives);
    expect(await gap.leaving()).toBe(0);
  }, 3_600_000);

  test.each(names)("an app of %s has what its lock file pins", async (name) => {
    expect(await kind.installed(gap.client, kind.tagOf(name))).toEqual([...kind.locked]);
  });
}

export function succeeded<T extends { status: number; stderr: string }>(outcome: T): T {
  const { status, stderr } = outcome;
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return outcome;
}

// --- internal ---

/** @param stdout what a build of several apps has printed */
async function sumsOf(stdout: string): Promise<Record<string, string>> {
  const { builds } = JSON.parse(stdout) as { builds: { tag: string; archive: { file: string } }[] };
  const sums = builds.map(async ({ tag, archive }) => {
    const [sum = ""] = (await readFile(`${archive.file}.sha256`, "utf8")).split(" ");
    return [tag, sum];
  });
  return Object.fromEntries(await Promise.all(sums));
}
