/** Runs pack-repository.sh with the machine's own git. */
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { runProgram } from "../../lib/process.ts";
import { timeLimit } from "../../lib/time-limit.ts";
import type { Session } from "../../session/session.ts";
import { numberSetting } from "../../session/settings.ts";
import { gitEnvironment, REPOSITORY_VARIABLES } from "./git-environment.ts";
import { PACK_SCRIPT } from "./pack-script.ts";
import { type RepositoryRequest, type ScriptResult, tookTooLong } from "./script-run.ts";

/** Whether there are a git and a tar that know what the script asks of them. */
export async function hasGit(): Promise<boolean> {
  if (Bun.which("git") === null || Bun.which("tar") === null) return false;
  const [git, tar] = await Promise.all([
    runProgram(["git", "--version"]),
    runProgram(["tar", "--version"]),
  ]);
  const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(git.stdout)?.map(Number) ?? [];
  // GIT_CONFIG_COUNT is of 2.31.
  const isNew = major > 2 || (major === 2 && minor >= 31);
  return git.exitCode === 0 && isNew && tar.stdout.includes("GNU tar");
}

/** @throws NuaError (transient) when it takes too long */
export async function runOnHost(
  request: RepositoryRequest,
  session: Session,
): Promise<ScriptResult> {
  const { address, revision, name, folder } = request;
  const settings = await session.networkSettings();
  const ca = settings.ca === undefined ? undefined : await writeCertificates(folder, settings.ca);
  const count = Number(process.env.GIT_CONFIG_COUNT ?? 0) || 0;
  const seconds = numberSetting(session.settings, "sourceTimeout");
  const late = timeLimit(seconds * 1000);
  const unset = REPOSITORY_VARIABLES.flatMap((variable) => ["-u", variable]);
  const words = ["sh", "-c", PACK_SCRIPT, "pack-repository", address, revision, name, folder];
  try {
    return await runProgram(["env", ...unset, ...words], {
      env: { ...gitEnvironment(settings, { count, ca }), GIT_SSH_COMMAND: await sshCommand() },
      signal: AbortSignal.any([session.signal, late]),
    });
  } catch (error) {
    session.signal.throwIfAborted();
    if (!late.aborted) throw error;
    throw tookTooLong(request, seconds);
  }
}

// --- internal ---

/** Beside those that git trusts here: what it is given takes their place. */
async function writeCertificates(folder: string, ca: string): Promise<string> {
  const own = [process.env.GIT_SSL_CAINFO, process.env.SSL_CERT_FILE, SYSTEM_CERTIFICATES];
  const trusted = own.find((file) => file !== undefined && existsSync(file));
  const usual = trusted === undefined ? rootCertificates.join("\n") : readFileSync(trusted, "utf8");
  const file = join(folder, "certificates.pem");
  await writeFile(file, `${usual}\n${ca}\n`, { flag: "wx" });
  return file;
}

const SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** The user's own ssh, which asks nobody. */
async function sshCommand(): Promise<string> {
  const set = process.env.GIT_SSH_COMMAND;
  const configured = await runProgram(["git", "config", "--get", "core.sshCommand"]);
  return `${set || configured.stdout.trim() || "ssh"} -o BatchMode=yes`;
}
