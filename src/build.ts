/** The pipeline. */
import type { SavedArchive } from "./archive/write-archive.ts";
import type { BuildOptions } from "./options.ts";
import type { BuildPlan } from "./plan/build-plan.ts";
import { type BuiltImage, buildImageStep } from "./steps/build-image.ts";
import { checkImageStep } from "./steps/check-image.ts";
import { ensureBasesStep } from "./steps/ensure-bases.ts";
import { loadConfigStep } from "./steps/load-config.ts";
import { planBuildStep } from "./steps/plan-build.ts";
import { saveArchiveStep } from "./steps/save-archive.ts";
import { stageContextStep } from "./steps/stage-context.ts";
import { createStepRunner } from "./steps/step.ts";
import type { World } from "./world.ts";

export interface BuildResult {
  plan: BuildPlan;
  image: BuiltImage;
  /** Null when no archive was asked for. */
  archive: SavedArchive | null;
  /** Seconds by the name of the step. */
  seconds: Record<string, number>;
}

/**
 * From an app's folder to an image, and to its archive.
 * @throws NuaError with the code of what went wrong
 */
export async function build(options: BuildOptions, world: World): Promise<BuildResult> {
  const run = createStepRunner(world);
  const loaded = await run(loadConfigStep, options);
  const plan = await run(planBuildStep, loaded);
  await run(ensureBasesStep, plan);
  await using context = await run(stageContextStep, { loaded, plan });
  const image = await run(buildImageStep, { loaded, plan, context });
  await run(checkImageStep, { plan, image });
  const archive = options.save ? await run(saveArchiveStep, { plan, image }) : null;
  return { plan, image, archive, seconds: run.seconds };
}
