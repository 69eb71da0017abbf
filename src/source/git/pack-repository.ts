/** Packs a git repository at one revision as an archive. */
import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { NuaError } from "../../lib/errors.ts";
import { formatBytes } from "../../lib/format.ts";
import { digestFile } from "../../lib/input-file.ts";
import { hideCredentials, publicUrl } from "../../lib/secrets.ts";
import type { Session } from "../../session/session.ts";
import { numberSetting } from "../../session/settings.ts";
import { hasGit, runOnHost } from "./run-on-host.ts";
import type { RepositoryRequest, RunElsewhere, ScriptResult } from "./script-run.ts";

export interface PackedRepository {
  bytes: number;
  sha256: string;
  /** Its id. */
  commit: string;
  /** The first line of its message. */
  subject: string;
  /** Repositories of this machine that were read. */
  local: string[];
}

/**
 * By this machine's git, with all that its user has set up for it; where there is none, in a
 * container.
 * @throws NuaError (input) when there is no such repository or revision, or it is too large
 * @throws NuaError (transient) when the network or the server failed
 */
export async function packRepository(
  request: RepositoryRequest,
  runElsewhere: RunElsewhere,
  session: Session,
): Promise<PackedRepository> {
  const { folder, name, target } = request;
  await mkdir(folder, { mode: 0o700 });
  const isHere = await hasGit();
  const result = await (isHere ? runOnHost(request, session) : runElsewhere(request));
  if (result.exitCode !== 0) throw failure(request, result);
  const file = join(folder, `${name}.tar`);
  const { size: bytes } = await stat(file);
  const limit = numberSetting(session.settings, "sourceLimit") * 1e6;
  if (bytes > limit) throw fail(request, "input", `it is larger than ${formatBytes(limit)}`, LIMIT);
  await rename(file, target);
  const told = (word: string) =>
    result.stdout
      .split("\n")
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => line.slice(word.length + 1));
  const [commit = "", subject = ""] = [told("commit")[0], told("subject")[0]];
  return { bytes, sha256: await digestFile(target), commit, subject, local: told("local") };
}

// --- internal ---

const LIMIT = "allow more with NUA_SOURCE_LIMIT, in MB";

/** As the script has them. */
const NO_REVISION = 3;
const REFUSED = 4;

function failure(request: RepositoryRequest, { exitCode, stderr }: ScriptResult): NuaError {
  const said = hideCredentials(stderr).trim().split("\n").slice(-LINES).join("\n");
  if (exitCode === NO_REVISION) {
    const problem = `there is no branch, tag or commit "${request.revision}"`;
    return fail(request, "input", problem, `correct ${revisionKey(request)}`);
  }
  if (exitCode === REFUSED) {
    return fail(request, "input", said, "name the submodule by an address that begins with https:");
  }
  const code = TRANSIENT.test(said) ? "transient" : "input";
  const hint = HINTS.find(({ when }) => when.test(said))?.hint ?? `correct ${request.key}`;
  return fail(request, code, said || `git ended with status ${exitCode}`, hint);
}

function revisionKey({ key }: RepositoryRequest): string {
  return key === "build.git-url" ? "build.git-branch" : key;
}

function fail(
  { address, key }: RepositoryRequest,
  code: "input" | "transient",
  problem: string,
  hint: string,
): NuaError {
  const message = `Clone "${publicUrl(address)}": ${problem}`;
  return new NuaError(code, message, { step: key, hint });
}

/** Of what git says. */
const LINES = 5;

/** What may be otherwise the next time, in git's words, curl's and ssh's. */
const TRANSIENT =
  /could not resolve host|failed to connect|timed out|connection (refused|reset|closed)|early EOF|returned error: (429|5\d\d)|unexpected disconnect|temporary failure|network is unreachable/i;

const HINTS: readonly { when: RegExp; hint: string }[] = [
  {
    when: /terminal prompts disabled|authentication failed|returned error: 40[13]|permission denied \(/i,
    hint: "set up a credential helper or an ssh agent for it, or write a token into its address",
  },
  {
    when: /host key verification failed/i,
    hint: "add the server's key to known_hosts: ssh-keyscan HOST",
  },
  {
    when: TRANSIENT,
    hint: "see that the address answers, or set HTTPS_PROXY",
  },
];
