/** The setting `offline`. */
import { NuaError } from "../lib/errors.ts";
import type { Settings } from "./settings.ts";

/** Whether nothing may be fetched. @throws NuaError (config) when the setting is neither */
export function isOffline({ offline }: Pick<Settings, "offline">): boolean {
  const value = offline.toLowerCase();
  if (["", "0", "false", "no"].includes(value)) return false;
  if (["1", "true", "yes"].includes(value)) return true;
  throw new NuaError("config", `Read setting NUA_OFFLINE: "${offline}"`, {
    hint: "write true or false",
  });
}
