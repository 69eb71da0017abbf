/**
 * One table of settings, each with its flag, its variable and its key in nua-build.toml. A flag
 * wins over a variable, over the user's file, over the system's file.
 */
import { closest } from "../lib/closest.ts";
import { NuaError } from "../lib/errors.ts";
import { REGISTRY_SETTINGS, type RegistrySettingName } from "../registries/registries.ts";
import { readSettingsFiles } from "./settings-files.ts";

/** Those of the registries, and the others. */
export type Settings = OwnSettings & Record<RegistrySettingName, string>;

interface OwnSettings {
  /** The Linux image that nua-python starts from. */
  linuxBase: string;
  /** Others that are taken where the app asks for what that one has not; the first that will do. */
  linuxBases: string;
  /** Folder for temporary build contexts. */
  buildDir: string;
  /** Folder or file for archives; `-` is standard output. */
  output: string;
  /** The engine's client: docker, podman or a path. */
  engine: string;
  /** A buildx builder for apps; empty: the engine's own. */
  builder: string;
  /** Where buildx stores, and from where it takes, what it has built; in its own words. */
  cacheTo: string;
  cacheFrom: string;
  /** Addresses of proxies; those of this process's own environment if none is set. */
  httpProxy: string;
  httpsProxy: string;
  noProxy: string;
  /** See NetworkSettings. */
  rewrites: string;
  registryMirror: string;
  /** Megabytes that the archive of a source may have. */
  sourceLimit: string;
  /** Seconds that fetching the archive of a source may take, all attempts together. */
  sourceTimeout: string;
  /** Megabytes that a source, or an app out of a bundle, may have unpacked. */
  unpackedLimit: string;
  /** Files that a source, or an app out of a bundle, may have. */
  filesLimit: string;
  /** What a nua-config may have: kilobytes, keys and values, levels; see ConfigLimits. */
  configLimit: string;
  configValues: string;
  configDepth: string;
  /** Seconds since 1970, for reproducible images; empty: none was named. */
  sourceDateEpoch: string;
  /** Whether nothing may be fetched: true or false; see isOffline. */
  offline: string;
  /** Whether an app without a start command is an error: true or false. */
  requireStart: string;
  /** Whether a lock that does not fit its manifest is an error: true or false. */
  frozen: string;
  /** The member of a workspace, or the folder, that is the app; empty: as build.app says. */
  app: string;
  /** A file of certificates in PEM; empty: those that the host's administrator added. */
  ca: string;
}

export type SettingName = keyof Settings;

interface Setting {
  name: SettingName;
  variable: string;
  /** A variable of other programs, which counts where the own one is not set. */
  alias?: string | undefined;
  /** Key in nua-build.toml; a dot leads into a table. */
  key: string;
  fallback: string;
}

const setting = (name: SettingName, variable: string, key: string, fallback = ""): Setting => ({
  name,
  variable,
  key,
  fallback,
});

/** As shipped: those that packages of a distribution are known of. */
const LINUX_BASES = "ubuntu:22.04 debian:12 debian:13 ubuntu:24.04";

export const SETTINGS: readonly Setting[] = [
  setting("linuxBase", "NUA_LINUX_BASE", "linux-base", "ubuntu:22.04"),
  setting("linuxBases", "NUA_LINUX_BASES", "linux-bases", LINUX_BASES),
  setting("buildDir", "NUA_BUILD_DIR", "build-dir", "/var/tmp"),
  setting("output", "NUA_OUTPUT", "output", "/var/tmp"),
  setting("engine", "NUA_ENGINE", "engine", "docker"),
  setting("builder", "NUA_BUILDER", "builder"),
  setting("cacheTo", "NUA_CACHE_TO", "cache.to"),
  setting("cacheFrom", "NUA_CACHE_FROM", "cache.from"),
  ...REGISTRY_SETTINGS.map(({ name, variable, alias, key }) => ({
    ...setting(name, variable, key),
    alias,
  })),
  setting("httpProxy", "NUA_HTTP_PROXY", "proxy.http"),
  setting("httpsProxy", "NUA_HTTPS_PROXY", "proxy.https"),
  setting("noProxy", "NUA_NO_PROXY", "proxy.none"),
  setting("rewrites", "NUA_REWRITE", "rewrite"),
  setting("registryMirror", "NUA_REGISTRY_MIRROR", "registry.mirror"),
  setting("sourceLimit", "NUA_SOURCE_LIMIT", "source-limit", "4096"),
  setting("sourceTimeout", "NUA_SOURCE_TIMEOUT", "source-timeout", "3600"),
  setting("unpackedLimit", "NUA_UNPACKED_LIMIT", "unpacked-limit", "16384"),
  setting("filesLimit", "NUA_FILES_LIMIT", "files-limit", "200000"),
  setting("configLimit", "NUA_CONFIG_LIMIT", "config.limit", "256"),
  setting("configValues", "NUA_CONFIG_VALUES", "config.values", "5000"),
  setting("configDepth", "NUA_CONFIG_DEPTH", "config.depth", "20"),
  setting("sourceDateEpoch", "SOURCE_DATE_EPOCH", "source-date-epoch"),
  setting("offline", "NUA_OFFLINE", "offline"),
  setting("requireStart", "NUA_REQUIRE_START", "require-start"),
  setting("frozen", "NUA_FROZEN", "frozen"),
  setting("app", "NUA_APP", "app"),
  setting("ca", "NUA_CA", "ca"),
];

