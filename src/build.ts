/** The pipeline. */
import pLimit from "p-limit";
import type { SavedArchive } from "./archive/write-archive.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { findSubApps, loadSubApp } from "./config/sub-app.ts";
import type { BuildOptions } from "./options.ts";
import type { BuildPlan } from "./plan/build-plan.ts";
import { labelled } from "./reporter.ts";
import { beginArchiveStep } from "./steps/begin-archive.ts";
import { type BuiltImage, buildImageStep } from "./steps/build-image.ts";
import { checkImageStep } from "./steps/check-image.ts";
import { ensureBasesStep } from "./steps/ensure-bases.ts";
import { loadConfigStep } from "./steps/load-config.ts";
import { normalizeImageStep } from "./steps/normalize-image.ts";
import { planBuildStep } from "./steps/plan-build.ts";
import {
  type EarlierBuild,
  rememberInputsStep,
  reuseImageStep,
  unchangedLayers,
} from "./steps/reuse-image.ts";
import { saveArchiveStep } from "./steps/save-archive.ts";
import { scanImageStep } from "./steps/scan-image.ts";
import { type StagedContext, stageContextStep } from "./steps/stage-context.ts";
import { createStepRunner, type StepRunner } from "./steps/step.ts";
import { type World, withCredentials } from "./world.ts";

export interface BuildResult {
  plan: BuildPlan;
  image: BuiltImage;
  /** Null when no archive was asked for. */
  archive: SavedArchive | null;
  earlier: EarlierBuild;
  /** The apps that this one brings along, each with its own image and archive. */
  subApps: BuildResult[];
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
  // It takes the client a while to tell how it builds; whoever needs it gets the error.
  world.engine({ toBuild: true }).catch(() => {});
  // First, so that the main app is only there when all that it names is.
  const limit = pLimit(options.jobs);
  const subApps = await Promise.all(
    findSubApps(loaded.config).map((subApp) =>
      limit(() => {
        const app = loadSubApp(loaded, subApp);
        const report = labelled(world.report, app.config.metadata.id);
        const own = withCredentials({ ...world, report }, app.credentials);
        return buildApp(app, createStepRunner(own), { ...options, isSubApp: true });
      }),
    ),
  );
  const runMain = createStepRunner(withCredentials(world, loaded.credentials));
  const main = await buildApp(loaded, runMain, { ...options, isSubApp: false });
  return {
    ...main,
    seconds: { ...run.seconds, ...main.seconds },
    subApps,
  };
}

// --- internal ---

type AppOptions = Pick<BuildOptions, "archive" | "epoch" | "noCache" | "pull"> & {
  isSubApp: boolean;
};

async function buildApp(
  loaded: LoadedConfig,
  run: StepRunner,
  options: AppOptions,
): Promise<BuildResult> {
  const { epoch, isSubApp, pull } = options;
  const plan = await run(planBuildStep, loaded);
  await run(ensureBasesStep, { plan, pull, reproducible: epoch !== null });
  const earlier = await run(reuseImageStep, { loaded, plan, ...options });
  await using begun =
    earlier.image === null && options.archive !== null
      ? await run(beginArchiveStep, { plan, isSubApp, options: options.archive })
      : undefined;
  await using context =
    earlier.image === null ? await run(stageContextStep, { loaded, plan }) : undefined;
  const image =
    earlier.image ?? (await makeImage({ loaded, plan, earlier, context: context! }, run, options));
  // While the engine gathers the image; no archive is there before the image is found good.
  const approval = earlier.image === null ? approve({ loaded, plan, earlier, image }, run) : null;
  void settle(approval);
  const archive =
    options.archive &&
    (await run(saveArchiveStep, {
      ...{ plan, image, isSubApp, begun, approval },
      options: options.archive,
    }).finally(() => settle(approval)));
  await Promise.all([approval, image.removal]);
  return { plan, image, archive, earlier, subApps: [], seconds: run.seconds };
}

async function makeImage(
  parts: { loaded: LoadedConfig; plan: BuildPlan; earlier: EarlierBuild; context: StagedContext },
  run: StepRunner,
  { epoch, noCache }: AppOptions,
): Promise<BuiltImage> {
  const { plan, earlier } = parts;
  const unchanged = noCache ? new Set<never>() : unchangedLayers(plan, earlier);
  const image = await run(buildImageStep, { ...parts, noCache, unchanged });
  return epoch === null ? image : run(normalizeImageStep, { plan, image, epoch });
}

async function approve(
  parts: { loaded: LoadedConfig; plan: BuildPlan; earlier: EarlierBuild; image: BuiltImage },
  run: StepRunner,
): Promise<void> {
  await Promise.all([run(checkImageStep, parts), run(scanImageStep, parts)]);
  await run(rememberInputsStep, parts);
}

/** Waits for its end, whatever that is, so that nothing goes on behind a failure. */
async function settle(work: Promise<void> | null): Promise<void> {
  await work?.catch(() => {});
}
