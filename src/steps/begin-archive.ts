import { isAssembled } from "../dockerfile/dockerfile.ts";
import { type ArchiveBase, BegunArchive } from "../images/archive/begin-archive.ts";
import { type ArchiveOptions, isPlain } from "../images/transfer/archive-options.ts";
import {
  archiveName,
  ensureReplaceable,
  resolveTarget,
  STANDARD_OUTPUT,
} from "../images/transfer/target.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { Session } from "../session/session.ts";
import type { Step } from "./step.ts";

/** Begins an app's archive with the layers of its base, while the image is being built. */
export const beginArchiveStep: Step<
  { plan: BuildPlan; isSubApp: boolean; options: ArchiveOptions },
  BegunArchive | undefined
> = {
  name: "begin-archive",
  async run({ plan, isSubApp, options }, session) {
    const { output } = session.settings;
    const target = await resolveTarget(output, archiveName(plan.tag, options), isSubApp);
    // Before the work, and not only at its end.
    if (target !== STANDARD_OUTPUT) await ensureReplaceable(target, plan.tag, options);
    // Of a wrapped image, another layer may have to come first.
    const isUsual = isPlain(options) && !options.thin && plan.method !== "wrap";
    if (!isUsual || target === STANDARD_OUTPUT) return undefined;
    return new BegunArchive(target, plan.tag, findBase(plan, session));
  },
};

// --- internal ---

/** Nothing of it is an error: what cannot be begun is written at its time. */
async function findBase(plan: BuildPlan, session: Session): Promise<ArchiveBase> {
  const engine = await session.engine();
  const [base, { builder }] = await Promise.all([
    engine.findImage(plan.images.base),
    engine.builder(),
  ]);
  if (base === undefined) return { diffIds: [] };
  // Otherwise the engine hands out the whole image when it is there.
  const save = isAssembled(plan, { builder, base }) ? () => engine.save(base.id) : undefined;
  return { diffIds: base.diffIds, save };
}
