/** Scripts that serve a folder by a program of npm: the image does that without Node. Pure. */
import type { AppPackage } from "./app/app-package.ts";
import { type PlainCommand, wordText } from "./script-line.ts";

export interface ServedFolder {
  /** Relative to where it is started; undefined where the program chooses. */
  folder: string | undefined;
  fallback: "index" | "not found";
}

/** What such a command serves; null for any other, and for one with settings that nothing else knows. */
export function servedFolder({ tree }: AppPackage, { words }: PlainCommand): ServedFolder | null {
  const [program, ...args] = words;
  if (!SERVERS.has(program!) || tree.has("serve.json")) return null;
  let folder: string | undefined;
  let fallback: ServedFolder["fallback"] = "not found";
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]!;
    if (/^(-s|--single)(=|$)/.test(word)) fallback = "index";
    else if (WITH_VALUE.test(word)) at += 1;
    else if (UNKNOWN.test(word)) return null;
    else if (!word.startsWith("-") && folder === undefined) {
      folder = wordText(word);
      if (folder === undefined) return null;
    }
  }
  return { folder, fallback };
}

// --- internal ---

const SERVERS = new Set(["serve", "http-server", "sirv", "superstatic"]);

const WITH_VALUE = /^(-l|--listen|-p|--port|-a|--host|-H|-c|-m|--maxage|-e|--ext|-t)$/;

/** Certificates, proxies, passwords and settings of its own. */
const UNKNOWN =
  /^(--ssl-cert|--ssl-key|-S|--tls|-P|--proxy.*|--username|--password|--config|-C|-K|--no-etag)(=|$)/;
