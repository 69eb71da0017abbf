/**
 * Folders of apps that were made by somebody who means harm: each is staged or refused with an
 * error that says why, and nothing beside the context changes.
 */
import { afterAll, expect, test } from "bun:test";
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createContextWriter } from "../../../src/context/context-writer.ts";
import { stageTree } from "../../../src/context/stage-tree.ts";
import { NuaError } from "../../../src/lib/errors.ts";
import { isStagedAtTop } from "../../../src/source/staged-names.ts";
import { type Random, randomOf } from "../../helpers/mutate.ts";
import { WatchedFolder } from "../../helpers/watched-folder.ts";

const RUNS = Number(process.env.NUA_FUZZ_RUNS ?? 150);
const FIRST = Number(process.env.NUA_FUZZ_FIRST ?? 0);

const watched = new WatchedFolder();
afterAll(() => watched[Symbol.dispose]());

/** As a build does it: the app's tree, and then what nua-build writes itself. */
async function stageInto(from: string, to: string): Promise<void> {
  const { signal } = new AbortController();
  const writer = createContextWriter(to);
  await stageTree({ writer, from, to: "", accept: isStagedAtTop, signal });
  for (const name of ["Dockerfile", ".dockerignore", "nua-config.json", "nua-agent.json"]) {
    writer.write(name, "generated");
  }
}

const NAMES = [
  ...[
    "a",
    "A",
    "b",
    "é",
    "e\u0301",
    "Dockerfile",
    ".dockerignore",
    "nua-config.json",
    "nua-source",
  ],
  ...[
    "nua-agent.json",
    "nua-layers",
    "nua-layers/app",
    "node_modules/x",
    "a/b",
    "a/b/c",
    "b/a",
    "x\n",
  ],
];
const TARGETS = [
  ...["..", "../..", "../../canary", "../other", "../../other", ".", "a", "b", "a/b", "../a"],
  ...["nowhere", "../new", "a/../../canary", "x".repeat(300)],
];

/** Names that are taken, or would be elsewhere, are passed over. */
function makeApp(root: string, random: Random): void {
  mkdirSync(root);
  const targets = [...TARGETS, watched.canary, join(watched.parent, "other"), watched.parent];
  const pick = (list: readonly string[]) => list[random(list.length)]!;
  const links: (() => void)[] = [];
  for (let count = random(14); count > 0; count -= 1) {
    const [path, target] = [join(root, pick(NAMES)), pick(targets)];
    const kinds = [
      () => writeFileSync(path, "x", { flag: "wx" }),
      () => mkdirSync(path, { recursive: true }),
      () => linkSync(join(root, pick(NAMES)), path),
      // Last, so that making the app follows none.
      () => links.push(() => symlinkSync(target, path)),
      () => links.push(() => symlinkSync(target, path)),
    ];
    attempt(() => mkdirSync(dirname(path), { recursive: true }));
    attempt(kinds[random(kinds.length)]!);
  }
  for (const link of links) attempt(link);
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {}
}

test(
  "an app's folder",
  async () => {
    for (let run = FIRST; run < FIRST + RUNS; run += 1) {
      const app = join(watched.folder, "app");
      try {
        makeApp(app, randomOf(run));
        await stageInto(app, join(watched.folder, "context")).catch((error: unknown) => {
          if (!(error instanceof NuaError)) throw error;
          expect(["input", "archive", "config"]).toContain(error.code);
        });
        watched.reset();
      } catch (cause) {
        throw new Error(`run ${run}`, { cause });
      }
    }
    expect(readFileSync(watched.canary, "utf8")).toBe("alive");
  },
  RUNS * 1000 + 30_000,
);
