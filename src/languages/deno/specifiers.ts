/** Pure: what an import names: `jsr:@std/http@1/file-server`, `npm:hono@^4`, an address. */
import { semver } from "../../lib/semver.ts";

export interface PackageSpecifier {
  kind: "npm" | "jsr";
  /** With its scope. */
  name: string;
  /** As it is written; "*" where nothing is. */
  range: string;
}

/** @returns null for what is no package: a file, an address, a part of Node's or Deno's own */
export function parseSpecifier(specifier: string): PackageSpecifier | null {
  if (specifier.length > MOST_CHARACTERS) return null;
  const [, kind, rest = ""] = /^(npm|jsr):\/?(.+)$/.exec(specifier) ?? [];
  if (kind === undefined) return null;
  const [, name, range] = /^(@[^/@]+\/[^/@]+|[^/@]+)(?:@([^/]+))?(?:\/.*)?$/.exec(rest) ?? [];
  if (name === undefined) return null;
  return { kind: kind as PackageSpecifier["kind"], name, range: range ?? "*" };
}

/** The same for all that name the same versions: a lock file writes "4" for "^4". */
export function specifierKey({ kind, name, range }: PackageSpecifier): string {
  return `${kind}:${name}@${plain(range)}`;
}

/** In the words of an import. */
export function formatSpecifier({ kind, name, range }: PackageSpecifier): string {
  return `${kind}:${name}${range === "*" ? "" : `@${range}`}`;
}

export function isRemote(specifier: string): boolean {
  return /^https?:\/\//.test(specifier);
}

// --- internal ---

/** Longer ones nobody has written. */
const MOST_CHARACTERS = 300;

function plain(range: string): string {
  const text = decodeURIComponentSafe(range).trim();
  return semver.validRange(text) ?? text;
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
