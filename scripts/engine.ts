/**
 * Brings up an engine where none answers, for the demo: Debian's or Ubuntu's own package. A
 * running engine is used as it is.
 */
import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { $ } from "zx";
import { asRoot, ENGINE_PACKAGES, installMissing } from "./system-packages.ts";

const quiet = $({ quiet: true, nothrow: true });

/** @throws Error when no engine can be had; it says what to do */
export async function ensureEngine(log: (line: string) => void): Promise<void> {
  const answers = await engineAnswers();
  const engine = answers ? {} : { "/usr/sbin/dockerd": "docker.io" };
  await installMissing({ ...ENGINE_PACKAGES, ...engine }, log);
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

async function startEngine(): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    await quiet`${[...asRoot(), "systemctl", "start", "docker"]}`;
    return;
  }
  // No service manager, as in a container or a small virtual machine.
  const [command = "", ...rest] = [...asRoot(), "/usr/sbin/dockerd"];
  const output = openSync(LOG, "a");
  spawn(command, rest, { detached: true, stdio: ["ignore", output, output] }).unref();
}
