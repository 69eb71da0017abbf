/**
 * `npm run demo`: compiles nua-build, builds examples/hello-node, removes the image, loads it from
 * its archive, runs it and requests it over HTTP.
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { formatBytes, formatSeconds } from "../src/lib/format.ts";
import { ensureEngine } from "./engine.ts";

const ROOT = join(import.meta.dir, "..");
const BINARY = join(ROOT, "dist/nua-build");
const PORT = 3000;
const run = $({ cwd: ROOT, quiet: true });

const seconds: [string, number][] = [];
const output = await mkdtemp("/var/tmp/nua-build-demo-");
let container = "";
let engine: AsyncDisposable | undefined;
try {
  engine = await step("engine", () => ensureEngine(say));
  await step("compile dist/nua-build", () => run`${process.execPath} scripts/compile.ts`);
  const built = await step("build examples/hello-node", () => {
    // The progress of the build is part of the show.
    const visible = $({ cwd: ROOT, stdio: ["ignore", "pipe", "inherit"], quiet: true });
    return visible`${BINARY} --json --output ${output}/ examples/hello-node`;
  });
  const { tag, archive, bytes } = JSON.parse(built.stdout);
  await step("remove the image", () => run`docker image rm --force ${tag}`);
  await step("load the archive", () => run`docker load --input ${archive.file}`);
  const started = await step("start the app", async () => {
    return run`docker run --detach --publish 127.0.0.1::${PORT} ${tag}`;
  });
  container = started.stdout.trim();
  const body = await step("ask it over HTTP", () => askApp(container));
  await step("stop the app", () => run`docker stop ${container}`);
  const size = (await stat(archive.file)).size;
  say(`\nHTTP answer: ${body.trim()}`);
  say(`image ${tag}: ${formatBytes(bytes)}, archive ${formatBytes(size)}`);
  for (const [name, spent] of seconds) say(`${formatSeconds(spent).padStart(8)}  ${name}`);
} finally {
  if (container !== "") await $({ quiet: true, nothrow: true })`docker rm --force ${container}`;
  await rm(output, { recursive: true, force: true });
  await engine?.[Symbol.asyncDispose]();
}

// --- internal ---

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  say(`== ${name}`);
  const begin = performance.now();
  const result = await work();
  seconds.push([name, (performance.now() - begin) / 1000]);
  return result;
}

/** Asks until the app answers; it may still be starting. */
async function askApp(id: string): Promise<string> {
  const published = (await run`docker port ${id} ${PORT}/tcp`).stdout.split("\n")[0]?.trim();
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(`http://${published}/`).catch(() => undefined);
    if (answer?.ok) return answer.text();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no answer from http://${published}/`);
}
