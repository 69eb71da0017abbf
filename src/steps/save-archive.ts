import type { BegunArchive } from "../images/archive/begin-archive.ts";
import type { SavedArchive } from "../images/archive/write-archive.ts";
import type { ArchiveOptions } from "../images/transfer/archive-options.ts";
import { saveImage } from "../images/transfer/save-image.ts";
import { archiveName, resolveTarget } from "../images/transfer/target.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { Session } from "../session/session.ts";
import type { BuiltImage } from "./build-image.ts";
import { CONFIG_IN_IMAGE } from "./check-image.ts";
import type { Step } from "./step.ts";

/** Writes the image's archive, unless the one that is there holds this very image. */
export const saveArchiveStep: Step<
  {
    plan: BuildPlan;
    image: BuiltImage;
    isSubApp: boolean;
    begun?: BegunArchive | undefined;
    approval?: Promise<void> | null;
    options: ArchiveOptions;
  },
  SavedArchive
> = {
  name: "save-archive",
  async run({ plan, image, isSubApp, begun, approval = null, options }, session) {
    const { tag } = image;
    const target = await resolveTarget(
      session.settings.output,
      archiveName(tag, options),
      isSubApp,
    );
    const first = await findLeader(plan, image, session);
    return saveImage({ image, tag, target, first, begun, approval, options }, session);
  },
};

// --- internal ---

/**
 * The orchestrator takes the first nua-config that it meets in the file. Where an image of Nua's
 * is wrapped there are two, and the one that counts is in the topmost layer.
 */
async function findLeader(
  plan: BuildPlan,
  image: BuiltImage,
  session: Session,
): Promise<string | undefined> {
  if (plan.method !== "wrap") return undefined;
  const engine = await session.engine();
  const below = await engine.readFile(plan.images.base, CONFIG_IN_IMAGE);
  return below === undefined ? undefined : image.diffIds.at(-1);
}
