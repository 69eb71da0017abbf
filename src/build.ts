/** The pipeline. */
import pLimit from "p-limit";
import type { LoadedConfig } from "./config/load-config.ts";
import { formatProblems } from "./config/problems.ts";
import { findSubApps, loadSubApp } from "./config/sub-app.ts";
import { appInHand } from "./context/app-in-hand.ts";
import type { PlannedApp } from "./context/context-trees.ts";
import type { SavedArchive } from "./images/archive/write-archive.ts";
import { Candidate } from "./images/transfer/candidate.ts";
import { NuaError } from "./lib/errors.ts";
import type { BuildOptions } from "./options.ts";
import type { BuildPlan } from "./plan/build-plan.ts";
import { labelled } from "./session/reporter.ts";
import { type Session, withCredentials } from "./session/session.ts";
import type { Source } from "./source/source.ts";
import { beginArchiveStep } from "./steps/begin-archive.ts";
import { type BuiltImage, buildImageStep } from "./steps/build-image.ts";
import { checkImageStep } from "./steps/check-image.ts";
import { ensureBasesStep } from "./steps/ensure-bases.ts";
import { loadConfigStep } from "./steps/load-config.ts";
import { normalizeImageStep } from "./steps/normalize-image.ts";
import { planBuildStep, readPlan } from "./steps/plan-build.ts";
import {
  type EarlierBuild,
  rememberInputsStep,
  reuseImageStep,
  unchangedLayers,
} from "./steps/reuse-image.ts";
import { saveArchiveStep } from "./steps/save-archive.ts";
import { scanImageStep } from "./steps/scan-image.ts";
import { sourceStep } from "./steps/source.ts";
import { type StagedContext, stageContextStep } from "./steps/stage-context.ts";
import { createStepRunner, type StepRunner } from "./steps/step.ts";

export interface BuildResult {
  plan: BuildPlan;
  image: BuiltImage;
  /** Null when no archive was asked for. */
  archive: SavedArchive | null;
  earlier: EarlierBuild;
  /** All that was told of it, also when nothing had to be done. */
  warnings: string[];
  /** The apps that this one brings along, each with its own image and archive. */
  subApps: BuildResult[];
  /** Seconds by the name of the step. */
  seconds: Record<string, number>;
}

/**
 * From an app's folder to an image, and to its archive.
 * @throws NuaError with the code of what went wrong
 */
export async function build(options: BuildOptions, session: Session): Promise<BuildResult> {
  const run = createStepRunner(session);
  const loaded = await run(loadConfigStep, options);
  // It takes the client a while to tell how it builds; whoever needs it gets the error.
  session.engine({ toBuild: true }).catch(() => {});
  // First, so that the main app is only there when all that it names is.
  const limit = pLimit(options.jobs);
  const subApps = await Promise.all(
    findSubApps(loaded.config).map((subApp) =>
      limit(() => {
        const app = loadSubApp(loaded, subApp);
        const report = labelled(session.report, app.config.metadata.id);
        const own = withCredentials({ ...session, report }, app.credentials);
        const work = { run: createStepRunner(own), session: own };
        return buildApp(app, work, { ...options, isSubApp: true });
      }),
    ),
  );
  const own = withCredentials(session, loaded.credentials);
  const work = { run: createStepRunner(own), session: own };
  const main = await buildApp(loaded, work, { ...options, isSubApp: false });
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

interface Work {
  run: StepRunner;
  session: Session;
}

async function buildApp(
  loaded: LoadedConfig,
  work: Work,
  options: AppOptions,
): Promise<BuildResult> {
  const { input } = work.session;
  // For what is missing of the source itself, as much of the plan as is known without it.
  let app = () => appInHand({ loaded, plan: readPlan(loaded, undefined) });
  try {
    await using source = await work.run(sourceStep, loaded);
    const plan = await work.run(planBuildStep, { loaded, source });
    app = () => appInHand({ loaded, plan });
    input.admit(app());
    return await makeApp({ loaded, plan, source }, work, options);
  } catch (error) {
    throw await input.explain(error, app(), work.session);
  }
}

async function makeApp(
  { loaded, plan, source }: PlannedApp & { source: Source },
  { run, session }: Work,
  options: AppOptions,
): Promise<BuildResult> {
  const { epoch, isSubApp, pull } = options;
  await run(ensureBasesStep, { plan, pull, reproducible: epoch !== null });
  const earlier = await run(reuseImageStep, { loaded, plan, source, ...options });
  await using begun =
    earlier.image === null && options.archive !== null
      ? await run(beginArchiveStep, { plan, isSubApp, options: options.archive })
      : undefined;
  const noted: string[] = [];
  const noting = run.noting((text) => noted.push(text));
  const { contextName } = earlier;
  await using context =
    earlier.image === null
      ? await noting(stageContextStep, { loaded, plan, source, contextName })
      : undefined;
  // Nobody finds the image by the app's tag before it is found good.
  await using candidate = earlier.image === null ? new Candidate(plan.tag, session) : undefined;
  const image =
    earlier.image ??
    (await makeImage(
      { loaded, plan, earlier, context: context!, candidate: candidate! },
      run,
      options,
    ));
  // While the engine gathers the image; no archive is there before the image is found good.
  const approval = candidate
    ? approve({ loaded, plan, earlier, image, candidate, noted }, noting)
    : null;
  void settle(approval);
  const archive =
    options.archive &&
    (await run(saveArchiveStep, {
      ...{ plan, image, isSubApp, begun, approval },
      options: options.archive,
    }).finally(() => settle(approval)));
  await approval;
  const warnings = [
    ...loaded.warnings.map((warning) => formatProblems([warning], loaded)),
    ...noted,
    ...image.warnings.map(({ text }) => text),
  ];
  return { plan, image, archive, earlier, warnings, subApps: [], seconds: run.seconds };
}

type AppParts = {
  loaded: LoadedConfig;
  plan: BuildPlan;
  earlier: EarlierBuild;
  candidate: Candidate;
};

async function makeImage(
  { candidate, ...parts }: AppParts & { context: StagedContext },
  run: StepRunner,
  { epoch, noCache }: AppOptions,
): Promise<BuiltImage> {
  const { plan, earlier } = parts;
  const unchanged = noCache ? new Set<never>() : unchangedLayers(plan, earlier);
  const toldBefore = noCache ? [] : (earlier.record?.warnings ?? []);
  const as = { before: earlier.tagged, loadAs: candidate.tag, toldBefore };
  const image = await run(buildImageStep, { ...parts, ...as, noCache, unchanged });
  if (epoch === null) return image;
  candidate.supersede(image);
  return run(normalizeImageStep, { image, loadAs: candidate.tag, epoch });
}

/** Gives the image the app's tag when it is found good. */
async function approve(
  { candidate, ...parts }: AppParts & { image: BuiltImage; noted: readonly string[] },
  run: StepRunner,
): Promise<void> {
  // Both to their ends: an image is not removed while something reads it.
  const found = await Promise.allSettled([run(checkImageStep, parts), run(scanImageStep, parts)]);
  const failure = found.find((outcome) => outcome.status === "rejected")?.reason;
  if (failure instanceof NuaError && failure.code === "check") {
    await candidate.refuse(parts.image);
  }
  if (failure !== undefined) throw failure;
  await candidate.accept(parts.image, parts.earlier.tagged);
  await run(rememberInputsStep, parts);
}

/** Waits for its end, whatever that is, so that nothing goes on behind a failure. */
async function settle(work: Promise<void> | null): Promise<void> {
  await work?.catch(() => {});
}
