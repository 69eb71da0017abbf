/** Routes by a proxy of the agent's own: few builds need one, and a server takes long to load. */

import { formatMissing } from "../../protocol/exchanges.ts";
import { readSystemBundle } from "../certificates.ts";
import { lead, REPLAY_ENV, type Route, type RouteOptions } from "./lead.ts";
import { checkMirrors } from "./mirrors.ts";
import { startProxy } from "./proxy.ts";
import { createRecorder } from "./record.ts";
import { createReplay } from "./replay.ts";

/** What commands ask for is answered from inputs. @throws NuaError (input) for those that cannot be read */
export async function replay(
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

/** What commands ask for, and what they get, is written down. @throws NuaError (usage) for mirrors that cannot be recorded */
export async function record(
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
