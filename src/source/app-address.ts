/** Addresses of apps on the command line: archives, and git repositories. Pure. */
import { NuaError } from "../lib/errors.ts";
import type { Credential } from "../session/credentials.ts";
import { splitCredential } from "../session/credentials.ts";
import { type FetchedSource, repositoryName } from "./named-source.ts";
import { treePath } from "./source-tree.ts";

export interface AppAddress {
  source: FetchedSource;
  /** The folder below it that is the app; empty for all of it. */
  folder: string;
  /** Of the address, which shows asterisks in their place. */
  credentials: Credential[];
}

/**
 * What follows a "#" is of a repository `REVISION`, `REVISION:FOLDER` or `:FOLDER`; of an archive
 * `sha256=DIGEST`, `subdirectory=FOLDER` or both, with "&" between them.
 * @returns undefined for what is a path
 * @throws NuaError (usage) for an address that is none
 */
export function parseAppAddress(word: string): AppAddress | undefined {
  if (!isAppAddress(word)) return undefined;
  const at = word.indexOf("#");
  const given = at < 0 ? "" : word.slice(at + 1);
  const whole = at < 0 ? word : word.slice(0, at);
  const isGit = isRepository(whole);
  const { address, revision } = isGit ? splitRevision(whole) : { address: whole, revision: "" };
  const { shown: url, credential } = splitCredential(address);
  const fault = (problem: string, hint: string) =>
    new NuaError("usage", `Read address "${url}#${given}": ${problem}`, { hint });
  const part = isGit ? parseGitPart(given) : parseArchivePart(given);
  if (part === undefined) {
    throw fault(`"${given}" is not known`, isGit ? GIT_HINT : ARCHIVE_HINT);
  }
  const folder = treePath(part.folder);
  if (folder === undefined) throw fault(`"${part.folder}" leads out of it`, "name a folder in it");
  const chosen = revision || part.revision || HEAD;
  if (isGit && !REVISION.test(chosen)) throw fault(`"${chosen}" is no revision`, GIT_HINT);
  const name = { key: COMMAND_LINE, dir: nameOf(url, isGit) };
  return {
    source: isGit
      ? { kind: "git", url, revision: chosen, ...name }
      : { kind: "archive", url, sha256: part.sha256, ...name },
    folder,
    credentials: credential === undefined ? [] : [credential],
  };
}

/** Whether a word on the command line is an address, and no path. */
export function isAppAddress(word: string): boolean {
  return SCHEME.test(word) || SSH.test(word);
}

/** What the app of an archive is called by its name. */
export function archiveName(file: string): string {
  const last = file.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const name = last.slice(last.lastIndexOf("/") + 1).replace(ARCHIVE_ENDING, "");
  return withoutVersion(name) || "app";
}

/** `app-1.2.3`, `app-main` and `app-COMMIT`, as hosts of repositories call what they pack, are `app`. */
export function withoutVersion(name: string): string {
  return name.replace(/[-_](?:v?\d+(?:\.\w+)*|main|master|[\da-f]{40})$/i, "") || name;
}

/** In messages, in place of the key of a nua-config. */
export const COMMAND_LINE = "the address on the command line";

/** The revision that a repository itself has chosen. */
export const HEAD = "HEAD";

// --- internal ---

const SCHEME = /^(?:git\+)?(?:https?|file|ssh|git):\/\/[^\s\p{Cc}]+$/iu;

/** `user@host:path`, as ssh has it. */
const SSH = /^[a-z\d_][\w.-]*@[\w.-]+:(?!\/\/)[^\s\p{Cc}]+$/iu;

const ARCHIVE_ENDING = /\.(?:t(?:ar\.)?(?:gz|bz2|xz|zst)|tar|tgz|tbz2?|txz|zip)$/i;

const REVISION = /^(?!-)(?!.*\.\.)(?!.*@\{)[^\s~^:?*[\\\p{Cc}]+$/u;

const GIT_HINT = "write #REVISION, #REVISION:FOLDER or #:FOLDER behind a repository";
const ARCHIVE_HINT =
  "write #sha256=DIGEST or #subdirectory=FOLDER behind an archive; git+ before a repository";

function isRepository(address: string): boolean {
  if (/^(?:git\+|ssh:|git:)/i.test(address) || SSH.test(address)) return true;
  return /\.git\/?(?:@[^/@]\S*)?$/i.test(address);
}

/** `git+https://host/app@v1`, `https://host/app.git@v1`: an "@" before the path is a user's. */
function splitRevision(whole: string): { address: string; revision: string } {
  const address = whole.replace(/^git\+/i, "");
  const path = SCHEME.test(address) ? address.indexOf("/", address.indexOf("://") + 3) : -1;
  const rest = address.slice(Math.max(path, 0));
  const found = /^(.*?\.git)@(.+)$/i.exec(rest);
  const start = address.slice(0, Math.max(path, 0));
  const [, inside = "", revision = ""] = found ?? /^(.*[^/])@([^/@]+)$/.exec(rest) ?? [];
  if (path < 0 && !found) return { address, revision: "" };
  return revision === "" ? { address, revision } : { address: start + inside, revision };
}

interface Part {
  revision: string;
  folder: string;
  sha256: string | null;
}

const NOTHING: Part = { revision: "", folder: "", sha256: null };

function parseGitPart(text: string): Part | undefined {
  const named = /^subdirectory=(.*)$/.exec(text);
  if (named) return { ...NOTHING, folder: named[1]! };
  const at = text.indexOf(":");
  if (at < 0) return { ...NOTHING, revision: text };
  return { ...NOTHING, revision: text.slice(0, at), folder: text.slice(at + 1) };
}

function parseArchivePart(text: string): Part | undefined {
  if (text === "") return NOTHING;
  let part = NOTHING;
  for (const one of text.split("&")) {
    const [, key, value = ""] = /^([a-z\d]+)[=:](.*)$/.exec(one) ?? [];
    if (key === "subdirectory") part = { ...part, folder: value };
    else if (key === "sha256" && /^[\da-f]{64}$/i.test(value)) {
      part = { ...part, sha256: value.toLowerCase() };
    } else return undefined;
  }
  return part;
}

function nameOf(url: string, isGit: boolean): string {
  return isGit ? repositoryName(url) : archiveName(url);
}
