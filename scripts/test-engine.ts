/**
 * A Docker engine of the tests' own, beside whatever engine is running: its socket, its data and
 * its network are all apart, and gone with it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { $ } from "zx";
import { type DockerPrograms, libraryPath } from "./docker-programs.ts";

const run = $({ quiet: true });
const attempt = $({ quiet: true, nothrow: true });

export interface TestEngine extends AsyncDisposable {
  /** As DOCKER_HOST has it. */
  host: string;
}

/**
 * @param folder of the engine alone; one that a killed run has left is stopped and removed first
 * @param bridge name of its network's bridge, at most 15 characters
 * @throws Error when the engine does not come up
 */
export async function startTestEngine(
  { dockerd, client }: DockerPrograms,
  { folder, bridge }: { folder: string; bridge: string },
): Promise<TestEngine> {
  await removeEngine(folder, bridge);
  await mkdir(join(folder, "run"), { recursive: true });
  const network = await createBridge(bridge);
  const host = `unix://${join(folder, "docker.sock")}`;
  const engine = start(dockerd, { folder, bridge, host });
  const stop = async () => {
    engine.kill("SIGTERM");
    if (engine.exitCode === null) await new Promise((resolve) => engine.once("exit", resolve));
    await removeEngine(folder, bridge, network);
  };
  for (let waited = 0; waited < 120; waited += 1) {
    const env = { ...process.env, DOCKER_HOST: host };
    const { exitCode } = await $({ quiet: true, nothrow: true, env })`${client} version`;
    if (exitCode === 0) return { host, [Symbol.asyncDispose]: stop };
    if (engine.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const log = readFileSync(join(folder, "log"), "utf8").slice(-3000);
  await stop();
  throw new Error(`the tests' own engine does not come up:\n${log}`);
}

// --- internal ---

function start(
  dockerd: string,
  { folder, bridge, host }: { folder: string; bridge: string; host: string },
): ChildProcess {
  const at = (name: string) => join(folder, name);
  const log = openSync(at("log"), "a");
  const words = [
    ...["--config-file", at("daemon.json"), "--host", host, "--pidfile", at("pid")],
    ...["--data-root", at("data"), "--exec-root", at("run")],
    // Rules of iptables are the whole machine's; what the tests need are the three below.
    ...["--bridge", bridge, "--iptables=false"],
    ...["--userland-proxy-path", join(dirname(dockerd), "docker-proxy")],
  ];
  const path = [dirname(dockerd), dirname(dockerd).replace(/sbin$/, "bin"), process.env.PATH];
  return spawn(dockerd, words, {
    stdio: ["ignore", log, log],
    env: { ...process.env, PATH: path.join(":"), LD_LIBRARY_PATH: libraryPath(dockerd) },
    // Ctrl-C is for the tests, which stop the engine when they have cleaned up.
    detached: true,
  });
}

/** @returns the subnet: one that leads nowhere yet */
async function createBridge(bridge: string): Promise<string> {
  const routes = (await run`ip -4 route`).stdout;
  const free = Array.from({ length: 100 }, (_, index) => `10.213.${100 + index}`);
  const net = free.find((prefix) => !routes.includes(prefix));
  if (net === undefined) throw new Error("no free network for the tests' own engine");
  await run`ip link add ${bridge} type bridge`;
  await run`ip address add ${net}.1/24 dev ${bridge}`;
  await run`ip link set ${bridge} up`;
  await run`sysctl -qw net.ipv4.ip_forward=1`;
  for (const rule of rules(bridge, `${net}.0/24`)) await run`iptables ${rule("-I")}`;
  return `${net}.0/24`;
}

/** Out of the network and back, behind this machine's address. */
function rules(bridge: string, network: string): ((verb: string) => string[])[] {
  return [
    (verb) => [
      ...["-t", "nat", verb, "POSTROUTING", "-s", network, "!", "-o", bridge],
      ...["-j", "MASQUERADE"],
    ],
    (verb) => [verb, "FORWARD", "-i", bridge, "-j", "ACCEPT"],
    (verb) => [verb, "FORWARD", "-o", bridge, "-j", "ACCEPT"],
  ];
}

async function removeEngine(folder: string, bridge: string, network?: string): Promise<void> {
  await stopStale(join(folder, "pid"));
  const subnet = network ?? (await subnetOf(bridge));
  for (const rule of subnet === undefined ? [] : rules(bridge, subnet)) {
    await attempt`iptables ${rule("-D")}`;
  }
  await attempt`ip link delete ${bridge}`;
  if (!existsSync(folder)) return;
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n").reverse();
  for (const mount of mounts.map((line) => line.split(" ")[1] ?? "")) {
    if (mount.startsWith(`${folder}/`)) await attempt`umount --lazy ${mount}`;
  }
  await rm(folder, { recursive: true, force: true });
}

/** An engine whose run was killed: its pid may be another program's by now. */
async function stopStale(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8"));
  const command = () => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {
      return "";
    }
  };
  const isOurs = () => command().includes(`\0${pidFile}\0`);
  if (!isOurs()) return;
  process.kill(pid, "SIGTERM");
  for (let waited = 0; waited < 80 && isOurs(); waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  if (isOurs()) process.kill(pid, "SIGKILL");
}

async function subnetOf(bridge: string): Promise<string | undefined> {
  const { stdout } = await attempt`ip -4 -oneline address show dev ${bridge}`;
  return /inet (\d+\.\d+\.\d+)\.1\/24/.exec(stdout)?.[1]?.concat(".0/24");
}
