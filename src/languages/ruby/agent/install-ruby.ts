/** Installs Ruby with bundler: the distribution's package if its version fits, else compiled. */
import { join } from "node:path";
import { NuaError } from "../../../lib/errors.ts";
import { publicUrl } from "../../../lib/secrets.ts";
import { withSlash } from "../../../lib/urls.ts";
import { type Command, run, shell } from "../../../protocol/command.ts";
import { OLD_OPENSSL, RUBY_MIRROR_VARIABLE, RUBY_SOURCES } from "../../../registries/rubygems.ts";
import { fetchChecked } from "../../fetch-checked.ts";
import type { DebianPackages, InstallRequest, InstallTools } from "../../installer.ts";
import { BUILD_PACKAGES, compileCommands, linkedFiles } from "./compile.ts";
import {
  findSource,
  INDEX,
  isWanted,
  knownSource,
  needsOldOpenssl,
  OLD_OPENSSL_SOURCE,
  packagedSeries,
  packagedVersion,
  parseIndex,
  type Source,
} from "./sources.ts";

/** The Debian packages that an image with this Ruby needs, below the root; one on each line. */
export const RUBY_PACKAGES = "nua/ruby_packages";

/**
 * @param request.folder "/" installs here. Any other folder gets what is to be copied to an image's
 *   top, and RUBY_PACKAGES below it: what is to be installed there.
 * @throws NuaError (input) when there is no such Ruby, (transient) when its server does not answer
 * @throws CommandError (build) when apt or the compilation fails
 */
export async function install(request: InstallRequest, tools: InstallTools): Promise<void> {
  await placeRuby(request, tools);
  if (request.folder !== "/") return;
  await tools.execute([
    shell("ruby -e 'puts RUBY_VERSION' >/nua/ruby_version"),
    ...tools.debian.removeBorrowed(),
  ]);
}

// --- internal ---

/** Bundler and headers for gems are not in Debian's package of Ruby; a compiled Ruby has them. */
const PACKAGED = ["ruby", "ruby-bundler", "ruby-dev"];

async function placeRuby(
  { wanted, folder: root }: InstallRequest,
  tools: InstallTools,
): Promise<void> {
  const { execute, write, scratch, debian } = tools;
  const packaged = await findPackaged(tools);
  if (packaged !== null && isWanted(packaged, wanted)) {
    write(`==> Install the distribution's Ruby ${packaged}\n`);
    return execute(placePackages(PACKAGED, root, debian));
  }
  const { ruby, openssl } = await fetchSources(wanted, tools);
  write(`==> Compile Ruby ${ruby.version} for ${root}\n`);
  await execute([
    ...debian.borrow(BUILD_PACKAGES),
    ...compileCommands({ root, scratch, ruby, openssl }),
    debian.linkedPackages(linkedFiles(root), (names) => placePackages(names, root, debian)),
  ]);
}

/** The version of the distribution's Ruby; null where there is none. */
async function findPackaged({ execute, debian }: InstallTools): Promise<string | null> {
  let found: string | null = null;
  const policy = (name: string, read: (text: string) => Command[]): Command => ({
    ...{ kind: "derive", query: run(["apt-cache", "policy", name]), next: read },
  });
  const next = (text: string) => {
    const series = packagedSeries(text);
    if (series === null) return [];
    return [
      policy(`ruby${series}`, (own) => {
        found = packagedVersion(own);
        return [];
      }),
    ];
  };
  await execute([debian.updateLists(), policy("ruby", next)]);
  return found;
}

function placePackages(names: readonly string[], root: string, debian: DebianPackages): Command[] {
  if (root === "/") return debian.install(names);
  const text = names.map((name) => `${name}\n`).join("");
  return [{ kind: "write", path: join(root, RUBY_PACKAGES), text, mode: 0o644 }];
}

interface FetchedSource {
  version: string;
  file: string;
}

async function fetchSources(
  wanted: string,
  tools: InstallTools,
): Promise<{ ruby: FetchedSource; openssl: FetchedSource | null }> {
  // Inside a build, a script of the app's calls the agent: it knows no more than the environment.
  const set = tools.settings.rubyMirror ?? tools.env[RUBY_MIRROR_VARIABLE];
  const mirror = withSlash(set || RUBY_SOURCES);
  const source = await findWanted(wanted, mirror, tools);
  const ruby = await fetchSource(mirror + source.path, source, tools);
  if (!needsOldOpenssl(source.version)) return { ruby, openssl: null };
  const url = set ? mirror + OLD_OPENSSL.path : OLD_OPENSSL.url;
  return { ruby, openssl: await fetchSource(url, OLD_OPENSSL_SOURCE, tools) };
}

/** The newest of a series is in the list, where the server has one. */
async function findWanted(wanted: string, mirror: string, tools: InstallTools): Promise<Source> {
  const known = knownSource(wanted);
  if (known === undefined || known.version === wanted) {
    return known ?? lookUp(wanted, mirror, tools);
  }
  const body = await tools.fetch(mirror + INDEX, RUBY_MIRROR_VARIABLE);
  return findSource(wanted, parseIndex(body?.toString("utf8") ?? "")) ?? known;
}

async function lookUp(wanted: string, mirror: string, { fetch }: InstallTools): Promise<Source> {
  const body = await fetch(mirror + INDEX, RUBY_MIRROR_VARIABLE);
  const sources = parseIndex(body?.toString("utf8") ?? "");
  const found = findSource(wanted, sources);
  if (found) return found;
  const newest = sources.slice(-5).map(({ version }) => version);
  throw new NuaError("input", `Find Ruby "${wanted}" at ${publicUrl(mirror)}: there is none`, {
    hint:
      newest.length > 0
        ? `versions there: …, ${newest.join(", ")}`
        : `use 2.7, 3.1 or 3.2, or name a mirror that has ${INDEX} with ${RUBY_MIRROR_VARIABLE}`,
  });
}

async function fetchSource(
  url: string,
  { version, sha256 }: Source,
  tools: InstallTools,
): Promise<FetchedSource> {
  const wanted = { url, sha256, name: `${version}.tar.gz`, mirror: RUBY_MIRROR_VARIABLE };
  return { version, file: await fetchChecked(wanted, tools) };
}
