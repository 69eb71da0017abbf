/**
 * Every test, from a fresh clone: checks the sources, brings up an engine, compiles, and runs
 * the unit tests and then the integration tests. Ends with `N passed, N failed, N skipped`.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { ensureEngine } from "./engine.ts";

const ROOT = join(import.meta.dir, "..");

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
const begin = performance.now();

await check("types", ["node_modules/.bin/tsc"]);
await check("lint and format", ["node_modules/.bin/biome", "check", "."]);
await suite("unit", ["test/unit"]);
await check("engine", async () => ensureEngine((line) => say(`engine: ${line}`)));
await check("compile", [process.execPath, "scripts/compile.ts"]);
await suite("integration", ["test/integration", "--timeout", "600000", "--max-concurrency", "1"]);

const { passed, failed, skipped } = counts;
say(`whole run: ${((performance.now() - begin) / 1000).toFixed(0)} s`);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

// --- internal ---

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Something that passes or fails as a whole. */
async function check(name: string, work: string[] | (() => Promise<void>)): Promise<void> {
  try {
    if (typeof work === "function") await work();
    else await $({ cwd: ROOT, quiet: true })`${work}`;
    counts.passed += 1;
    say(`ok ${name}`);
  } catch (error) {
    counts.failed += 1;
    say(`FAILED ${name}\n${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A run of bun's test runner, which writes what it counted to a file. */
async function suite(name: string, words: string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "nua-build-tests-"));
  try {
    const report = join(folder, "junit.xml");
    const flags = ["--reporter=junit", `--reporter-outfile=${report}`];
    const env = { ...process.env, NUA_TEST_REQUIRE_ENGINE: "1" };
    const run = $({ cwd: ROOT, nothrow: true, quiet: false, verbose: true, env, stdio: "inherit" });
    const { exitCode } = await run`${[process.execPath, "test", ...words, ...flags]}`;
    const found = await readCounts(report);
    // A runner that fell over has failed, whatever it had counted until then.
    if (exitCode !== 0 && found.failed === 0) found.failed = 1;
    for (const key of ["passed", "failed", "skipped"] as const) counts[key] += found[key];
    say(
      `${found.failed === 0 ? "ok" : "FAILED"} ${name}: ${found.passed} passed, ${found.failed} failed`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readCounts(report: string): Promise<Counts> {
  const text = await readFile(report, "utf8").catch(() => "");
  const head = /<testsuites[^>]*>/.exec(text)?.[0] ?? "";
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  const skipped = count("skipped");
  return { passed: count("tests") - failed - skipped, failed, skipped };
}
