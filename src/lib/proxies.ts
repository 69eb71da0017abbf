/** Pure: proxies as variables, and which of them an address is reached through. */

/** Addresses of proxies, and what is reached without one: hosts, or `*`. */
export interface Proxies {
  httpProxy?: string | undefined;
  httpsProxy?: string | undefined;
  noProxy?: string | undefined;
}

/** For programs, in both spellings: curl reads the small one only, others the large one. */
export function proxyVariables({
  httpProxy,
  httpsProxy,
  noProxy,
}: Proxies): Record<string, string> {
  const small = { http_proxy: httpProxy, https_proxy: httpsProxy, no_proxy: noProxy };
  const given = Object.entries(small).flatMap(([name, value]) =>
    value ? [[name, value] as const, [name.toUpperCase(), value] as const] : [],
  );
  return Object.fromEntries(given);
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
