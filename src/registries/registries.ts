/** The list of registries. */
import type { BuildCache } from "../protocol/build-caches.ts";
import type { RunCommand } from "../protocol/command.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";
import { apt } from "./apt.ts";
import { ccache } from "./ccache.ts";
import type { ClientFacts, ClientSettings, ImageFiles } from "./clients.ts";
import { cpython } from "./cpython.ts";
import { crates } from "./crates.ts";
import { git } from "./git.ts";
import { go } from "./go.ts";
import { hex } from "./hex.ts";
import { jsr } from "./jsr.ts";
import { maven } from "./maven.ts";
import { npm } from "./npm.ts";
import { nuget } from "./nuget.ts";
import { packagist } from "./packagist.ts";
import { pypi } from "./pypi.ts";
import type { InstalledFolder, RefusedVersion, Registry, RegistrySetting } from "./registry.ts";
import { rubygems } from "./rubygems.ts";

/**
 * In the order in which they are asked what an address is: npm before Python, whose archives of
 * sources may have any name.
 */
const TABLE = [
  apt,
  npm,
  jsr,
  cpython,
  pypi,
  rubygems,
  go,
  crates,
  maven,
  hex,
  ccache,
  packagist,
  nuget,
  git,
] as const;

export const REGISTRIES: readonly Registry[] = TABLE;

/** What points the programs of a build to all of them. */
export function allClients(facts: ClientFacts): Required<ClientSettings> {
  const all = REGISTRIES.map((registry) => registry.clients?.(facts) ?? { env: {} });
  return {
    env: Object.assign({}, ...all.map(({ env }) => env)),
    files: all.flatMap(({ files = [] }) => files),
  };
}

/** What all clients keep from build to build. */
export const BUILD_CACHES: readonly BuildCache[] = REGISTRIES.flatMap(({ caches = [] }) => caches);

/** What all clients install into. */
export const INSTALLED_FOLDERS: readonly InstalledFolder[] = REGISTRIES.flatMap(
  ({ installs = [] }) => installs,
);

/** What asks for the other parts of what a failed command would have read: see {@link Registry}. */
export function askForRest(command: RunCommand, read: ImageFiles["read"]): RunCommand[] {
  const asked = REGISTRIES.map((registry) => registry.askForRest?.(command, read));
  return asked.find((commands) => commands !== undefined) ?? [];
}

/** The version that the client of a registry says not to be there: see {@link Registry}. */
export function refusedVersion(command: RunCommand, tail: string): RefusedVersion | undefined {
  const asked = REGISTRIES.map((registry) => registry.refused?.(command, tail));
  return asked.find((refused) => refused !== undefined);
}

/** What can be set for them. */
export const REGISTRY_SETTINGS: readonly RegistrySetting<RegistrySettingName>[] = TABLE.flatMap(
  ({ settings }): readonly RegistrySetting<RegistrySettingName>[] => settings,
);

export type RegistrySettingName = (typeof TABLE)[number]["settings"][number]["name"];

/** Hosts whose certificates are not looked at. */
export function trustedHosts(settings: NetworkSettings): string[] {
  return REGISTRY_SETTINGS.filter(({ holds }) => holds === "hosts").flatMap(({ name }) =>
    (settings[name] ?? "").split(/\s+/).filter((host) => host !== ""),
  );
}

/** Of the packages of that kind; undefined for what is of none. */
export function registryOf(kind: string): Registry | undefined {
  return REGISTRIES.find((registry) => registry.kind === kind);
}
