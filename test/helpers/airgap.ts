/**
 * A machine without a network, as far as programs can tell: a network namespace whose only way out
 * leads nowhere and is counted, and a Docker engine in it. Needs root.
 */
import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { NAMESPACE } from "../../scripts/dead-namespaces.ts";
import type { Client } from "./engine.ts";

const quiet = $({ quiet: true, nothrow: true });

export interface Airgap extends AsyncDisposable {
  /** A client of the engine in there. */
  client: Client;
  /** Runs a program in there to its end, whatever its exit status. */
  run(
    argv: readonly string[],
    options?: { cwd?: string; env?: Record<string, string> },
  ): Promise<{ status: number; stdout: string; stderr: string }>;
  /** How many packets have tried to leave. */
  leaving(): Promise<number>;
}

/**
 * The program of the engine to start, as the test command has prepared it.
 * @throws Error where it has not
 */
export function findDockerd(): string {
  const { NUA_TEST_DOCKERD: dockerd } = process.env;
  if (dockerd === undefined) throw new Error("no engine to start: start the tests by npm test");
  return dockerd;
}

export interface AirgapOptions {
  /** For the engine's data. */
  folder: string;
  /** The engine's program. */
  dockerd: string;
  /** The engine's client, where it leads to another one. */
  client: Client;
}

export async function startAirgap({ folder, dockerd, client }: AirgapOptions): Promise<Airgap> {
  const name = `${NAMESPACE}${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  // Not `ip netns exec`: it mounts /sys anew, without the control groups that an engine needs.
  const inside = (argv: readonly string[]) => ["nsenter", `--net=/run/netns/${name}`, ...argv];
  const socket = join(folder, "docker.sock");
  const { program } = client;
  const env = { ...client.env, DOCKER_HOST: `unix://${socket}` };
  await mkdir(folder, { recursive: true });
  await createNamespace(name).catch(async (error: unknown) => {
    await quiet`ip netns delete ${name}`;
    throw error;
  });
  const engine = startEngine(inside, { folder, dockerd, socket });
  const run: Airgap["run"] = async (argv, options = {}) => {
    const shell = $({
      ...{ quiet: true, nothrow: true, input: "", cwd: options.cwd ?? process.cwd() },
      env: { ...process.env, ...env, ...options.env },
    });
    const { exitCode, stdout, stderr } = await shell`${inside(argv)}`;
    return { status: exitCode ?? -1, stdout, stderr };
  };
  const stop = async () => {
    engine.kill("SIGTERM");
    if (engine.exitCode === null) await new Promise((resolve) => engine.once("exit", resolve));
    await quiet`ip netns delete ${name}`;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitForEngine(run, program, join(folder, "log"));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    client: { name: "airgapped", program, env },
    run,
    async leaving() {
      const { stdout } = await run(["ip", "-json", "-statistics", "link", "show", WAY_OUT]);
      const [link] = JSON.parse(stdout) as [{ stats64: { tx: { packets: number } } }];
      return link.stats64.tx.packets;
    },
    [Symbol.asyncDispose]: stop,
  };
}

// --- internal ---

const WAY_OUT = "out0";

/** What is sent to anywhere goes down a cable whose other end nobody listens at; it is counted. */
async function createNamespace(name: string): Promise<void> {
  const run = $({ quiet: true });
  const inside = ["ip", "netns", "exec", name];
  await run`ip netns add ${name}`;
  const commands = [
    ["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1"],
    ["sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1"],
    ["ip", "link", "set", "lo", "up"],
    ["ip", "link", "add", WAY_OUT, "type", "veth", "peer", "name", "nowhere0"],
    // An address of those that documentation has: RFC 5737.
    ["ip", "address", "add", "198.51.100.2/32", "dev", WAY_OUT],
    ["ip", "link", "set", WAY_OUT, "up", "arp", "off", "multicast", "off"],
    ["ip", "link", "set", "nowhere0", "up", "arp", "off", "multicast", "off"],
    ["ip", "route", "add", "default", "dev", WAY_OUT],
  ];
  for (const command of commands) await run`${[...inside, ...command]}`;
}

function startEngine(
  inside: (argv: readonly string[]) => string[],
  { folder, dockerd, socket }: Pick<AirgapOptions, "folder" | "dockerd"> & { socket: string },
) {
  const at = (name: string) => join(folder, name);
  // It ends with the tests, however these end.
  const [command = "", ...words] = inside([
    ...["setpriv", "--pdeathsig", "TERM", dockerd],
    ...["--data-root", at("data"), "--exec-root", at("run"), "--pidfile", at("pid")],
    ...["--host", `unix://${socket}`],
  ]);
  const log = openSync(at("log"), "a");
  return spawn(command, words, { stdio: ["ignore", log, log] });
}

async function waitForEngine(run: Airgap["run"], program: string, log: string): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    const { status } = await run([program, "version"]);
    if (status === 0) return;
    await Bun.sleep(250);
  }
  throw new Error(`no engine in the namespace:\n${readFileSync(log, "utf8").slice(-3000)}`);
}
