/** Opens the proxy that a build's commands use, if they need one. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import {
  EXCHANGES_FILE,
  INPUTS_FOLDER,
  missingSchema,
  RECORD_FOLDER,
  RECORD_VARIABLE,
} from "../../protocol/exchanges.ts";
import type { NetworkSettings } from "../../protocol/network-settings.ts";
import { CONTROL } from "./control.ts";
import { lead, REPLAY_ENV, type Route, type RouteOptions } from "./lead.ts";

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
  if (existsSync(join(places.inputs, EXCHANGES_FILE))) {
    const { replay } = await import("./own-proxy.ts");
    return replay(places.inputs, options);
  }
  if (env[RECORD_VARIABLE] === "1") {
    const { record } = await import("./own-proxy.ts");
    return record(places.record, options);
  }
  return { ...DIRECT, networkSettings };
}

// --- internal ---

const DIRECT = {
  env: {},
  setRequester: async () => {},
  missing: async () => [],
  close: async () => {},
};

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
