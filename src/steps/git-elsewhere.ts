/** Runs git in a container, where this machine has none that will do. */
import { baseTag } from "../bases/base-images.ts";
import type { Session } from "../session/session.ts";
import type { RunElsewhere } from "../source/git/script-run.ts";

export function gitElsewhere(session: Session): RunElsewhere {
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

// --- internal ---

/** The base image that every other one is built upon. */
const TOOLS = "nua-python";
