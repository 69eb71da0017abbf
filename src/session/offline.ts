/** The setting `offline`. */
import { isSet, type Settings } from "./settings.ts";

/** Whether nothing may be fetched. @throws NuaError (config) when the setting is neither */
export function isOffline(settings: Pick<Settings, "offline">): boolean {
  return isSet(settings, "offline");
}
