/**
 * Network settings of a build (mirrors, proxies, certificates), and how the container gets them.
 */
import * as v from "valibot";

/**
 * For the build only, never stored in the image, its history or the plan. They travel as the value
 * of a build argument that builders keep out of the history, see NETWORK_SETTINGS_ARG; where there
 * is a password among them, as a secret, see NETWORK_SETTINGS_SECRET.
 */
export interface NetworkSettings {
  httpProxy?: string;
  httpsProxy?: string;
  /** Hosts that are reached without them, separated by commas. */
  noProxy?: string;
  /** Beginnings of addresses, and what stands in for each: `FROM=TO`, separated by white space. */
  rewrites?: string;
  /** Certificates in PEM that the build trusts beside the image's own. */
  ca?: string;
  /** A proxy that has all that a build from a bundle reads; `ca` holds its certificate. */
  inputs?: string;
  /** Each setting of a registry that is set, by its name. */
  [setting: string]: string;
}

const schema = v.record(v.pipe(v.string(), v.regex(/^[a-z]\w{0,63}$/i)), v.string());

/** @throws Error for what is not the JSON of {@link NetworkSettings} */
export function parseNetworkSettings(json: string): NetworkSettings {
  return v.parse(schema, JSON.parse(json));
}

/** The id of the builder's secret that holds the JSON of {@link NetworkSettings}, and its file. */
export const NETWORK_SETTINGS_SECRET = "nua-network-settings";
export const NETWORK_SETTINGS_FILE = "/run/nua/network-settings";

/**
 * The proxy variables are the only build arguments that neither builder records in an image's
 * history nor counts in its cache, and FTP_PROXY is the one that nothing here uses. Its value is
 * NETWORK_SETTINGS_PREFIX and the JSON of {@link NetworkSettings} in base64. The agent takes it out
 * of the environment before it starts anything. Source: Docker, "Predefined ARGs".
 */
export const NETWORK_SETTINGS_ARG = "FTP_PROXY";
export const NETWORK_SETTINGS_PREFIX = "nua:";
