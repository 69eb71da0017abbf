/** The environment of all programs that the agent starts, and the files that it leads to. */
import { chmodSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import type { Facts } from "./action.ts";
import { keepsArchives, mirrorSources } from "./apt.ts";
import { writeCertificates } from "./certificates.ts";
import { registryEnvironment } from "./network-settings.ts";
import { writeGemSettings, writeNpmSettings } from "./npm-settings.ts";
import { ROUTE_VARIABLES } from "./route-variables.ts";
import { diskTree } from "./tree.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the builder keeps nothing. */
export const NO_CACHES: Facts["caches"] = { pip: null, npm: null, yarn: null };

/**
 * What the build's programs get beside the variables of their user.
 * @param places a folder for what they read and forget, and those for what the builder keeps
 */
export function childEnvironment(
  env: Environment,
  networkSettings: NetworkSettings,
  { scratch, caches }: Pick<Facts, "scratch" | "caches">,
): Record<string, string | undefined> {
  const certificates = writeCertificates(networkSettings.ca, scratch);
  const temporary = `${scratch}/tmp`;
  mkdirSync(temporary);
  // Both users write here; what they forget is not part of the image.
  for (const folder of [scratch, temporary]) chmodSync(folder, 0o1777);
  return {
    ...env,
    ...registryEnvironment(networkSettings),
    ...writeNpmSettings(networkSettings, scratch),
    ...writeGemSettings(networkSettings, scratch),
    ...certificates.env,
    ...cacheEnvironment(caches, scratch),
    ...routeEnvironment(env, certificates.path, scratch),
    ...aptEnvironment(networkSettings, env, certificates.path, scratch),
    TMPDIR: temporary,
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

// --- internal ---

const APT_PARTS = "/etc/apt/apt.conf.d";

/** In images of Docker's library: it has apt remove what it has just downloaded. */
const APT_CLEANER = "/docker-clean";

/** Caches of the builder's; without one, npm leaves nothing in the app's home either. */
function cacheEnvironment(
  { pip, npm }: Facts["caches"],
  scratch: string,
): Record<string, string | undefined> {
  return {
    // The image's variable would have pip keep nothing, whatever its value.
    ...(pip === null ? {} : { PIP_CACHE_DIR: pip, PIP_NO_CACHE_DIR: undefined }),
    npm_config_cache: npm ?? `${scratch}/npm`,
  };
}

/** What only a build behind the agent's own proxy needs. */
function routeEnvironment(
  env: Environment,
  certificates: string | null,
  scratch: string,
): Record<string, string> {
  if (!env[ROUTE_VARIABLES.proxy] || certificates === null) return {};
  const settings = `${scratch}/wgetrc`;
  writeFileSync(settings, `ca_certificate = ${certificates}\n`);
  return { [ROUTE_VARIABLES.certificates]: certificates, WGETRC: settings };
}

/** apt takes the mirror and the certificates from files that only exist during the build. */
function aptEnvironment(
  { aptMirror }: NetworkSettings,
  env: Environment,
  certificates: string | null,
  scratch: string,
): Record<string, string> {
  const lines = certificates === null ? [] : [`Acquire::https::CAInfo "${certificates}";`];
  lines.push(...(env[ROUTE_VARIABLES.apt] ?? "").split("\n").filter(Boolean));
  if (aptMirror !== undefined) {
    const sources = `${scratch}/sources.list`;
    writeFileSync(sources, mirrorSources(aptMirror, diskTree));
    lines.push(`Dir::Etc::sourcelist "${sources}";`, 'Dir::Etc::sourceparts "/dev/null";');
  }
  if (keepsArchives(diskTree)) {
    const parts = `${scratch}/apt.conf.d`;
    cpSync(APT_PARTS, parts, { recursive: true, filter: (path) => !path.endsWith(APT_CLEANER) });
    lines.push(`Dir::Etc::parts "${parts}";`);
  }
  if (lines.length === 0) return {};
  const config = `${scratch}/apt.conf`;
  writeFileSync(config, `${lines.join("\n")}\n`);
  return { APT_CONFIG: config };
}
