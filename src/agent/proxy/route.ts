/** Opens the proxy that a build's commands use, if they need one. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { parseRewrites } from "../../lib/rewrites.ts";
import { publicUrl } from "../../lib/secrets.ts";
import {
  EXCHANGES_FILE,
  formatMissing,
  INPUTS_FOLDER,
  type MissingExchange,
  missingSchema,
  RECORD_FOLDER,
  RECORD_VARIABLE,
} from "../../protocol/exchanges.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";
import { readSystemBundle } from "../certificates.ts";
import { ROUTE_VARIABLES } from "../route-variables.ts";
import { checkMirrors } from "./mirrors.ts";
import { CONTROL, type RunningProxy, startProxy } from "./proxy.ts";
import { createRecorder } from "./record.ts";
import { createReplay } from "./replay.ts";

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
 * The way that the build has been given: a proxy elsewhere, one of its own that answers from
 * inputs or records what it passes on, or the network itself.
 * @throws NuaError (usage) when something of the network settings cannot be recorded, (input) when
 *   there are inputs that cannot be read
 */
export async function openRoute(options: RouteOptions): Promise<Route> {
  const {
    networkSettings,
    env,
    places = { record: RECORD_FOLDER, inputs: INPUTS_FOLDER },
  } = options;
  if (networkSettings.inputs !== undefined)
    return leadElsewhere(networkSettings.inputs, networkSettings);
  if (existsSync(join(places.inputs, EXCHANGES_FILE))) return replay(places.inputs, options);
  if (env[RECORD_VARIABLE] === "1") return record(places.record, options);
  return { ...DIRECT, networkSettings };
}

// --- internal ---

/**
 * What was signed when it was recorded does not get worse with time, nor with a clock that is
 * behind: Release files that are not valid yet.
 */
const REPLAY_ENV = {
  [ROUTE_VARIABLES.ignoresDates]: "1",
};

const DIRECT = {
  env: {},
  setRequester: async () => {},
  missing: async () => [],
  close: async () => {},
};

async function replay(
  folder: string,
  { networkSettings, writeLine }: RouteOptions,
): Promise<Route> {
  const answerer = createReplay(folder, (missing) => writeLine(formatMissing(missing)));
  const proxy = await startProxy(answerer);
  return {
    ...lead(proxy, networkSettings, REPLAY_ENV),
    missing: async () => answerer.missing?.() ?? [],
    close: async () => proxy.close(),
  };
}

async function record(
  folder: string,
  { networkSettings, writeLine }: RouteOptions,
): Promise<Route> {
  checkMirrors(networkSettings);
  const network = { networkSettings, trusted: readSystemBundle() };
  const recorder = createRecorder(folder, network, writeLine);
  const proxy = await startProxy(recorder);
  return {
    ...lead(proxy, networkSettings, {}),
    missing: async () => [],
    async close(layer) {
      await recorder.finish(layer);
      proxy.close();
    },
  };
}

/** What an app serves to itself needs no network. */
const OWN_HOSTS = "localhost,127.0.0.1,::1";

function lead(
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

/** The proxy is in another container, which shares this one's network. */
function leadElsewhere(address: string, networkSettings: NetworkSettings): Route {
  const ask = (url: string, init: RequestInit = {}) => fetch(url, { ...init, proxy: address });
  const setRequester = async (what: string) => {
    // It only says for whom: no build fails for that.
    await ask(CONTROL.wantedBy, { method: "PUT", body: what }).catch(() => {});
  };
  const proxy = { address, certificate: "", setRequester: () => {}, close: () => {} };
  return {
    ...lead(proxy, networkSettings, REPLAY_ENV),
    setRequester,
    async missing() {
      // Where it has gone, the command's own failure says what is wrong.
      const answer = await ask(CONTROL.missing).catch(() => undefined);
      const parsed = v.safeParse(v.array(missingSchema), await answer?.json());
      return parsed.success ? parsed.output : [];
    },
    close: async () => {},
  };
}

/** Those that lead other protocols, which no proxy sees, to one that it sees. */
function otherRewrites({ rewrites = "" }: NetworkSettings): Pick<NetworkSettings, "rewrites"> {
  const others = parseRewrites(rewrites).filter(({ from }) => !/^https?:/i.test(from));
  if (others.length === 0) return {};
  return { rewrites: others.map(({ from, to }) => `${from}=${publicUrl(to)}`).join(" ") };
}