/**
 * @param flags the settings that were given on the command line
 * @param onUnknown told what looks like a setting and is none
 * @throws NuaError (config) when a settings file cannot be read or has a wrong shape, or a setting
 *   looks like an option
 */
export function loadSettings(
  flags: Partial<Settings>,
  env: Record<string, string | undefined> = process.env,
  onUnknown: (warning: string) => void = () => {},
): Settings {
  const files = readSettingsFiles(
    env,
    SETTINGS.map(({ key }) => key),
    onUnknown,
  );
  for (const warning of misspelledVariables(env)) onUnknown(warning);
  const values = SETTINGS.map(({ name, variable, alias = variable, key, fallback }) => {
    const given = [flags[name], env[variable], env[alias]];
    const sources = [...given, ...files.map((file) => file[key]), fallback];
    const value = sources.find((one) => one !== undefined && one !== "") ?? fallback;
    return [name, name === "output" && isStandardOutput(value) ? "-" : value];
  });
  const settings = Object.fromEntries(values) as Record<SettingName, string>;
  for (const { name, variable } of SETTINGS) rejectOption(variable, settings[name]);
  return settings;
}

/** Whether a target of archives is standard output: that is written to, and never replaced. */
export function isStandardOutput(target: string | undefined): boolean {
  return ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].includes(target ?? "");
}

/** Whether that setting is on. @throws NuaError (config) when it says neither yes nor no */
export function isSet<Name extends SettingName>(
  settings: Readonly<Record<Name, string>>,
  name: Name,
): boolean {
  const value = settings[name].toLowerCase();
  if (["", "0", "false", "no"].includes(value)) return false;
  if (["1", "true", "yes"].includes(value)) return true;
  const { variable } = SETTINGS.find((setting) => setting.name === name)!;
  throw new NuaError("config", `Read setting ${variable}: "${settings[name]}"`, {
    hint: "write true or false",
  });
}

/**
 * @param most the largest value that will do; the least is 1
 * @throws NuaError (config) when the value of that setting is no such number
 */
export function numberSetting<Name extends SettingName>(
  settings: Readonly<Record<Name, string>>,
  name: Name,
  most = 1e9,
): number {
  const value = settings[name];
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= most) return number;
  const { variable } = SETTINGS.find((setting) => setting.name === name)!;
  throw new NuaError("config", `Read setting ${variable}: "${value}" is no number that will do`, {
    hint: `write a whole number from 1 to ${most}`,
  });
}

// --- internal ---

/** Other programs of Nua have variables of their own: only what is nearly one of these is told. */
function misspelledVariables(env: Record<string, string | undefined>): string[] {
  const known = SETTINGS.map(({ variable }) => variable).filter((name) => name.startsWith(PREFIX));
  const bare = known.map((name) => name.slice(PREFIX.length));
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .flatMap((name) => {
      const guess = closest(name.slice(PREFIX.length), bare);
      return guess === undefined
        ? []
        : [`Variable ${name} is not a setting; did you mean ${PREFIX}${guess}?`];
    });
}

const PREFIX = "NUA_";

/** Settings become words of command lines. A lone "-" is standard output. */
function rejectOption(variable: string, value: string): void {
  if (!value.startsWith("-") || value === "-") return;
  throw new NuaError("config", `Read setting ${variable}: "${value}" looks like an option`, {
    hint: "write ./ before a path that begins so",
  });
}
