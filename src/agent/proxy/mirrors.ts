/** Pure: where a question goes that programs ask of a public address. */

import { NuaError } from "../../lib/errors.ts";
import { parseRewrites, rewriteUrl } from "../../lib/rewrites.ts";
import { publicUrl, takeCredentials } from "../../lib/secrets.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";
import { withSlash } from "../fetch.ts";
import { PUBLIC_REGISTRY } from "../node/registry.ts";
import { OLD_OPENSSL, PUBLIC_MIRROR } from "../ruby/sources.ts";
import { basicAuthorization, type Question } from "./question.ts";

export interface Destination {
  /** Without a name and a password. */
  url: string;
  /** Where that is a mirror's: the beginning of the public address, and the mirror's own. */
  mirror: { from: string; to: string } | null;
}

/**
 * One after the other is asked, until one does not say that there is nothing.
 * @throws NuaError (usage) when the mirror of apt is no address
 */
export function destinationsOf(
  question: Pick<Question, "url" | "client">,
  networkSettings: NetworkSettings,
): Destination[] {
  const mirrored = mirrorDestinations(question, networkSettings);
  const all = mirrored.length > 0 ? mirrored : [{ url: question.url, mirror: null }];
  const rewrites = parseRewrites(networkSettings.rewrites ?? "");
  return all.map(({ url, mirror }) => ({ url: publicUrl(rewriteUrl(url, rewrites)), mirror }));
}

/** The value of Authorization, where a mirror with a name and a password has the same origin. */
export function mirrorAuthorization(url: string, networkSettings: NetworkSettings): string | null {
  const { pipIndex, npmRegistry, aptMirror, gemMirror, rubyMirror } = networkSettings;
  const rewritten = parseRewrites(networkSettings.rewrites ?? "").map(({ to }) => to);
  const mirrors = [pipIndex, npmRegistry, aptMirror, gemMirror, rubyMirror, ...rewritten];
  const { origin } = new URL(url);
  for (const mirror of mirrors) {
    const credentials = takeCredentials(mirror ?? "");
    if (credentials !== undefined && new URL(credentials.url).origin === origin) {
      return basicAuthorization(credentials);
    }
  }
  return null;
}

/** @throws NuaError (usage) for whole lines, which cannot stand in for a public address */
export function checkMirrors({ aptMirror }: NetworkSettings): void {
  if (aptMirror === undefined || URL.canParse(aptMirror.trim())) return;
  throw new NuaError("usage", `Record: the mirror of apt is no address: "${aptMirror.trim()}"`, {
    hint: "name the address of a mirror of the distribution with NUA_APT_MIRROR",
  });
}

/** A redirection, as the client has to be told of it: what it asks for next is public again. */
export function publicLocation(location: string, { url, mirror }: Destination): string {
  if (!URL.canParse(location, url)) return location;
  const target = publicUrl(new URL(location, url).href);
  if (mirror === null) return location;
  return target.startsWith(mirror.to) ? mirror.from + target.slice(mirror.to.length) : target;
}

// --- internal ---

const PUBLIC_INDEX = "https://pypi.org/simple/";

/** Debian's and Ubuntu's archives, wherever they are. */
const APT_ARCHIVE = /^https?:\/\/[^/]+\/(?:debian|ubuntu|ubuntu-ports)\//;

function mirrorDestinations(
  { url, client }: Pick<Question, "url" | "client">,
  networkSettings: NetworkSettings,
): Destination[] {
  checkMirrors(networkSettings);
  const { pipIndex, npmRegistry, gemMirror, rubyMirror, aptMirror } = networkSettings;
  const archive = client === "apt" ? APT_ARCHIVE.exec(url)?.[0] : undefined;
  const table: readonly (readonly [from: string | undefined, to: string | undefined])[] = [
    [archive, aptMirror],
    [PUBLIC_INDEX, pipIndex],
    [PUBLIC_REGISTRY, npmRegistry],
    ["https://registry.yarnpkg.com/", npmRegistry],
    ["https://rubygems.org/", gemMirror],
    ["https://index.rubygems.org/", gemMirror],
    [PUBLIC_MIRROR, rubyMirror],
  ];
  for (const [from, to] of table) {
    if (from === undefined || to === undefined || !url.startsWith(from)) continue;
    const mirror = { from, to: publicUrl(withSlash(to.trim())) };
    return [{ url: mirror.to + url.slice(from.length), mirror }];
  }
  if (url === OLD_OPENSSL.url && rubyMirror !== undefined) {
    return [{ url: withSlash(publicUrl(rubyMirror)) + OLD_OPENSSL.path, mirror: null }];
  }
  return pipIndex === undefined ? [] : linkDestinations(url, publicUrl(withSlash(pipIndex)));
}

/**
 * What a page of the index links to without naming a host: below its own address, as some
 * mirrors have it, or below their host's; else it is of the public index after all.
 */
function linkDestinations(url: string, index: string): Destination[] {
  const { origin } = new URL(PUBLIC_INDEX);
  if (!url.startsWith(`${origin}/`)) return [];
  const path = url.slice(origin.length + 1);
  const urls = [new URL(`../${path}`, index).href, new URL(`/${path}`, index).href, url];
  return [...new Set(urls)].map((one) => ({ url: one, mirror: null }));
}
