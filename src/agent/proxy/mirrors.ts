/** Pure: redirects requests for public registries to mirrors. */

import { parseRewrites, rewriteUrl } from "../../lib/rewrites.ts";
import { publicUrl, takeCredentials } from "../../lib/secrets.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";
import type { Destination } from "../../registries/mirror.ts";
import { REGISTRIES, REGISTRY_SETTINGS } from "../../registries/registries.ts";
import { basicAuthorization, type ProxyRequest } from "./request.ts";

/**
 * One after the other is asked, until one does not say that there is nothing.
 * @throws NuaError (usage) when the mirror of apt is no address
 */
export function destinationsOf(
  request: Pick<ProxyRequest, "url" | "client">,
  networkSettings: NetworkSettings,
): Destination[] {
  checkMirrors(networkSettings);
  const mirrored = REGISTRIES.flatMap(
    (registry) => registry.destinations?.(request, networkSettings) ?? [],
  );
  const all = mirrored.length > 0 ? mirrored : [{ url: request.url, mirror: null }];
  const rewrites = parseRewrites(networkSettings.rewrites ?? "");
  return all.map(({ url, mirror }) => ({ url: publicUrl(rewriteUrl(url, rewrites)), mirror }));
}

/** The value of Authorization, where a mirror with a name and a password has the same origin. */
export function mirrorAuthorization(url: string, networkSettings: NetworkSettings): string | null {
  const rewritten = parseRewrites(networkSettings.rewrites ?? "").map(({ to }) => to);
  const set = REGISTRY_SETTINGS.map(({ name }) => networkSettings[name]);
  const mirrors = [...set, ...rewritten];
  const { origin } = new URL(url);
  for (const mirror of mirrors) {
    const credentials = takeCredentials(mirror ?? "");
    if (credentials !== undefined && new URL(credentials.url).origin === origin) {
      return basicAuthorization(credentials);
    }
  }
  return null;
}

/** @throws NuaError (usage) for one that cannot stand in for public addresses */
export function checkMirrors(networkSettings: NetworkSettings): void {
  for (const registry of REGISTRIES) registry.checkMirror?.(networkSettings);
}

/** A redirection, as the client has to be told of it: what it asks for next is public again. */
export function publicLocation(location: string, { url, mirror }: Destination): string {
  if (!URL.canParse(location, url)) return location;
  const target = publicUrl(new URL(location, url).href);
  if (mirror === null) return location;
  return target.startsWith(mirror.to) ? mirror.from + target.slice(mirror.to.length) : target;
}
