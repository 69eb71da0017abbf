/** Pure: environment of git commands. */
import { proxyVariables } from "../../lib/proxies.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";
import { type GitConfig, gitConfigVariables, gitRewrites } from "../../registries/git.ts";

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
  return {
    ...gitConfigVariables(gitSettings(network), count),
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    ...(ca === undefined ? {} : { GIT_SSL_CAINFO: ca }),
    ...proxyVariables(network),
  };
}

/** Keys of git's configuration, with what they are to be. */
export function gitSettings({ rewrites }: NetworkSettings): GitConfig {
  return [...SETTINGS, ...gitRewrites(rewrites)];
}

/** What a git hook has set, in which nua-build may have been started. Source: git-rev-parse(1). */
export const REPOSITORY_VARIABLES = [
  ...["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"],
  ...["GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_SHALLOW_FILE"],
  ...["GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_TEMPLATE_DIR"],
] as const;

// --- internal ---

const SETTINGS: GitConfig = [
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
