/** Pure: rewritten addresses (`--rewrite`): one URL prefix replaced by another. */
import { HIDDEN } from "./secrets.ts";

export interface Rewrite {
  /** The beginning of an address. */
  from: string;
  to: string;
}

/** @param text `FROM=TO`, separated by white space; what is not of that form is left out */
export function parseRewrites(text: string): Rewrite[] {
  return text.split(/\s+/).flatMap((pair) => {
    // An address may have "=" in its query, but not in its first part.
    const [, from, to] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    return from === undefined || to === undefined ? [] : [{ from, to }];
  });
}

/** The address with its beginning replaced, by the longest that fits, as git does it. */
export function rewriteUrl(url: string, rewrites: readonly Rewrite[]): string {
  const fitting = rewrites.filter(({ from }) => url.startsWith(from));
  const longest = fitting.sort((one, other) => other.from.length - one.from.length)[0];
  return longest === undefined ? url : `${longest.to}${url.slice(longest.from.length)}`;
}

/**
 * A requirement with the passwords of its addresses, for a program that no rewrite reaches: git,
 * which pip calls for `git+https:`, knows them by itself and keeps the address that it was given.
 */
export function restoreCredentials(text: string, rewrites: readonly Rewrite[]): string {
  return rewrites
    .filter(({ from }) => from.includes(`://${HIDDEN}@`))
    .toSorted((one, other) => other.from.length - one.from.length)
    .reduce((all, { from, to }) => replaceUnlessGit(all, from, to), text);
}

// --- internal ---

function replaceUnlessGit(text: string, from: string, to: string): string {
  const [first = "", ...rest] = text.split(from);
  return rest.reduce((all, part) => `${all}${all.endsWith("git+") ? from : to}${part}`, first);
}
