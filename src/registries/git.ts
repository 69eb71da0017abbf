/** Git repositories over HTTP. */
import { parseRewrites } from "../lib/rewrites.ts";
import { encode, fileName, githubPlace, qualifiers } from "./package-url.ts";
import { defineRegistry } from "./registry.ts";

export const git = defineRegistry<never>({
  kind: "git",
  settings: [],

  /** Source: git-config(1), GIT_CONFIG_COUNT. */
  clients({ settings, certificates }) {
    const rewrites = parseRewrites(settings.rewrites ?? "");
    const pairs = rewrites.flatMap(({ from, to }, index) => [
      [`GIT_CONFIG_KEY_${index}`, `url.${to}.insteadOf`],
      [`GIT_CONFIG_VALUE_${index}`, from],
    ]);
    const count = rewrites.length === 0 ? {} : { GIT_CONFIG_COUNT: String(rewrites.length) };
    const trust = certificates === null ? {} : { GIT_SSL_CAINFO: certificates.all };
    return { env: { ...count, ...Object.fromEntries(pairs), ...trust } };
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
