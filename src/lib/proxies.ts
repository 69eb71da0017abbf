/** Pure: which proxy an address is reached through (`https_proxy`, `no_proxy`). */

/** Addresses of proxies, and what is reached without one: hosts, or `*`. */
export interface Proxies {
  httpProxy?: string | undefined;
  httpsProxy?: string | undefined;
  noProxy?: string | undefined;
}

/**
 * @param url http or https
 * @returns for the runtime's `fetch`; without one it takes those of its own environment
 */
export function proxyFor(
  url: string,
  { httpProxy, httpsProxy, noProxy = "" }: Proxies,
): { proxy?: string } {
  const { protocol, hostname } = new URL(url);
  const proxy = protocol === "https:" ? httpsProxy : httpProxy;
  const direct = noProxy.split(/[\s,]+/).filter((host) => host !== "");
  const isDirect = direct.some(
    (host) => host === "*" || `.${hostname}`.endsWith(`.${host.replace(/^\./, "")}`),
  );
  return proxy === undefined || isDirect ? {} : { proxy };
}
