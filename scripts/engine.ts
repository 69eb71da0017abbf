/**
 * Brings up an engine where none answers: Debian's or Ubuntu's own package. A running engine is
 * used as it is.
 */

import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { $ } from "zx";

const quiet = $({ quiet: true, nothrow: true });

/** What the demo and the tests need of the system, by the file that shows that it is there. */
const PACKAGES: Readonly<Record<string, string>> = {
  "/usr/bin/mmdebstrap": "mmdebstrap",
  "/usr/bin/git": "git",
  "/usr/bin/openssl": "openssl",
  "/usr/bin/python3": "python3",
  "/usr/bin/xz": "xz-utils",
  "/usr/bin/zstd": "zstd",
  // For engines in network namespaces of their own.
  "/usr/sbin/ip": "iproute2",
  "/usr/sbin/iptables": "iptables",
  "/usr/sbin/sysctl": "procps",
  "/usr/bin/nsenter": "util-linux",
};

/** @throws Error when no engine can be had; it says what to do */
export async function ensureEngine(log: (line: string) => void): Promise<void> {
  const answers = await engineAnswers();
  const missing = Object.entries(PACKAGES).flatMap(([file, name]) =>
    existsSync(file) ? [] : [name],
  );
  if (!answers && !existsSync("/usr/sbin/dockerd")) missing.push("docker.io");
  if (missing.length > 0) await installPackages(missing, log);
  if (answers) return;
  log("start the engine");
  await startEngine();
  for (let waited = 0; waited < 60; waited += 1) {
    if (await engineAnswers()) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`no engine answers; its log is ${LOG}`);
}

// --- internal ---

const LOG = "/var/log/nua-build-dockerd.log";

async function engineAnswers(): Promise<boolean> {
  return (await quiet`docker version`).exitCode === 0;
}

async function installPackages(names: string[], log: (line: string) => void): Promise<void> {
  log(`install ${names.join(" ")} (apt)`);
  const root = process.getuid?.() === 0 ? [] : ["sudo"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = $({ env, quiet: true });
  await apt`${[...root, "apt-get", "update", "-qq"]}`;
  await apt`${[...root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", ...names]}`;
}

async function startEngine(): Promise<void> {
  const root = process.getuid?.() === 0 ? [] : ["sudo"];
  if (existsSync("/run/systemd/system")) {
    await quiet`${[...root, "systemctl", "start", "docker"]}`;
    return;
  }
  // No service manager, as in a container or a small virtual machine.
  const [command = "", ...rest] = [...root, "/usr/sbin/dockerd"];
  const output = openSync(LOG, "a");
  spawn(command, rest, { detached: true, stdio: ["ignore", output, output] }).unref();
}
