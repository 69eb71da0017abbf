/** Leads a build's commands to a proxy. */
import { parseRewrites } from "../../lib/rewrites.ts";
import { publicUrl } from "../../lib/secrets.ts";
import type { MissingExchange } from "../../protocol/exchanges.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";
import { ROUTE_VARIABLES } from "../route-variables.ts";
import type { RunningProxy } from "./proxy.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Route {
  /** As the commands see them. */
  networkSettings: NetworkSettings;
  /** For the commands, beside what the network settings lead to. */
  env: Record<string, string>;
  /** Told before each command, for whom it is run. */
  setRequester(what: string): Promise<void>;
  /** What could not be answered until now. */
  missing(): Promise<MissingExchange[]>;
  /** @param layer for the name of the list of what was read */
  close(layer: string): Promise<void>;
}

export interface RouteOptions {
  networkSettings: NetworkSettings;
  env: Environment;
  /** Takes whole lines. */
  writeLine: (line: string) => void;
  /** For tests. */
  places?: { record: string; inputs: string };
}

/**
 * What was signed when it was recorded does not get worse with time, nor with a clock that is
 * behind: Release files that are not valid yet.
 */
export const REPLAY_ENV = {
  [ROUTE_VARIABLES.ignoresDates]: "1",
};

export function lead(
  { address, certificate, setRequester }: RunningProxy,
  networkSettings: NetworkSettings,
  env: Record<string, string>,
): Pick<Route, "networkSettings" | "env" | "setRequester"> {
  return {
    networkSettings: {
      ...{ httpProxy: address, httpsProxy: address, noProxy: OWN_HOSTS },
      ca: [networkSettings.ca, certificate].filter((pem) => pem).join("\n"),
      ...otherRewrites(networkSettings),
    },
    // Node reads the variables of proxies only then.
    env: {
      ...env,
      [ROUTE_VARIABLES.proxy]: address,
      [ROUTE_VARIABLES.networkSettings]: "",
      NODE_USE_ENV_PROXY: "1",
    },
    setRequester: async (what) => setRequester(what),
  };
}

// --- internal ---

/** What an app serves to itself needs no network. */
const OWN_HOSTS = "localhost,127.0.0.1,::1";

/** Those that lead other protocols, which no proxy sees, to one that it sees. */
function otherRewrites({ rewrites = "" }: NetworkSettings): Pick<NetworkSettings, "rewrites"> {
  const others = parseRewrites(rewrites).filter(({ from }) => !/^https?:/i.test(from));
  if (others.length === 0) return {};
  return { rewrites: others.map(({ from, to }) => `${from}=${publicUrl(to)}`).join(" ") };
}
