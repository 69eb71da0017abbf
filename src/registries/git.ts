/** Git repositories over HTTP. */
import { parseRewrites } from "../lib/rewrites.ts";
import { encode, fileName, githubPlace, qualifiers } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";

/** Keys of git's configuration, with what they are to be. */
export type GitConfig = readonly (readonly [key: string, value: string])[];

/** @param rewrites of the settings: addresses that others stand in for */
export function gitRewrites(rewrites = ""): GitConfig {
  return parseRewrites(rewrites).map(({ from, to }) => [`url.${to}.insteadOf`, from] as const);
}

/**
 * A configuration as variables. Source: git-config(1), GIT_CONFIG_COUNT.
 * @param count of keys that are in the environment already
 */
export function gitConfigVariables(config: GitConfig, count = 0): Record<string, string> {
  if (config.length === 0) return {};
  const pairs = config.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${count + index}`, key],
    [`GIT_CONFIG_VALUE_${count + index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(count + config.length), ...Object.fromEntries(pairs) };
}

export const git = defineRegistry<never>({
  kind: "git",
  settings: [],

  clients({ settings, certificates }) {
    const trust = certificates === null ? {} : { GIT_SSL_CAINFO: certificates.all };
    return { env: { ...gitConfigVariables(gitRewrites(settings.rewrites)), ...trust } };
  },

  /**
   * A repository that has become an archive, by the name that it has among inputs; and for others
   * that clone the two addresses that are read: gitprotocol-http(5).
   */
  identify({ url, plain, file, query, detail }) {
    const [, packed, revision = ""] = /^git\+(.+)@([^@]+)$/.exec(url) ?? [];
    if (packed !== undefined) return { kind: "git", name: packed, version: detail ?? revision };
    const isRefs = file === "refs" && /(^|&)service=git-upload-pack/.test(query);
    if (!isRefs && file !== "git-upload-pack") return undefined;
    const name = plain.replace(/\/(info\/refs|git-upload-pack)$/, "");
    return { kind: "git", name, version: detail ?? "" };
  },

  packageUrl({ name, version }) {
    const github = githubPlace(name);
    const at = version === "" ? "" : `@${encode(version)}`;
    if (github !== undefined) return `pkg:github/${github.name}${at}`;
    return `pkg:generic/${encode(fileName(name))}${at}${qualifiers({ vcs_url: `git+${name}` })}`;
  },

  wanted: [],
});
