/** Network settings inside the container: read from the build secret, passed on as environment. */
import { existsSync, readFileSync } from "node:fs";
import { NuaError } from "../lib/errors.ts";
import {
  NETWORK_SETTINGS_ARG,
  NETWORK_SETTINGS_FILE,
  NETWORK_SETTINGS_PREFIX,
  type NetworkSettings,
  parseNetworkSettings,
} from "../protocol/network-settings.ts";
import { ROUTE_VARIABLES } from "./route-variables.ts";

type Environment = Record<string, string | undefined>;

/** Of the agent and its runtime: nothing that an app's build should see. */
const PRIVATE_VARIABLES = ["BUN_BE_BUN", "NUA_CONTEXT"];

/**
 * Reads the network settings and gives back the environment, in which no program takes them for a
 * proxy. A value that is not nua-build's own (a real proxy) stays.
 * @param file the builder's secret, where there is one
 * @throws NuaError (bug) when what is there cannot be read
 */
export function takeNetworkSettings(
  env: Environment,
  file: string = NETWORK_SETTINGS_FILE,
): { networkSettings: NetworkSettings; env: Environment } {
  const rest = Object.fromEntries(
    Object.entries(env).filter(([name]) => !PRIVATE_VARIABLES.includes(name)),
  );
  const route = env[ROUTE_VARIABLES.proxy];
  // A command of a build calls the agent: what it reads goes the same way.
  if (route) return { networkSettings: routeNetworkSettings(route, env), env: rest };
  // Others than root may not read it: for them there is none.
  const secret = existsSync(file) && process.getuid?.() === 0 ? readFileSync(file, "utf8") : null;
  if (secret !== null) return { networkSettings: readJson(secret, file), env: rest };
  // BuildKit gives a proxy in both spellings.
  for (const name of [NETWORK_SETTINGS_ARG, NETWORK_SETTINGS_ARG.toLowerCase()]) {
    if (!rest[name]?.startsWith(NETWORK_SETTINGS_PREFIX)) continue;
    // For an agent that a command of the build calls.
    rest[ROUTE_VARIABLES.networkSettings] = rest[name];
    delete rest[name];
  }
  const value = rest[ROUTE_VARIABLES.networkSettings];
  if (!value) return { networkSettings: {}, env: rest };
  const json = Buffer.from(value.slice(NETWORK_SETTINGS_PREFIX.length), "base64").toString("utf8");
  const place = `build argument "${NETWORK_SETTINGS_ARG}"`;
  return { networkSettings: readJson(json, place), env: rest };
}

// --- internal ---

function routeNetworkSettings(proxy: string, env: Environment): NetworkSettings {
  const certificates = env[ROUTE_VARIABLES.certificates];
  return given({
    ...{ httpProxy: proxy, httpsProxy: proxy, noProxy: env.no_proxy },
    ca: certificates === undefined ? undefined : readFileSync(certificates, "utf8"),
  });
}

function readJson(json: string, place: string): NetworkSettings {
  try {
    return parseNetworkSettings(json);
  } catch (cause) {
    // The value itself may hold a password.
    throw new NuaError("bug", `Read ${place}: not what nua-build sends`, { cause });
  }
}

function given(values: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}
