/**
 * `npm test`: lints, compiles, starts private engines with all three builders, and runs all tests,
 * from a fresh clone. Ends with `N passed, N failed, N skipped`.
 *
 *   bun scripts/test.ts                      everything
 *   bun scripts/test.ts --shuffle SEED       in the order of another run
 *   bun scripts/test.ts FILE…                only these
 *   bun scripts/test.ts --unit               only the unit tests
 *   bun scripts/test.ts --wide               only what is too much for each run: test/wide
 *   NUA_TEST_ENGINE=26 bun scripts/test.ts   with the engine of Docker 26
 */
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { $ } from "zx";
import { ENGINE_VERSIONS, type EngineVersion, prepareDocker } from "./docker-programs.ts";
import { cacheFolder, closeRunFolder, openRunFolder } from "./run-folder.ts";
import { ensureSystemPackages } from "./system-packages.ts";
import {
  describePrograms,
  type Environment,
  linkPrograms,
  testEnvironment,
} from "./test-environment.ts";
import { type Counts, findTestFiles, runFiles, shuffle } from "./test-files.ts";
import { type Lane, openLanes } from "./test-lanes.ts";

const ROOT = join(import.meta.dir, "..");
const { values: flags, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    shuffle: { type: "string" },
    unit: { type: "boolean", default: false },
    wide: { type: "boolean", default: false },
  },
});
const seed = flags.shuffle ?? crypto.randomUUID().slice(0, 8);
const engine = (process.env.NUA_TEST_ENGINE ?? "20.10") as EngineVersion;
/** Each takes as long as several others. */
const LONGEST = ["airgap", "airgap-docs", "crossing", "transfer", "airgap-missing"].map(
  (name) => `test/integration/${name}.test.ts`,
);
const SIDE_BY_SIDE = Math.max(1, Math.min(2, cpus().length));

// What tests write is read by other users, in containers: whoever starts them may keep files private.
process.umask(0o022);

if (process.getuid?.() !== 0) {
  // Engines, networks and mounts need it.
  const again = ["sudo", "--preserve-env", process.execPath, ...process.argv.slice(1)];
  process.exit(Bun.spawnSync(again, { stdio: ["inherit", "inherit", "inherit"] }).exitCode);
}
if (!ENGINE_VERSIONS.includes(engine)) {
  throw new Error(`NUA_TEST_ENGINE=${engine}: use one of ${ENGINE_VERSIONS.join(", ")}`);
}

const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
const times = new Map<string, number>();
const begin = performance.now();
const log = (line: string) => say(`${elapsed()} ${line}`);
say(`order of the files: --shuffle ${seed}`);

