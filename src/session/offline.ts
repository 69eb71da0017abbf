/** `--offline`: what is not here cannot be had. */
import { NuaError } from "../lib/errors.ts";
import type { Session } from "./session.ts";

/** Whether nothing may be fetched. @throws NuaError (config) when the setting is neither */
export function isOffline({ settings }: Pick<Session, "settings">): boolean {
  const value = settings.offline.toLowerCase();
  if (["", "0", "false", "no"].includes(value)) return false;
  if (["1", "true", "yes"].includes(value)) return true;
  throw new NuaError("config", `Read setting NUA_OFFLINE: "${settings.offline}"`, {
    hint: "write true or false",
  });
}

/**
 * @param attempt what would be fetched, such as `Pull image "debian:12"`
 * @param hint how it may be had without network
 * @throws NuaError (input) with --offline
 */
export function refuseOffline(
  session: Pick<Session, "settings">,
  attempt: string,
  hint: string,
): void {
  if (isOffline(session)) throw new NuaError("input", `${attempt}: --offline forbids it`, { hint });
}
