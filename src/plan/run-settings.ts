/** Pure: the environment and the port that an app's image declares. */
import type { AppConfig } from "../config/schema.ts";
import type { AppStart } from "./app-start.ts";
import type { PlannedPart } from "./parts.ts";

export interface RunSettings {
  /** Of containers, unless they are told otherwise: sorted by name. */
  env: Record<string, string>;
  /** The port that the app listens on; null where it is not known. */
  port: number | null;
}

/** What is configured comes with the container itself. */
export function planRunSettings(
  config: AppConfig,
  { parts, start }: { parts: readonly PlannedPart[]; start: AppStart },
): RunSettings {
  const given = config.env ?? {};
  const port = choosePort(config, start);
  // Whoever says how the app is run says with what.
  const running = start.detected === null || start.site !== null ? [] : started(parts, start);
  const all = {
    ...Object.assign({}, ...running.map(({ plan }) => plan.env ?? {})),
    ...(port === null ? {} : { PORT: String(port) }),
  };
  const own = Object.entries<string>(all).filter(([name]) => !(name in given));
  return { env: Object.fromEntries(own.sort(([a], [b]) => (a < b ? -1 : 1))), port };
}

/** The configuration as the image has it: with the app's port, where it names none. */
export function withPort(config: AppConfig, { port }: RunSettings): AppConfig {
  if (port === null || Object.keys(config.port ?? {}).length > 0) return config;
  const web = { container: port, host: null, proxy: null, protocol: "tcp", ssl: true, web: true };
  return { ...config, port: { web } };
}

// --- internal ---

/** What only builds beside it, in a folder of its own, is not there. */
function started(parts: readonly PlannedPart[], { detected }: AppStart): PlannedPart[] {
  return parts.filter(({ dir, plan }) => dir === "" || plan.start === detected);
}

/** Null where the app does not read PORT, as far as that is known. */
function choosePort({ run, port, env }: AppConfig, start: AppStart): number | null {
  const named = run?.port ?? null;
  if (named !== null) return named;
  if (start.port === null) return null;
  const web = port?.web?.container;
  if (typeof web === "number") return web;
  const given = Number(env?.PORT);
  if (isPort(given)) return given;
  // An app's file may say any number, and an image can declare no other.
  return isPort(start.port) ? start.port : null;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65536;
}
