/** Opens the app's source, before anything is planned. */
import type { LoadedConfig } from "../config/loaded-config.ts";
import { appSource } from "../context/app-source.ts";
import { ensureNamedFiles } from "../context/named-places.ts";
import { openSource } from "../source/open-source.ts";
import type { Source } from "../source/source.ts";
import { gitElsewhere } from "./git-elsewhere.ts";
import type { Step } from "./step.ts";

/**
 * Has the app's source at hand before anything is decided, wherever it comes from.
 * @throws ConfigError for files that the configuration names and that are not there
 */
export const sourceStep: Step<LoadedConfig, Source> = {
  name: "source",
  async run(loaded, session) {
    ensureNamedFiles(loaded);
    return openSource(appSource(loaded), gitElsewhere(session), session);
  },
};
