/** Downloads files for installers, with retries and the build's certificates. */
import { setTimeout as sleep } from "node:timers/promises";
import { NuaError } from "../lib/errors.ts";
import { proxyFor } from "../lib/proxies.ts";
import { publicUrl } from "../lib/secrets.ts";
import type { NetworkSettings } from "../protocol/network-settings.ts";

/** Seconds to wait before each further attempt. */
const PAUSES = [1, 3, 9];

/** What the agent's own requests go through. */
let proxies: NetworkSettings = {};

/** For all requests from now on. */
export function fetchThrough(networkSettings: NetworkSettings): void {
  proxies = networkSettings;
}

/** Seconds that one request may take. */
const REQUEST_TIMEOUT = 300;

/**
 * The body of an answer; null when the server says that there is nothing.
 * @param ca certificates in PEM that are trusted beside the usual ones
 * @param setting the setting that names another server, for the message
 * @throws NuaError (transient) when the server does not answer, at the fourth attempt
 */
export async function fetchBytes(
  url: string,
  { ca, setting }: { ca: string | undefined; setting: string },
): Promise<Buffer | null> {
  let problem = "";
  for (const pause of [0, ...PAUSES]) {
    await sleep(pause * 1000);
    try {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(REQUEST_TIMEOUT * 1000),
        ...proxyFor(url, proxies),
        ...(ca === undefined ? {} : { tls: { ca: [...(await usualCertificates()), ca] } }),
      });
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      if ([403, 404, 410].includes(response.status)) return null;
      problem = `status ${response.status}`;
    } catch (cause) {
      problem = cause instanceof Error ? cause.message : String(cause);
    }
  }
  throw new NuaError("transient", `Fetch "${publicUrl(url)}": ${problem}`, {
    hint: `check the network and the proxy, or name a mirror with ${setting}`,
  });
}

// --- internal ---

/** They take longer to load than the rest of the agent. */
async function usualCertificates(): Promise<readonly string[]> {
  return (await import("node:tls")).rootCertificates;
}
