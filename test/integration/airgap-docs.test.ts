/** docs/airgap.md holds: every command of it, on a machine with a network and on one without. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { cp, link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { parseIndex } from "../../src/airgap/bundle/bundle-index.ts";
import { fileChunks } from "../../src/lib/input-file.ts";
import { readWhole } from "../../src/lib/tar/byte-reader.ts";
import { readTar } from "../../src/lib/tar/read.ts";
import { MEMBER } from "../../src/source/bundle-members.ts";
import { type Airgap, findDockerd, startAirgap } from "../helpers/airgap.ts";
import { BINARY, nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { docker } from "../helpers/engine.ts";

const ROOT = join(import.meta.dir, "../..");
const BLOCK = /^```sh (connected|airgapped)(?: status=(\d+))?\n([\s\S]*?)^```$/gm;

const document = readFileSync(join(ROOT, "docs/airgap.md"), "utf8");
const blocks = [...document.matchAll(BLOCK)].map(([, side, status = "0", script]) => {
  return { side: side as Side, status: Number(status), script: script! };
});
/** The documented commands name no client: the one on PATH has to be this. */
const client = testBuilder("buildx");

type Side = "connected" | "airgapped";

let folder: string;
let gap: Airgap;
/** The same on both sides. */
let env: Record<string, string>;
const at = (side: Side | "bin", name = "") => join(folder, side, name);

beforeAll(async () => {
  folder = await mkdtemp("/var/tmp/nua-build-test-");
  for (const side of ["connected", "airgapped", "bin"] as const) await mkdir(at(side));
  await mkdir(join(folder, "contexts"));
  await link(BINARY, at("bin", "nua-build")).catch(() => cp(BINARY, at("bin", "nua-build")));
  const example = join(ROOT, "examples/hello-node");
  await cp(example, at("connected", "hello-node"), { recursive: true });
  await cp(example, at("airgapped", "changed/hello-node"), { recursive: true });
  await addDependency(at("airgapped", "changed/hello-node"), "isarray", "2.0.5");
  env = {
    ...client.env,
    NUA_ENGINE: client.program,
    NUA_BUILD_DIR: join(folder, "contexts"),
    XDG_STATE_HOME: join(folder, "state"),
  };
  gap = await startAirgap({ folder: join(folder, "engine"), dockerd: findDockerd(), client });
});
afterAll(async () => {
  await gap?.[Symbol.asyncDispose]();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

describe("docs/airgap.md", () => {
  test("has commands for both sides, and no others", () => {
    expect(new Set(blocks.map(({ side }) => side))).toEqual(new Set(["connected", "airgapped"]));
    expect(document.match(/^```\w/gm)).toHaveLength(blocks.length);
    expect(document).not.toMatch(/^ {4}\S/m);
  });

  test.each(blocks)("$side: $script", async ({ side, status, script }) => {
    await carryOver(script, side);
    const outcome = await run[side](["bash", "-euo", "pipefail", "-c", script]);
    const told = outcome.status === status ? "" : outcome.stdout + outcome.stderr;
    expect({ status: outcome.status, told }).toEqual({ status, told: "" });
    // What a block says to fail says what for, and the text beside it repeats that.
    for (const line of missingLines(outcome.stderr)) expect(document).toContain(`\`${line}\``);
    expect(missingLines(outcome.stderr)).toHaveLength(status === 4 ? 1 : 0);
  });

  test("no packet has tried to leave", async () => {
    expect(await gap.leaving()).toBe(0);
    const images = await docker(gap.client, "images", "--format", "{{.Repository}}:{{.Tag}}");
    expect(images.split("\n")).toContain("nua-hello-node:1.0-1");
  });
});

describe("the size", () => {
  test("of a bundle is that of its parts", async () => {
    const file = at("connected", "hello-node.bundle");
    expect((await stat(file)).size).toBeLessThanOrEqual((await sumOfParts(file)) * 1.02);
  });

  test("of one on top of it is that of what is new", async () => {
    const app = at("airgapped", "changed/hello-node");
    const [older, newer] = ["hello-node.bundle", "with-isarray.bundle"].map((name) =>
      at("connected", name),
    ) as [string, string];
    const argv = ["bundle", app, "--since", older, "-o", newer, "--no-prove"];
    const { status, stderr } = await nuaBuild(argv, { env });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    expect((await stat(newer)).size).toBeLessThan((await stat(older)).size * 0.05);
  });
});

// --- internal ---

const run: Record<Side, (argv: string[]) => ReturnType<Airgap["run"]>> = {
  connected: async (argv) => {
    const path = `${at("bin")}:${process.env.PATH}`;
    const options = { cwd: at("connected"), env: { ...process.env, ...env, PATH: path } };
    const shell = $({ ...options, quiet: true, nothrow: true, input: "" });
    const { exitCode, stdout, stderr } = await shell`${argv}`;
    return { status: exitCode ?? -1, stdout, stderr };
  },
  airgapped: (argv) => gap.run(argv, { cwd: at("airgapped"), env: { ...env, ...gap.client.env } }),
};

/** What a script names, and only the other side has. */
async function carryOver(script: string, to: Side): Promise<void> {
  const from = to === "connected" ? "airgapped" : "connected";
  const [there, here] = await Promise.all([readdir(at(from)), readdir(at(to))]);
  const named = new Set(script.match(/[\w.-]+/g));
  for (const name of there) {
    if (!named.has(name) || here.includes(name)) continue;
    await cp(at(from, name), at(to, name), { recursive: true });
  }
}

function missingLines(stderr: string): string[] {
  return stderr.match(/^ +\w+ .*, wanted by .*$/gm)?.map((line) => line.trim()) ?? [];
}

/** Of the contents as they are stored, and of what tells about them. */
async function sumOfParts(file: string): Promise<number> {
  let sum = 0;
  for await (const { name, size, content } of readTar(fileChunks(file), { attempt: "Read" })) {
    if (name.startsWith("blobs/") || name === MEMBER.seal) continue;
    sum += size;
    if (name !== MEMBER.index) continue;
    const { blobs } = parseIndex((await readWhole(content, size))!, { attempt: "Read" });
    for (const { stored } of blobs) sum += stored.bytes;
  }
  return sum;
}

/** One without dependencies of its own, as npm would write it down. */
async function addDependency(app: string, name: string, version: string): Promise<void> {
  const edit = async <T>(file: string, change: (json: T) => void) => {
    const json = JSON.parse(await readFile(join(app, file), "utf8")) as T;
    change(json);
    await writeFile(join(app, file), JSON.stringify(json, null, 2));
  };
  type Manifest = { dependencies: Record<string, string> };
  await edit<Manifest>("package.json", ({ dependencies }) => {
    dependencies[name] = version;
  });
  await edit<{ packages: Record<string, Manifest | object> }>("package-lock.json", (lock) => {
    (lock.packages[""] as Manifest).dependencies[name] = version;
    lock.packages[`node_modules/${name}`] = { version };
  });
}
