/** Bootstraps a Linux base by mmdebstrap, from the host's apt sources. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { NuaError } from "../lib/errors.ts";
import { commandError, runProgram } from "../lib/process.ts";
import { type AptSource, formatAptSource, parseAptSources } from "../registries/apt-sources.ts";
import type { Session } from "../session/session.ts";
import { createTempFolder } from "../session/temp-folder.ts";
import { type HostRelease, readHostRelease } from "./host-release.ts";
import type { KnownLinux } from "./linux-bases.ts";

/**
 * Makes an image of this host's own distribution, unless the engine holds it already.
 * @returns its tag
 * @throws NuaError (input) when mmdebstrap is missing or the host has no package sources
 */
export async function bootstrapHostBase(session: Session): Promise<string> {
  const host = await readHostRelease();
  const { codename, name } = host;
  const sources = () => readSources(session, { from: codename, to: codename });
  return bootstrap(host, { sources, told: `the base is now this host's ${name}` }, session);
}

/**
 * The same of another release: of this host's distribution, or of one that apt's mirror has.
 * @returns undefined where neither is at hand
 * @throws NuaError (input) when mmdebstrap is missing
 */
export async function bootstrapBase(
  { name, codename }: KnownLinux,
  session: Session,
): Promise<string | undefined> {
  const [id = ""] = name.split(":");
  const host = await readHostRelease().catch(() => undefined);
  if (host?.id !== id && session.settings.aptMirror === "") return undefined;
  const sources = () => readSources(session, { from: host?.codename ?? codename, to: codename });
  return bootstrap({ id, codename }, { sources, told: `as ${name}` }, session);
}

/** The command that writes a minimal root file system as a tar file. */
export function mmdebstrapCommand(
  codename: string,
  target: string,
  sources: readonly string[],
): string[] {
  return [
    ...["mmdebstrap", "--format=tar", "--variant=minbase", "--include=ca-certificates"],
    // The package lists are fetched anew by whoever installs something.
    ...['--aptopt=APT::Install-Recommends "false"', "--dpkgopt=path-exclude=/usr/share/man/*"],
    ...[
      "--dpkgopt=path-exclude=/usr/share/doc/*",
      "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    ],
    ...[codename, target, ...sources],
  ];
}

// --- internal ---

async function bootstrap(
  { id, codename }: Pick<HostRelease, "id" | "codename">,
  { sources, told }: { sources: () => Promise<AptSource[]>; told: string },
  session: Session,
): Promise<string> {
  const tag = `nua-linux:${id}-${codename}`;
  const engine = await session.engine();
  if (await engine.findImage(tag)) {
    session.report.detail(`Linux base "${tag}" is in the engine`);
    return tag;
  }
  const lines = (await sources()).map(formatAptSource);
  session.report.step(`Bootstrap Linux base ${tag} with mmdebstrap: ${told}`);
  await using folder = await createTempFolder(session.settings.buildDir);
  const rootfs = join(folder.path, "rootfs.tar");
  const argv = mmdebstrapCommand(codename, rootfs, lines);
  const result = await runProgram(argv, {
    signal: session.signal,
    onLine: session.report.output,
    env: { DEBIAN_FRONTEND: "noninteractive" },
  }).catch((cause) => {
    session.signal.throwIfAborted();
    throw mmdebstrapMissing(cause);
  });
  if (result.exitCode === 127) throw mmdebstrapMissing(result.stderr);
  if (result.exitCode !== 0) throw commandError(argv, result.exitCode, result.stderr, "build");
  await engine.importRootfs(rootfs, tag);
  return tag;
}

/** @param release codenames: of the host, and of what is made from its sources */
async function readSources(
  session: Session,
  { from: codename, to }: { from: string; to: string },
): Promise<AptSource[]> {
  const mirror = session.settings.aptMirror;
  if (mirror !== "") {
    return [{ uri: mirror, suite: to, components: ["main"], signedBy: "" }];
  }
  const parts = "/etc/apt/sources.list.d";
  const names = await readdir(parts).catch(() => []);
  const files = ["/etc/apt/sources.list", ...names.sort().map((name) => join(parts, name))];
  const texts = await Promise.all(
    files.map(async (file) => parseAptSources(file, await readFile(file, "utf8").catch(() => ""))),
  );
  // Only the distribution itself: what else the host has installed is not a base's business.
  const sources = texts
    .flat()
    .filter(({ suite }) => suite === codename || suite.startsWith(`${codename}-`))
    .filter(({ suite }) => !suite.endsWith("-backports"));
  if (sources.some(({ suite }) => suite === codename)) {
    return sources.map((source) => ({ ...source, suite: source.suite.replace(codename, to) }));
  }
  throw new NuaError("input", `Bootstrap a Linux base: apt has no source for "${codename}"`, {
    file: "/etc/apt/sources.list",
    hint: "add the distribution's source there, or name a mirror with NUA_APT_MIRROR",
  });
}

function mmdebstrapMissing(cause: unknown): NuaError {
  return new NuaError("input", "Bootstrap a Linux base: mmdebstrap is not installed", {
    hint: "apt-get install mmdebstrap, or load an image and name it with NUA_LINUX_BASE",
    cause,
  });
}
