/** The programs that this machine has, as builds use them. */
import { describe, expect, test } from "bun:test";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { childEnvironment } from "../../../../src/agent/environment.ts";
import type { Route } from "../../../../src/agent/proxy/lead.ts";
import { createBuilds, PLAIN, SECURE, type Site, startSite } from "./site.ts";

interface Client {
  program: string;
  argv: (folder: string) => string[];
  output: string;
  client: string;
}

const PYTHON = `import sys, urllib.request
for url in sys.argv[1:]: print(urllib.request.urlopen(url).read().decode(), end="")`;

const CLIENTS: readonly Client[] = [
  {
    program: "curl",
    // The last but one through a tunnel, as some clients do it always.
    argv: () => ["-sSfL", `${SECURE}file`, `${SECURE}moved`, `${PLAIN}file`, "-p", `${PLAIN}same`],
    output: "a file\n".repeat(4),
    client: "curl",
  },
  {
    program: "python3",
    argv: () => ["-c", PYTHON, `${SECURE}file`, `${PLAIN}moved`],
    output: "a file\n".repeat(2),
    client: "python-urllib",
  },
  {
    program: "git",
    argv: (folder) => [
      ...["-c", "advice.detachedHead=false", "clone", "--quiet", "--depth=1", "--branch=v1"],
      ...[`${SECURE}repository.git`, join(folder, "clone")],
    ],
    output: "",
    client: "git",
  },
];

describe.each(CLIENTS)("$program", ({ program, argv, output, client }) => {
  test.skipIf(Bun.which(program) === null)("reads the same without the site", async () => {
    using builds = createBuilds();
    const recording = await (async () => {
      using site = await startSite();
      serveRepository(site, builds.folder);
      const route = await builds.record(site.networkSettings);
      expect(await runClient(route, program, argv(builds.folder), builds.folder)).toBe(output);
      await route.close("app");
      return builds.recorded();
    })();
    expect([...new Set(recording.map((exchange) => exchange.client))]).toEqual([client]);
    const details = recording.flatMap(({ detail }) => detail ?? []);
    expect(details).toEqual(program === "git" ? [commitOf(builds.folder)] : []);
    const lines: string[] = [];
    const replay = await builds.replay(lines);
    const first = cloned(builds.folder);
    rmSync(join(builds.folder, "clone"), { recursive: true, force: true });
    expect(await runClient(replay, program, argv(builds.folder), builds.folder)).toBe(output);
    expect(cloned(builds.folder)).toEqual(first);
    expect(lines).toEqual([]);
    await replay.close("app");
  });
});

test("programs of a build from a bundle: apt takes old lists, and what is local is asked for directly", async () => {
  using builds = createBuilds();
  writeFileSync(join(builds.folder, "exchanges-app.json"), '{"version":1,"exchanges":[]}');
  const replay = await builds.replay();
  const env = environmentOf(replay, builds.folder);
  const text = readFileSync(env.APT_CONFIG ?? "", "utf8");
  expect(text).toContain('Acquire::Check-Valid-Until "false";');
  expect(env).toMatchObject({ NODE_USE_ENV_PROXY: "1", no_proxy: "localhost,127.0.0.1,::1" });
  await replay.close("app");
});

// --- internal ---

function environmentOf(route: Route, folder: string): Record<string, string | undefined> {
  const scratch = join(folder, "scratch");
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch);
  const given = { PATH: process.env.PATH, HOME: folder, ...route.env };
  return childEnvironment(given, route.networkSettings, { scratch, caches: {} });
}

async function runClient(
  route: Route,
  program: string,
  argv: readonly string[],
  folder: string,
): Promise<string> {
  const env = environmentOf(route, folder) as NodeJS.ProcessEnv;
  return (await promisify(execFile)(program, argv, { env, cwd: folder })).stdout;
}

function cloned(folder: string): string | null {
  try {
    return readFileSync(join(folder, "clone/hello.txt"), "utf8");
  } catch {
    return null;
  }
}

function commitOf(folder: string): string {
  const cwd = join(folder, "repositories/work");
  return Bun.spawnSync(["git", "rev-parse", "v1"], { cwd }).stdout.toString().trim();
}

/** By git's own smart protocol. */
function serveRepository(site: Site, folder: string): void {
  if (Bun.which("git") === null) return;
  const root = join(folder, "repositories");
  mkdirSync(root);
  const make = `git init --quiet work && cd work && echo hello >hello.txt && git add . &&
    git -c user.name=t -c user.email=t@example.org commit --quiet -m one && git tag v1 &&
    git clone --quiet --bare . ../repository.git`;
  Bun.spawnSync(["bash", "-c", make], { cwd: root });
  const answer: RequestListener = (request, response) => {
    const { pathname, search } = new URL(request.url ?? "", SECURE);
    const { "content-type": type = "", "git-protocol": protocol = "" } = request.headers;
    const env = {
      ...{ PATH: process.env.PATH, GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: "1" },
      ...{ PATH_INFO: pathname, QUERY_STRING: search.slice(1), CONTENT_TYPE: type },
      ...{ REQUEST_METHOD: request.method ?? "", GIT_PROTOCOL: String(protocol) },
      HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
    };
    const child: ChildProcess = spawn("git", ["http-backend"], { env });
    const chunks: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("close", () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf("\r\n\r\n");
      const lines = output.subarray(0, end).toString().split("\r\n");
      response.writeHead(200, Object.fromEntries(lines.map((line) => line.split(": "))));
      response.end(output.subarray(end + 4));
    });
    if (child.stdin) request.pipe(child.stdin);
  };
  site.extra.set("/repository.git/info/refs", answer);
  site.extra.set("/repository.git/git-upload-pack", answer);
}