await check("system", () => ensureSystemPackages(log));
const folder = await openRunFolder(log);
for (const [name, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  process.once(name, () => void closeRunFolder(folder).finally(() => process.exit(status)));
}
try {
  await runAll();
} finally {
  await closeRunFolder(folder);
}

const { passed, failed, skipped } = counts;
say("slowest files:");
for (const [file, seconds] of [...times].sort(([, a], [, b]) => b - a).slice(0, 10)) {
  say(`${seconds.toFixed(1).padStart(8)} s  ${file}`);
}
say(`whole run: ${((performance.now() - begin) / 1000).toFixed(0)} s, --shuffle ${seed}`);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

// --- internal ---

async function runAll(): Promise<void> {
  const isWhole = positionals.length === 0 && !flags.wide;
  const files = chooseFiles(await findTestFiles("test"), positionals);
  const unit = flags.wide ? [] : files.filter((file) => file.startsWith("test/unit/"));
  const integration = flags.unit ? [] : files.filter(isOnEngines);
  if (isWhole) {
    await check("types", ["node_modules/.bin/tsc"]);
    await check("lint and format", ["node_modules/.bin/biome", "check", "."]);
  }
  const bin = join(folder, "bin");
  const programs = await check("programs", () =>
    prepareDocker({
      cache: join(cacheFolder(), "programs"),
      folder: join(folder, "docker"),
      engine,
      log,
    }),
  );
  if (programs === undefined) return;
  await linkPrograms(bin, programs.docker26);
  for (const line of await describePrograms(programs, bin)) say(line);
  await runUnitTests(shuffle(unit, seed), bin);
  if (integration.length === 0) return;
  await check("compile", [process.execPath, "scripts/compile.ts"]);
  const count = Math.min(SIDE_BY_SIDE, integration.length);
  const lanes = await check("engines", () => openLanes(count, { folder, bin, programs, log }));
  if (lanes !== undefined) await runIntegrationTests(shuffle(integration, seed), lanes, bin);
}

/** @throws Error for a name that is no file's: nothing that is asked for is passed over */
function chooseFiles(files: readonly string[], names: readonly string[]): string[] {
  const unknown = names.find((name) => !files.includes(name.replace(/^\.\//, "")));
  if (unknown !== undefined) throw new Error(`no test file "${unknown}"`);
  return names.length === 0 ? [...files] : names.map((name) => name.replace(/^\.\//, ""));
}

/** Those of test/wide only when they are asked for. */
function isOnEngines(file: string): boolean {
  if (file.startsWith("test/wide/")) return flags.wide || positionals.length > 0;
  return file.startsWith("test/integration/") && !flags.wide;
}

/** Several files a process: to start one takes longer than most files do. */
async function runUnitTests(files: readonly string[], bin: string): Promise<void> {
  const size = Math.ceil(files.length / (SIDE_BY_SIDE * 4));
  const groups = Array.from({ length: Math.ceil(files.length / Math.max(size, 1)) }, (_, index) =>
    files.slice(index * size, (index + 1) * size),
  );
  const workers = Array.from({ length: SIDE_BY_SIDE }, async () => {
    for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
      await runGroup(`unit, ${group.length} files`, group, bin, {}, ["--timeout", "20000"]);
    }
  });
  await Promise.all(workers);
}

async function runIntegrationTests(
  files: readonly string[],
  lanes: readonly Lane[],
  bin: string,
): Promise<void> {
  // The longest first, or an engine would wait for one of them at the end.
  const rank = (file: string) => LONGEST.indexOf(file) + 1 || LONGEST.length + 1;
  const queue = files.toSorted((one, other) => rank(one) - rank(other));
  const flags = ["--timeout", "600000", "--max-concurrency", "1"];
  const workers = lanes.map(async ({ name, env, clean }) => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      await runGroup(`${file} on ${name}`, [file], bin, env, flags);
      await clean();
    }
  });
  await Promise.all(workers);
}

async function runGroup(
  name: string,
  files: readonly string[],
  bin: string,
  engineEnv: Environment,
  flags: readonly string[],
): Promise<void> {
  const own = join(folder, `files-${crypto.randomUUID().slice(0, 8)}`);
  const env = { ...(await testEnvironment(own, bin)), ...engineEnv };
  const outcome = await runFiles(files, { env, flags, report: join(own, "junit.xml") });
  for (const key of ["passed", "failed", "skipped"] as const) counts[key] += outcome[key];
  for (const [file, seconds] of outcome.files) times.set(file, seconds);
  const { passed, failed, skipped, seconds, output } = outcome;
  const told = `${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds.toFixed(0)} s`;
  if (failed > 0) say(output);
  log(`${failed === 0 ? "ok" : "FAILED"} ${name}: ${told}`);
}

/** Something that passes or fails as a whole. @returns what it gives; undefined when it failed */
async function check<Result>(
  name: string,
  work: string[] | (() => Promise<Result>),
): Promise<Result | undefined> {
  try {
    let result: Result | undefined;
    if (typeof work === "function") result = await work();
    else await $({ cwd: ROOT, quiet: true })`${work}`;
    counts.passed += 1;
    log(`ok ${name}`);
    return result;
  } catch (error) {
    counts.failed += 1;
    log(`FAILED ${name}\n${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function elapsed(): string {
  return `[${((performance.now() - begin) / 1000).toFixed(0).padStart(4)} s]`;
}
