/** Pure: which proxy an address is reached by. */
import type { Surroundings } from "../protocol/agent-input.ts";

/**
 * @param url http or https
 * @returns for the runtime's `fetch`; without one it takes those of its own environment
 */
export function proxyFor(
  url: string,
  { httpProxy, httpsProxy, noProxy = "" }: Surroundings,
): { proxy?: string } {
  const { protocol, hostname } = new URL(url);
  const proxy = protocol === "https:" ? httpsProxy : httpProxy;
  const direct = noProxy.split(/[\s,]+/).filter((host) => host !== "");
  const isDirect = direct.some(
    (host) => host === "*" || `.${hostname}`.endsWith(`.${host.replace(/^\./, "")}`),
  );
  return proxy === undefined || isDirect ? {} : { proxy };
}
