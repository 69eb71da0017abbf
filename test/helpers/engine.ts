/** The real engine, as the integration tests use it: random names, and removal by label. */
import { $ } from "zx";
import { findGateway } from "../../bench/package-index.ts";

/** Every container that a test starts carries it. */
const RUN_LABEL = `rocks.nua.test=${process.pid}`;

const quiet = $({ quiet: true, nothrow: true });

/** A client program, and the environment that leads it to its engine. */
export interface Client {
  name: string;
  program: string;
  env: Record<string, string>;
}

/** A docker command. @returns its standard output, trimmed; @throws Error when it fails */
export async function docker(client: Client, ...argv: string[]): Promise<string> {
  const run = $({ quiet: true, env: { ...process.env, ...client.env } });
  return (await run`${[client.program, ...argv]}`).stdout.trim();
}

/** The address of this machine as containers of the engine see it. */
export function gatewayOf(client: Client): Promise<string> {
  return findGateway(client.program, { ...process.env, ...client.env });
}

/**
 * Asks an app from inside a container of its image, for where nothing else reaches it.
 * @returns what it answers, within 60 seconds
 */
export async function askInside(
  client: Client,
  image: string,
  { port, path }: { port: number; path: string },
): Promise<{ status: number; body: string }> {
  const id = await docker(client, "run", "--detach", "--label", RUN_LABEL, image);
  try {
    const argv = ["exec", id, "python3", "-c", ASK, `http://127.0.0.1:${port}${path}`];
    return JSON.parse(await docker(client, ...argv));
  } finally {
    await docker(client, "rm", "--force", "--volumes", id);
  }
}

export interface RunningApp extends AsyncDisposable {
  id: string;
  /** Asks the app until it answers, for 30 seconds at most. */
  get(path: string): Promise<{ status: number; body: string }>;
  /** `docker stop`. @returns the app's exit status and the seconds it took */
  stop(): Promise<{ status: number; seconds: number }>;
}

/** Starts a container of an image; it is removed when it is disposed of. */
export async function startApp(
  client: Client,
  image: string,
  options: { port: number; env?: Record<string, string> },
): Promise<RunningApp> {
  const variables = Object.entries(options.env ?? {}).flatMap(([key, value]) => [
    "--env",
    `${key}=${value}`,
  ]);
  const words = [
    "run",
    "--detach",
    "--label",
    RUN_LABEL,
    "--publish",
    `127.0.0.1::${options.port}`,
  ];
  const id = await docker(client, ...words, ...variables, image);
  return {
    id,
    get: (path) => askApp(client, id, options.port, path),
    stop: async () => {
      const begin = performance.now();
      await docker(client, "stop", id);
      const seconds = (performance.now() - begin) / 1000;
      const status = await docker(client, "inspect", "--format", "{{.State.ExitCode}}", id);
      return { status: Number(status), seconds };
    },
    [Symbol.asyncDispose]: async () => {
      await docker(client, "rm", "--force", "--volumes", id);
    },
  };
}

// --- internal ---

/** Every image of an app has Python. */
const ASK = `import json, sys, time, urllib.request
for attempt in range(300):
    try:
        answer = urllib.request.urlopen(sys.argv[1])
        print(json.dumps({"status": answer.status, "body": answer.read().decode()}))
        break
    except OSError:
        time.sleep(0.2)
`;

async function askApp(
  client: Client,
  id: string,
  port: number,
  path: string,
): Promise<{ status: number; body: string }> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const published = await docker(client, "port", id, `${port}/tcp`).catch(() => "");
    const address = published.split("\n")[0] ?? "";
    const answer = await fetch(`http://${address}${path}`).catch(() => undefined);
    if (answer) return { status: answer.status, body: await answer.text() };
    await Bun.sleep(200);
  }
  const logs = await quiet({
    env: { ...process.env, ...client.env },
  })`${[client.program, "logs", id]}`;
  throw new Error(`no answer from ${id} on port ${port}:\n${logs.stdout}${logs.stderr}`);
}
