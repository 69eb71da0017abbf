/** Pure: environment of git commands. */
import { parseRewrites } from "../../lib/rewrites.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";

/**
 * As environment: nothing asks a person, nothing of the user's hooks and conversions changes what is packed, and
 * addresses are reached as nua-build's settings have it.
 * @param count of settings that are in the environment already: git-config(1), GIT_CONFIG_COUNT
 * @param ca a file of certificates to trust, where nua-build has one
 */
export function gitEnvironment(
  network: NetworkSettings,
  { count = 0, ca }: { count?: number; ca?: string | undefined } = {},
): Record<string, string> {
  const settings = gitSettings(network);
  const pairs = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${count + index}`, key],
    [`GIT_CONFIG_VALUE_${count + index}`, value],
  ]);
  return {
    ...Object.fromEntries(pairs),
    GIT_CONFIG_COUNT: String(count + settings.length),
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    ...(ca === undefined ? {} : { GIT_SSL_CAINFO: ca }),
    ...proxyVariables(network),
  };
}

/** Keys of git's configuration, with what they are to be. */
export function gitSettings({ rewrites = "" }: NetworkSettings): [string, string][] {
  const urls = parseRewrites(rewrites).map(({ from, to }): [string, string] => [
    `url.${to}.insteadOf`,
    from,
  ]);
  return [...SETTINGS, ...urls];
}

/** In both spellings: programs read one or the other. */
export function proxyVariables({
  httpProxy,
  httpsProxy,
  noProxy,
}: NetworkSettings): Record<string, string> {
  return {
    ...(httpProxy ? { http_proxy: httpProxy, HTTP_PROXY: httpProxy } : {}),
    ...(httpsProxy ? { https_proxy: httpsProxy, HTTPS_PROXY: httpsProxy } : {}),
    ...(noProxy ? { no_proxy: noProxy, NO_PROXY: noProxy } : {}),
  };
}

/** What a git hook has set, in which nua-build may have been started. Source: git-rev-parse(1). */
export const REPOSITORY_VARIABLES = [
  ...["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"],
  ...["GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_SHALLOW_FILE"],
  ...["GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_TEMPLATE_DIR"],
] as const;

// --- internal ---

const SETTINGS: [string, string][] = [
  ["core.hooksPath", "/dev/null"],
  ["core.logAllRefUpdates", "false"],
  ["core.autocrlf", "false"],
  ["core.fsmonitor", "false"],
  ["core.untrackedCache", "false"],
  ["core.splitIndex", "false"],
  ["core.compression", "-1"],
  ["init.defaultBranch", "main"],
  ["init.templateDir", ""],
  ["index.version", "2"],
  ["protocol.version", "2"],
  ["fetch.recurseSubmodules", "false"],
  ["fetch.writeCommitGraph", "false"],
  ["submodule.recurse", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["repack.writeBitmaps", "false"],
  ["pack.threads", "1"],
  ["pack.window", "10"],
  ["pack.depth", "50"],
  ["pack.compression", "-1"],
  ["pack.packSizeLimit", "0"],
  ["pack.writeReverseIndex", "false"],
  ["advice.detachedHead", "false"],
];
