/** Builds what bundles hold without a network, to see that nothing is missing. */
import type { LoadedConfig } from "../../config/load-config.ts";
import { findSubApps, loadSubApp } from "../../config/sub-app.ts";
import { appInHand } from "../../context/app-in-hand.ts";
import { runTag } from "../../runs/own-names.ts";
import type { Session } from "../../session/session.ts";
import { buildImageStep } from "../../steps/build-image.ts";
import { checkImageStep } from "../../steps/check-image.ts";
import { ensureBasesStep } from "../../steps/ensure-bases.ts";
import { loadConfigStep } from "../../steps/load-config.ts";
import { planBuildStep } from "../../steps/plan-build.ts";
import { sourceStep } from "../../steps/source.ts";
import { stageContextStep } from "../../steps/stage-context.ts";
import { createStepRunner } from "../../steps/step.ts";
import { openReplay } from "./open-replay.ts";

/**
 * The engine holds afterwards what it held before.
 * @throws MissingInputsError, and whatever a build throws
 */
export async function proveSealed(files: readonly string[], session: Session): Promise<void> {
  await using sealed = await openReplay(files, session, { isProof: true });
  for (const { path } of sealed.apps) {
    const run = createStepRunner(sealed.session);
    const loaded = await run(loadConfigStep, { path, strict: false });
    const subApps = findSubApps(loaded.config).map((subApp) => loadSubApp(loaded, subApp));
    for (const one of [...subApps, loaded]) await proveOne(one, sealed.session);
  }
}

// --- internal ---

async function proveOne(loaded: LoadedConfig, session: Session): Promise<void> {
  const run = createStepRunner(session);
  await using source = await run(sourceStep, loaded);
  const plan = await run(planBuildStep, { loaded, source });
  session.report.step(`Build ${plan.tag} once more, without a network`);
  await run(ensureBasesStep, { plan, pull: false, reproducible: false });
  await using context = await run(stageContextStep, { loaded, plan, source });
  // The app's own tag stays with the image that has it.
  const tag = runTag("nua-proof");
  const engine = await session.engine();
  try {
    const image = await run(buildImageStep, { loaded, plan, context, loadAs: tag, noCache: true });
    await run(checkImageStep, { plan, image });
  } catch (error) {
    throw await session.input.explain(error, appInHand({ loaded, plan }), session);
  } finally {
    await engine.removeImage(tag);
  }
}
