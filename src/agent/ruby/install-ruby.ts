/** Ruby with bundler: the distribution's where its series is the wanted one, else compiled. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NuaError } from "../../lib/errors.ts";
import { publicUrl } from "../../lib/secrets.ts";
import { withSlash } from "../../lib/urls.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";
import { OLD_OPENSSL, RUBY_MIRROR_VARIABLE, RUBY_SOURCES } from "../../registries/rubygems.ts";
import {
  cleanApt,
  installedPackages,
  installKept,
  installTemporary,
  purgeTemporary,
  updateLists,
} from "../apt.ts";
import { type Command, formatCommand, run, shell } from "../command.ts";
import { childEnvironment, NO_CACHES } from "../environment.ts";
import { createExecutor, type Executor, IDENTITIES } from "../executor.ts";
import { fetchBytes } from "../fetch.ts";
import { diskTree } from "../tree.ts";
import { BUILD_PACKAGES, compileCommands, linkedPackages } from "./compile.ts";
import {
  findSource,
  INDEX,
  knownSource,
  needsOldOpenssl,
  OLD_OPENSSL_SOURCE,
  packagedSeries,
  parseIndex,
  type Source,
  seriesOf,
} from "./sources.ts";

export interface InstallRubyOptions {
  /** "3.2" or "3.2.2". */
  wanted: string;
  /**
   * "/" installs here. Any other folder gets what is to be copied to an image's top, and
   * RUBY_PACKAGES below it: what is to be installed there.
   */
  root: string;
  networkSettings: NetworkSettings;
  env: Readonly<Record<string, string | undefined>>;
  write: (text: string) => void;
}

/** The Debian packages that an image with this Ruby needs, below the root; one on each line. */
export const RUBY_PACKAGES = "nua/ruby_packages";

/**
 * @throws NuaError (input) when there is no such Ruby, (transient) when its server does not answer
 * @throws CommandError (build) when apt or the compilation fails
 */
export async function installRuby(options: InstallRubyOptions): Promise<void> {
  const { root, write } = options;
  const scratch = mkdtempSync("/var/tmp/nua-agent-");
  try {
    const executor = createExecutor({
      env: childEnvironment(options.env, options.networkSettings, { scratch, caches: NO_CACHES }),
      identities: IDENTITIES,
      write,
      warn: write,
      onRun: (command) => write(`$ ${formatCommand(command)}\n`),
    });
    const baseline = installedPackages(diskTree);
    await placeRuby(options, scratch, executor);
    if (root !== "/") return;
    const finish = [
      shell("ruby -e 'puts RUBY_VERSION' >/nua/ruby_version"),
      ...purgeTemporary(baseline),
      ...cleanApt(diskTree),
    ];
    for (const command of finish) await executor.execute(command);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

// --- internal ---

/** Debian's own bundler is not in its package of Ruby. */
const PACKAGED = ["ruby", "ruby-bundler"];

async function placeRuby(
  options: InstallRubyOptions,
  scratch: string,
  executor: Executor,
): Promise<void> {
  const { wanted, root, write } = options;
  const execute = async (commands: readonly Command[]) => {
    for (const command of commands) await executor.execute(command);
  };
  let packaged: string | null = null;
  const query = run(["apt-cache", "policy", "ruby"]);
  const next = (policy: string) => {
    packaged = packagedSeries(policy);
    return [];
  };
  await execute([updateLists(), { kind: "derive", query, next }]);
  if (packaged === seriesOf(wanted)) {
    write(`==> Install the distribution's Ruby ${packaged}\n`);
    return execute(placePackages(PACKAGED, root));
  }
  const { ruby, openssl } = await fetchSources(options, scratch);
  write(`==> Compile Ruby ${ruby.version} for ${root}\n`);
  await execute([
    ...installTemporary(BUILD_PACKAGES, diskTree),
    ...compileCommands({ root, scratch, ruby, openssl }),
    linkedPackages(root, (names) => placePackages(names, root)),
  ]);
}

function placePackages(names: readonly string[], root: string): Command[] {
  if (root === "/") return installKept(names);
  const text = names.map((name) => `${name}\n`).join("");
  return [{ kind: "write", path: join(root, RUBY_PACKAGES), text, mode: 0o644 }];
}

interface FetchedSource {
  version: string;
  file: string;
}

async function fetchSources(
  { wanted, networkSettings, env }: InstallRubyOptions,
  scratch: string,
): Promise<{ ruby: FetchedSource; openssl: FetchedSource | null }> {
  // Inside a build, a script of the app's calls the agent: it knows no more than the environment.
  const set = networkSettings.rubyMirror ?? env[RUBY_MIRROR_VARIABLE];
  const mirror = { url: withSlash(set || RUBY_SOURCES), ca: networkSettings.ca };
  const source = knownSource(wanted) ?? (await lookUp(wanted, mirror));
  const ruby = await fetchSource(mirror.url + source.path, source, mirror.ca, scratch);
  if (!needsOldOpenssl(source.version)) return { ruby, openssl: null };
  const url = set ? mirror.url + OLD_OPENSSL.path : OLD_OPENSSL.url;
  return { ruby, openssl: await fetchSource(url, OLD_OPENSSL_SOURCE, mirror.ca, scratch) };
}

interface Mirror {
  url: string;
  ca: string | undefined;
}

async function lookUp(wanted: string, { url, ca }: Mirror): Promise<Source> {
  const body = await fetchBytes(url + INDEX, { ca, setting: RUBY_MIRROR_VARIABLE });
  const sources = parseIndex(body?.toString("utf8") ?? "");
  const found = findSource(wanted, sources);
  if (found) return found;
  const newest = sources.slice(-5).map(({ version }) => version);
  throw new NuaError("input", `Find Ruby "${wanted}" at ${publicUrl(url)}: there is none`, {
    hint:
      newest.length > 0
        ? `versions there: …, ${newest.join(", ")}`
        : `use 2.7, 3.1 or 3.2, or name a mirror that has ${INDEX} with ${RUBY_MIRROR_VARIABLE}`,
  });
}

async function fetchSource(
  url: string,
  { version, sha256 }: Source,
  ca: string | undefined,
  scratch: string,
): Promise<FetchedSource> {
  const body = await fetchBytes(url, { ca, setting: RUBY_MIRROR_VARIABLE });
  if (body === null) {
    throw new NuaError("input", `Fetch "${publicUrl(url)}": there is nothing`, {
      hint: `name a mirror that has it with ${RUBY_MIRROR_VARIABLE}`,
    });
  }
  const actual = createHash("sha256").update(body).digest("hex");
  if (actual !== sha256) {
    throw new NuaError("input", `Check "${publicUrl(url)}": expected ${sha256}, got ${actual}`, {
      hint: "the server or something before it changes what it hands out; use another",
    });
  }
  const file = join(scratch, `${version}.tar.gz`);
  writeFileSync(file, body);
  return { version, file };
}
