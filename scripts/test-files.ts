/** Finds test files, shuffles them, and runs each in a process of its own. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import type { Environment } from "./test-environment.ts";

const ROOT = join(import.meta.dir, "..");

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface Outcome extends Counts {
  seconds: number;
  /** All that was printed. */
  output: string;
  /** The seconds of each file. */
  files: Map<string, number>;
}

/** The files of tests below a folder of the repository, in the order of their names. */
export async function findTestFiles(folder: string): Promise<string[]> {
  const found = await Array.fromAsync(new Bun.Glob(`${folder}/**/*.test.ts`).scan({ cwd: ROOT }));
  return found.sort();
}

/** The same order for the same seed. */
export function shuffle<Item>(items: readonly Item[], seed: string): Item[] {
  const rank = (item: Item, index: number) => Bun.hash(`${seed} ${index} ${String(item)}`);
  return items
    .map((item, index) => ({ item, rank: rank(item, index) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ item }) => item);
}

/**
 * Runs files in one process of bun's.
 * @param report a file for what bun counts; removed
 */
export async function runFiles(
  files: readonly string[],
  options: { env: Environment; flags: readonly string[]; report: string },
): Promise<Outcome> {
  const { env, flags, report } = options;
  const begin = performance.now();
  const run = $({ cwd: ROOT, env, nothrow: true, quiet: true, input: "" });
  const reporting = ["--reporter=junit", `--reporter-outfile=${report}`];
  const paths = files.map((file) => `./${file}`);
  const { exitCode, stdout, stderr } =
    await run`${[process.execPath, "test", ...paths, ...flags, ...reporting]}`;
  const seconds = (performance.now() - begin) / 1000;
  const text = await readFile(report, "utf8").catch(() => "");
  await rm(report, { force: true });
  const counts = readCounts(text);
  const times = readTimes(text);
  if (files.length === 1) times.set(files[0]!, seconds);
  // A runner that fell over has failed, whatever it had counted until then; so has one that has not
  // come to all files.
  const told = /across (\d+) files?/.exec(`${stdout}${stderr}`)?.[1];
  const isWhole = exitCode === 0 && Number(told) === files.length && counts.passed > 0;
  if (!isWhole && counts.failed === 0) counts.failed = 1;
  return { ...counts, seconds, output: `${stdout}${stderr}`, files: times };
}

// --- internal ---

function readCounts(report: string): Counts {
  const head = /<testsuites[^>]*>/.exec(report)?.[0] ?? "";
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  const skipped = count("skipped");
  return { passed: count("tests") - failed - skipped, failed, skipped };
}

/** A suite that is a file's has the file for its name. */
function readTimes(report: string): Map<string, number> {
  const suites = report.matchAll(/<testsuite name="([^"]+\.test\.ts)"[^>]* time="([\d.]+)"/g);
  return new Map(
    [...suites].map(([, name = "", time]) => [name.replace(/^\.\//, ""), Number(time)]),
  );
}
