/**
 * Packs a git repository in a container, for machines without git.
 *
 * Nothing of the user's is there: of credentials only those that the configuration has itself.
 */
import { lstatSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "../engine/containers.ts";
import { NuaError } from "../lib/errors.ts";
import { proxyVariables } from "../lib/proxies.ts";
import { shellQuote } from "../lib/shell-words.ts";
import { NETWORK_SETTINGS_PREFIX, type NetworkSettings } from "../protocol/network-settings.ts";
import type { Session } from "../session/session.ts";
import { numberSetting } from "../session/settings.ts";
import { gitSettings } from "../source/git/git-environment.ts";
import { PACK_SCRIPT } from "../source/git/pack-script.ts";
import {
  type RepositoryRequest,
  type ScriptResult,
  tookTooLong,
} from "../source/git/script-run.ts";
import { isLocalRepository } from "../source/named-source.ts";
import { aptSettingsLine } from "./base-dockerfile.ts";

/**
 * @param image one of the engine's with apt, such as nua-python
 * @throws NuaError (transient) when it takes too long, or git cannot be installed
 * @throws CommandError (engine) when the engine refuses
 */
export async function packInContainer(
  request: RepositoryRequest,
  image: string,
  session: Session,
): Promise<ScriptResult> {
  const { folder } = request;
  const engine = await session.engine();
  session.report.step("Get git into a container: this machine has none that will do");
  const argv = ["sh", `${AT}/run.sh`];
  await using container = await engine.createContainer({ image, argv, network: "bridge" });
  const staged = join(folder, "container");
  await stage({ ...request, folder: staged }, await session.networkSettings());
  await container.copyIn(staged, "/");
  await container.start();
  await waitFor(container, request, session);
  const out = join(folder, "out");
  await mkdir(out);
  await container.copyOut(`${AT}/out`, out);
  const [stdout, stderr, status] = await Promise.all(
    ["stdout", "stderr", "status"].map((name) => readFile(join(out, name), "utf8")),
  );
  const exitCode = Number(status);
  if (exitCode === NO_GIT) throw noGit(stderr ?? "");
  // The archive lies where the script would have put it here.
  const name = `${request.name}.tar`;
  if (exitCode === 0) await cp(join(out, name), join(folder, name));
  // Where a repository of this machine lies there tells nobody anything.
  const told = (stdout ?? "").replaceAll(`local ${AT}/repository.git\n`, "");
  return { exitCode, stdout: told, stderr: stderr ?? "" };
}

// --- internal ---

/** In the container. */
const AT = "/nua-clone";

/** The exit status where git could not be installed. */
const NO_GIT = 90;

/** Everything that it needs, as a folder that becomes one of the container's. */
async function stage(request: RepositoryRequest, settings: NetworkSettings): Promise<void> {
  const { address, folder } = request;
  const at = (file: string) => join(folder, AT, file);
  await mkdir(at("out"), { recursive: true });
  await writeFile(at("pack.sh"), PACK_SCRIPT);
  await writeFile(at("ca.pem"), settings.ca ?? "");
  await writeFile(at("run.sh"), runScript(request, settings), { mode: 0o600 });
  if (!isLocalRepository(address)) return;
  await cp(gitFolder(address.replace(/^file:\/\//, "")), at("repository.git"), {
    recursive: true,
    verbatimSymlinks: true,
  });
}

/** Of a repository of this machine: a link would lead to one of somebody else's. */
function gitFolder(path: string): string {
  const git = join(path, ".git");
  return lstatSync(git, { throwIfNoEntry: false })?.isDirectory() ? git : path;
}

function runScript(
  { address, revision, name }: RepositoryRequest,
  settings: NetworkSettings,
): string {
  const { inputs: _, ...forApt } = settings;
  const given = Buffer.from(JSON.stringify(forApt)).toString("base64");
  const variables = Object.entries({ ...proxyVariables(settings), GIT_TERMINAL_PROMPT: "0" });
  const from = isLocalRepository(address) ? `${AT}/repository.git` : address;
  return `set -u
cd ${AT}
exec >out/stdout 2>out/stderr
finish() { echo "$1" >out/status; exit 0; }
# --- git
(
  set -e
  export DEBIAN_FRONTEND=noninteractive FTP_PROXY=${shellQuote(NETWORK_SETTINGS_PREFIX + given)}
  ${aptSettingsLine()}
  apt-get update
  apt-get install --yes --no-install-recommends git ca-certificates openssh-client tar
) >&2 || finish ${NO_GIT}
${variables.map(([key, value]) => `export ${key}=${shellQuote(value)}`).join("\n")}
${gitSettings(settings)
  .map(([key, value]) => `git config --global --add ${shellQuote(key)} ${shellQuote(value)}`)
  .join("\n")}
if [ -s ca.pem ]; then
  cat /etc/ssl/certs/ca-certificates.crt >>ca.pem
  git config --global http.sslCAInfo ${AT}/ca.pem
fi
export LC_ALL=C GIT_SSH_COMMAND="ssh -o BatchMode=yes"
# --- the repository
mkdir work
sh pack.sh ${shellQuote(from)} ${shellQuote(revision)} ${shellQuote(name)} ${AT}/work
status=$?
[ "$status" -ne 0 ] || mv work/${shellQuote(`${name}.tar`)} out/
finish "$status"
`;
}

async function waitFor(
  container: Container,
  request: RepositoryRequest,
  session: Session,
): Promise<void> {
  const seconds = numberSetting(session.settings, "sourceTimeout");
  const end = Date.now() + seconds * 1000;
  while (!(await container.hasEnded())) {
    session.signal.throwIfAborted();
    if (Date.now() > end) throw tookTooLong(request, seconds);
    await sleep(POLL, undefined, { signal: session.signal });
  }
}

/** Milliseconds. */
const POLL = 300;

function noGit(stderr: string): NuaError {
  const said = stderr.trim().split("\n").slice(-5).join("\n");
  return new NuaError("transient", `Install git in a container: ${said}`, {
    step: "build.git-url",
    hint: "install git on this machine, or set apt.mirror",
  });
}
