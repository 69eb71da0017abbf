/** nua.lib in its image: its own tests as every kind of user, and what it does as PID 1. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import manifest from "../../package.json" with { type: "json" };
import { nuaBuild } from "../helpers/binary.ts";
import { testBuilder } from "../helpers/builders.ts";
import { type Client, docker } from "../helpers/engine.ts";

/** An image with nua.lib installed: by default the one that nua-build makes. */
export const PYTHON_IMAGE = process.env.NUA_TEST_PYTHON_IMAGE ?? `nua-python:${manifest.version}`;

const PYTHON_TESTS = join(import.meta.dir, "../python");

/** Told to stop, it says "bye" and ends with 3, in place of dying of the signal. */
const POLITE = `
import signal, sys, time
def stop(*_):
    print("bye", flush=True)
    sys.exit(3)
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
while True:
    time.sleep(60)
`;

/** Starts daemons whose parents end at once. */
const ORPHANS = "for i in 1 2 3; do (sleep 0.1 &); done";

const builders = [testBuilder("buildx")];
const containers: { client: Client; id: string }[] = [];
let programs: string;

beforeAll(async () => {
  programs = await mkdtemp("/var/tmp/nua-build-test-");
  await chmod(programs, 0o755);
  await writeFile(join(programs, "app.py"), POLITE);
  await writeFile(join(programs, "gunicorn"), `#!/nua/venv/bin/python${POLITE}`, { mode: 0o755 });
});
afterAll(async () => {
  await rm(programs, { recursive: true, force: true });
  for (const { client, id } of containers) await docker(client, "rm", "--force", "--volumes", id);
});

describe.each(builders)("with $name", (client) => {
  beforeAll(async () => {
    if (process.env.NUA_TEST_PYTHON_IMAGE !== undefined) return;
    expect(await nuaBuild(["bases", "build", "nua-python"], { client })).toMatchObject({
      status: 0,
    });
  });

  test.each(["root", "nua", "1234:1234"])("the tests of nua.lib pass as %s", async (user) => {
    const words = ["python", "-m", "unittest", "discover", "-s", "/opt/python"];
    const id = await create(client, ["--user", user], words);
    await docker(client, "cp", PYTHON_TESTS, `${id}:/opt/python`);
    await docker(client, "start", id);
    const status = Number(await docker(client, "wait", id));
    expect({ status, log: await logOf(client, id) }).toMatchObject({ status: 0 });
  });

  test.each([
    { name: "its status", start: ["echo first", "bash -c 'exit 42'"], status: 42, log: "first" },
    { name: "the first failure", start: ["exit 9", "echo never"], status: 9, log: "exit 9" },
    { name: "nothing to start", start: [], status: 78, log: "run.start" },
    { name: "a killed app", start: ["bash -c 'kill -KILL $$'"], status: 137, log: "" },
  ])("as PID 1 it ends with $name", async ({ start, status, log }) => {
    const id = await create(client, [], runApp(...start));
    await docker(client, "start", id);
    expect(Number(await docker(client, "wait", id))).toBe(status);
    const seen = await logOf(client, id);
    expect(seen).toContain(log);
    expect(seen).not.toContain("never\n");
  });

  test.each([
    { name: "gunicorn, which takes its place", start: ["/opt/gunicorn"] },
    { name: "a program that is its child", start: ["python /opt/app.py"] },
    { name: "a program of root", start: ["sudo python /opt/app.py"] },
    { name: "a line that needs its shell", start: ["cd / && python /opt/app.py; exit $?"] },
    { name: "a program of root, as nua", start: ["sudo python /opt/app.py"], user: "nua" },
    { name: "a program, as nobody known", start: ["python /opt/app.py"], user: "1234" },
  ])("$name hears SIGTERM and keeps its status", async ({ name, start, user }) => {
    const id = await startPolite(client, ["--user", user ?? "root"], runApp(...start));
    expect(await stop(client, id, name)).toEqual({ status: 3, last: "bye" });
  });

  test("a start script of the package's stops with its app", async () => {
    const code = "from nua.lib.exec import exec_as_nua as run\nrun('true && python /opt/app.py')";
    const id = await startPolite(client, [], ["python", "-c", code]);
    expect(await stop(client, id, "exec_as_nua")).toEqual({ status: 3, last: "bye" });
  });

  test.each([
    { name: "an app without a handler", start: ["echo ready", "sleep 600"] },
    { name: "a shell line without a handler", start: ["echo ready", "cd / && sleep 600; exit $?"] },
    { name: "a command before the last", start: ["echo ready; sleep 600", "echo never"] },
  ])("SIGTERM ends $name with 143", async ({ name, start }) => {
    const id = await startPolite(client, [], runApp(...start));
    expect(await stop(client, id, name)).toEqual({ status: 143, last: "ready" });
  });

  test.each([
    { name: "a program", start: `bash -c '${ORPHANS}; exec python /opt/app.py'` },
    { name: "a shell line", start: `${ORPHANS}; python /opt/app.py; exit $?` },
    { name: "sudo", start: `sudo bash -c '${ORPHANS}; exec python /opt/app.py'` },
  ])("no zombie is left by the orphans of $name", async ({ start }) => {
    const id = await startPolite(client, [], runApp(start));
    await Bun.sleep(500);
    const states = await docker(client, "exec", id, "sh", "-c", "cat /proc/[0-9]*/status");
    expect(states).not.toMatch(/^State:\s+Z/m);
    expect(states).toMatch(/^State:\s+S/m);
  });
});

// --- internal ---

/** A command that does what a generated start.py does. */
function runApp(...start: string[]): string[] {
  const order = JSON.stringify({ start, before_run: [], cwd: "/", rendered: {} });
  const code = "import json, sys\nfrom nua.lib.start import run_app";
  return ["python", "-c", `${code}\nrun_app(**json.loads(sys.argv[1]))`, order];
}

async function create(client: Client, flags: string[], words: string[]): Promise<string> {
  const id = await docker(client, "create", ...flags, PYTHON_IMAGE, ...words);
  containers.push({ client, id });
  return id;
}

/** Starts a container with the polite app in /opt, and waits for its "ready". */
async function startPolite(client: Client, flags: string[], words: string[]): Promise<string> {
  const id = await create(client, flags, words);
  await docker(client, "cp", `${programs}/.`, `${id}:/opt`);
  await docker(client, "start", id);
  for (let waited = 0; waited < 300; waited += 1) {
    if ((await logOf(client, id)).includes("ready\n")) return id;
    await Bun.sleep(100);
  }
  throw new Error(`the app did not start: ${await logOf(client, id)}`);
}

async function logOf(client: Client, id: string): Promise<string> {
  const run = $({ quiet: true, env: { ...process.env, ...client.env } });
  const { stdout, stderr } = await run`${[client.program, "logs", id]}`;
  return `${stdout}${stderr}`;
}

async function stop(
  client: Client,
  id: string,
  name: string,
): Promise<{ status: number; last: string | undefined }> {
  const begin = performance.now();
  await docker(client, "stop", id);
  const seconds = ((performance.now() - begin) / 1000).toFixed(2);
  process.stdout.write(`docker stop, ${name}: ${seconds} s\n`);
  const status = await docker(client, "inspect", "--format", "{{.State.ExitCode}}", id);
  const log = (await logOf(client, id)).trim().split("\n");
  return { status: Number(status), last: log.filter((line) => /^(ready|bye)$/.test(line)).at(-1) };
}
