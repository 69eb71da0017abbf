/** What package.json says of an app, for one without a nua-config. Pure. */
import type { SourceTree } from "../../source/source-tree.ts";
import type { AppDescription } from "../language.ts";
import { readManifest } from "./app/manifest.ts";

/** @throws NuaError (input) for a manifest that cannot be read */
export function describe(tree: SourceTree): AppDescription | null {
  const manifest = readManifest(tree);
  if (manifest.file === null) return null;
  const { name, version, author, license, description, homepage } = manifest;
  const found: [keyof AppDescription, string | undefined][] = [
    // A scope is its owner's, not a part of what the app is called.
    ["name", name?.replace(/^@[^/]*\//, "")],
    // What generators of apps write before anybody has thought of one.
    ["version", version === "0.0.0" ? undefined : version],
    ["description", oneLine(description)],
    ["author", oneLine(author)],
    ["license", /^(UNLICENSED|SEE LICENSE IN .*|none)$/i.test(license ?? "") ? undefined : license],
    ["homepage", isAddress(homepage) ? homepage : repository(manifest.raw.repository)],
  ];
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== ""));
}

// --- internal ---

function oneLine(text: string | undefined): string | undefined {
  return text?.replace(/\s+/g, " ").trim();
}

function isAddress(text: string | undefined): boolean {
  return text !== undefined && /^https?:\/\/[^\s]+$/.test(text);
}

/** npm: an address, that of a git repository, or `owner/name` of GitHub. */
function repository(value: unknown): string | undefined {
  const text = typeof value === "string" ? value : (value as { url?: unknown } | undefined)?.url;
  if (typeof text !== "string") return undefined;
  if (/^(github:)?[\w.-]+\/[\w.-]+$/.test(text)) {
    return `https://github.com/${text.replace(/^github:/, "")}`;
  }
  const found = /^(?:git\+)?(https?:\/\/[^\s@#]+?)(?:\.git)?(?:#.*)?$/.exec(text)?.[1];
  return found ?? sshAddress(text);
}

function sshAddress(text: string): string | undefined {
  const found = /^(?:git\+)?(?:ssh:\/\/)?git@([\w.-]+)[:/]([\w./-]+?)(?:\.git)?$/.exec(text);
  return found === null ? undefined : `https://${found[1]}/${found[2]}`;
}
