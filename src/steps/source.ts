/** Opens the app's source, before anything is planned. */
import { baseTag } from "../bases/base-images.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { appSource } from "../context/app-source.ts";
import { ensureNamedFiles } from "../context/named-places.ts";
import type { Session } from "../session/session.ts";
import type { RunElsewhere } from "../source/git/script-run.ts";
import { openSource } from "../source/open-source.ts";
import type { Source } from "../source/source.ts";
import type { Step } from "./step.ts";

/**
 * Has the app's source at hand before anything is decided, wherever it comes from.
 * @throws ConfigError for files that the configuration names and that are not there
 */
export const sourceStep: Step<LoadedConfig, Source> = {
  name: "source",
  async run(loaded, session) {
    ensureNamedFiles(loaded);
    return openSource(appSource(loaded), inContainer(session), session);
  },
};

// --- internal ---

function inContainer(session: Session): RunElsewhere {
  return async (request) => {
    const [{ ensureBases }, { packInContainer }] = await Promise.all([
      import("./ensure-bases.ts"),
      import("../bases/git-container.ts"),
    ]);
    await ensureBases([{ name: TOOLS, linux: null }], session, { reproducible: false });
    const image = (await session.engine()).nameOf(baseTag(TOOLS));
    return packInContainer(request, image, session);
  };
}

/** The base image that every other one is built upon. */
const TOOLS = "nua-python";
