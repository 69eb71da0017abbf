/** Starts a private Docker engine with its own socket and data, and removes it. */
import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { createNetwork, type PrivateNetwork, removeNetwork } from "./private-network.ts";

export interface PrivateEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  host: string;
}

export interface EngineOptions {
  /** Which it makes, and removes with the engine. */
  folder: string;
  dockerd: string;
  /** A client to ask it. */
  docker: string;
}

/**
 * Starts an engine and waits until it answers. Needs root.
 * @throws Error with the end of its log when it does not
 */
export async function startPrivateEngine({
  folder,
  dockerd,
  docker,
}: EngineOptions): Promise<PrivateEngine> {
  const at = (name: string) => join(folder, name);
  const id = crypto.randomUUID().slice(0, 8);
  const run = join(SOCKETS, id);
  await mkdir(folder, { recursive: true });
  await mkdir(run, { recursive: true });
  const network = await createNetwork(`nua-${id}`);
  await writeFile(at(RECORD), JSON.stringify({ run, network } satisfies Record));
  await writeFile(at("daemon.json"), "{}");
  const log = openSync(at("log"), "a");
  const host = `unix://${run}/docker.sock`;
  const words = [
    ...[
      "--config-file",
      at("daemon.json"),
      "--data-root",
      at("data"),
      "--exec-root",
      join(run, "x"),
    ],
    ...["--pidfile", join(run, "pid"), "--host", host],
    ...["--bridge", network.bridge, "--iptables=false", "--ip6tables=false"],
  ];
  // A session of its own: an interrupt at the terminal is for whoever started it.
  spawn(dockerd, words, { detached: true, stdio: ["ignore", log, log] }).unref();
  const env = { ...process.env, DOCKER_HOST: host };
  for (let waited = 0; waited < 240; waited += 1) {
    const asked = await $({ quiet: true, nothrow: true, env })`${docker} version`;
    if (asked.exitCode === 0) return { host, [Symbol.asyncDispose]: () => removeEngine(folder) };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const told = await readFile(at("log"), "utf8");
  await removeEngine(folder);
  throw new Error(`the engine does not answer; it said:\n${told.slice(-3000)}`);
}

/** Ends an engine, whether it is up or only something of it is left, and removes its folder. */
export async function removeEngine(folder: string): Promise<void> {
  const record = await readFile(join(folder, RECORD), "utf8").catch(() => undefined);
  if (record !== undefined) {
    const { run, network } = JSON.parse(record) as Record;
    await endContainers(run);
    await endProcesses(run, "SIGTERM", 20);
    await endProcesses(run, "SIGKILL", 5);
    await unmountBelow(run);
    await rm(run, { recursive: true, force: true });
    await removeNetwork(network);
  }
  await unmountBelow(folder);
  await rm(folder, { recursive: true, force: true });
}

// --- internal ---

/** Sockets are here: their paths may have 107 bytes (unix(7)). */
const SOCKETS = "/run/nua-build-tests";
const RECORD = "engine.json";

interface Record {
  /** Folder of its sockets: each of its processes names it. */
  run: string;
  network: PrivateNetwork;
}

/** The first process of each container, with which its others end. */
async function endContainers(run: string): Promise<void> {
  const tasks = join(run, "x/containerd/daemon/io.containerd.runtime.v2.task/moby");
  for (const id of await readdir(tasks).catch(() => [])) {
    const pid = Number(await readFile(join(tasks, id, "init.pid"), "utf8").catch(() => ""));
    if (pid > 1) signal(pid, "SIGKILL");
  }
}

/** Ends what names the folder in its command line, and waits for that, for some seconds. */
async function endProcesses(run: string, name: NodeJS.Signals, seconds: number): Promise<void> {
  for (let waited = 0; waited < seconds * 10; waited += 1) {
    const pids = await processesOf(run);
    if (pids.length === 0) return;
    if (waited === 0) for (const pid of pids) signal(pid, name);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function processesOf(run: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    // A client that asks the engine only names it in its environment.
    if (line.includes(`${run}/`)) found.push(Number(name));
  }
  return found;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

async function unmountBelow(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const mounts = (await readFile("/proc/self/mountinfo", "utf8"))
    .split("\n")
    .flatMap((line) => line.split(" ")[4] ?? [])
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounts.reverse()) {
    await $({ quiet: true, nothrow: true })`umount --lazy ${path}`;
  }
}
