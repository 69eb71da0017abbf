/**
 * `npm run bench`: compares nua-build with handwritten Dockerfiles.
 *
 *   npm run bench -- [CASE…] [--rounds N] [--json FILE] [--linux-base IMAGE]
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { $ } from "zx";
import { BENCH_APPS } from "../bench/apps.ts";
import { APP_CASES, FILES_CASE, MANY_CASE, START_CASE } from "../bench/cases.ts";
import { formatRows, type Row } from "../bench/measure.ts";
import { startPackageIndex } from "../bench/package-index.ts";
import { type Bench, findClient, findPrograms } from "../bench/sides.ts";
import { ensureEngine } from "./engine.ts";

/** Kept for the next run. */
const INDEX_FILES = "/var/tmp/nua-bench-index-3";

const CASES = [START_CASE, ...APP_CASES, MANY_CASE, FILES_CASE];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    json: { type: "string" },
    "linux-base": { type: "string", default: process.env.NUA_LINUX_BASE ?? "" },
  },
});
const unknown = positionals.filter((name) => !CASES.some((one) => one.name === name));
if (unknown.length > 0) {
  throw new Error(`no case "${unknown[0]}"; there are ${CASES.map(({ name }) => name).join(", ")}`);
}

await ensureEngine(say);
await $({ quiet: true })`${process.execPath} scripts/compile.ts`;
const folder = await mkdtemp("/var/tmp/nua-bench-");
const rows: Row[] = [];
try {
  const client = await findClient();
  using index = await startPackageIndex(INDEX_FILES, client);
  const output = join(folder, "archives");
  await mkdir(output);
  const certificates = await collectCertificates();
  const programs = await findPrograms(client);
  const linuxBase = values["linux-base"];
  const bench: Bench = { client, programs, output, certificates, linuxBase, ...index };
  await describeEngine(client);
  const bases = [...new Set(BENCH_APPS.flatMap((app) => app.bases))];
  await $({ quiet: true, env: baseEnvironment(bench) })`dist/nua-build bases build ${bases}`;
  const chosen = CASES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  for (const one of chosen) {
    const own = join(folder, one.name);
    await mkdir(own);
    say(`== ${one.name}`);
    const found = await one.run(bench, { rounds: Number(values.rounds), folder: own });
    say(formatRows(found));
    rows.push(...found);
    await rm(own, { recursive: true });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
say(`\n${formatRows(rows)}`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);

// --- internal ---

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function baseEnvironment({ client, linuxBase }: Bench): Record<string, string | undefined> {
  const base = linuxBase === "" ? {} : { NUA_LINUX_BASE: linuxBase };
  return { ...process.env, NUA_ENGINE: client, ...base };
}

async function describeEngine(client: string): Promise<void> {
  const format = "client {{.Client.Version}}, engine {{.Server.Version}}";
  const version = await $({ quiet: true })`${client} version --format ${format}`;
  say(`${client}: ${version.stdout.trim()}; medians of ${values.rounds} rounds, in seconds`);
}

/** Of an administrator's, in PEM. */
async function collectCertificates(): Promise<string> {
  const added = new Bun.Glob("/usr/local/share/ca-certificates/**/*.crt").scan({ absolute: true });
  const texts = (await Array.fromAsync(added)).map((file) => Bun.file(file).text());
  return (await Promise.all(texts)).join("\n");
}
