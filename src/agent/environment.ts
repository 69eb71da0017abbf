/** The environment of programs that the agent starts. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { proxyVariables } from "../lib/proxies.ts";
import { TOOLS } from "../protocol/layout.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import type { ClientSettings } from "../registries/clients.ts";
import { allClients } from "../registries/registries.ts";
import { isMounted } from "./apt.ts";
import { writeCertificates } from "./certificates.ts";
import { ROUTE_VARIABLES } from "./route-variables.ts";
import { diskTree } from "./tree.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Folders of the builder's that outlive a build, by the names of their caches. */
export type Caches = Readonly<Record<string, string>>;

/**
 * What the build's programs get beside the variables of their user.
 * @param places a folder for what they read and forget, and those for what the builder keeps
 */
export function childEnvironment(
  env: Environment,
  networkSettings: NetworkSettings,
  { scratch, caches }: { scratch: string; caches: Caches },
): Record<string, string | undefined> {
  const certificates = writeCertificates(networkSettings.ca, scratch);
  const temporary = `${scratch}/tmp`;
  mkdirSync(temporary);
  mkdirSync(TOOLS, { recursive: true });
  // Both users write here; what they forget is not part of the image.
  for (const folder of [scratch, temporary, TOOLS]) chmodSync(folder, 0o1777);
  // Commands of a plan name the same folder whether the builder keeps anything or not.
  for (const [name, folder] of Object.entries(caches)) symlinkSync(folder, `${scratch}/${name}`);
  const clients = allClients({
    ...{ settings: networkSettings, folder: scratch, certificates: certificates.files, caches },
    ignoresDates: Boolean(env[ROUTE_VARIABLES.ignoresDates]),
    image: { ...diskTree, isMounted: (folder) => isMounted(folder, diskTree) },
  });
  writeFiles(clients.files);
  return {
    ...env,
    ...proxyVariables(networkSettings),
    ...clients.env,
    ...certificates.env,
    ...routeEnvironment(env, certificates.files?.all ?? null, scratch),
    // What a plan fetches for the build alone is there before what the image has.
    PATH: [`${scratch}/bin`, `${TOOLS}/bin`, ...(env.PATH === undefined ? [] : [env.PATH])].join(
      ":",
    ),
    TMPDIR: temporary,
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

// --- internal ---

/** The build's own user reads them as well. */
function writeFiles(files: Required<ClientSettings>["files"]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o644);
  }
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
