/**
 * Two goals of the pipeline: a checked image with its archive, or an image that is removed again.
 */
import { formatProblems } from "./config/problems.ts";
import type { BuiltApp, Goal, StagedApp, UnchangedApp, Work } from "./goal.ts";
import type { SavedArchive } from "./images/archive/write-archive.ts";
import { Candidate } from "./images/transfer/candidate.ts";
import { NuaError } from "./lib/errors.ts";
import type { BuildOptions } from "./options.ts";
import type { BuildPlan } from "./plan/build-plan.ts";
import type { Session } from "./session/session.ts";
import { beginArchiveStep } from "./steps/begin-archive.ts";
import { type BuiltImage, buildImageStep } from "./steps/build-image.ts";
import { checkImageStep } from "./steps/check-image.ts";
import { normalizeImageStep } from "./steps/normalize-image.ts";
import { type EarlierBuild, rememberInputsStep, unchangedLayers } from "./steps/reuse-image.ts";
import { saveArchiveStep } from "./steps/save-archive.ts";
import { scanImageStep } from "./steps/scan-image.ts";

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

type ImageOptions = Pick<BuildOptions, "archive" | "epoch" | "noCache">;

/** The image gets the app's tag, and its archive is written. */
export function keepImage(options: ImageOptions): Goal<BuildResult> {
  const { archive } = options;
  return {
    async make(app, work) {
      const { plan, isSubApp } = app;
      const { run } = work;
      await using begun =
        archive && (await run(beginArchiveStep, { plan, isSubApp, options: archive }));
      // Nobody finds the image by the app's tag before it is found good.
      await using candidate = new Candidate(plan.tag, work.session);
      const image = await makeImage(app, candidate, options, work);
      // While the engine gathers the image; no archive is there before the image is found good.
      const approval = approve({ ...app, image }, candidate, work);
      void settle(approval);
      const saved =
        archive &&
        (await run(saveArchiveStep, {
          ...{ plan, image, isSubApp, approval, options: archive },
          begun: begun ?? undefined,
        }).finally(() => settle(approval)));
      await approval;
      return resultOf({ ...app, image }, saved, work);
    },
    async reuse(app, work) {
      const saved = archive && (await work.run(saveArchiveStep, { ...app, options: archive }));
      return resultOf(app, saved, work);
    },
  };
}

/**
 * The image is looked at, and gone afterwards: whatever has the app's tag keeps it, and nothing is
 * remembered.
 * @param look told of each image that was found good, as long as it is there
 */
export function tryImage<Made>(look: (app: BuiltApp, session: Session) => Promise<Made>) {
  const options = { epoch: null, noCache: true };
  return {
    async make(app, work) {
      await using candidate = new Candidate(app.plan.tag, work.session);
      const image = await makeImage(app, candidate, options, work);
      await checkImage({ ...app, image }, work);
      // Awaited here: the image is there until it is looked at.
      return await look({ ...app, image }, work.session);
    },
  } satisfies Goal<Made>;
}

// --- internal ---

async function makeImage(
  { loaded, plan, earlier, context }: StagedApp,
  candidate: Candidate,
  { epoch, noCache }: Omit<ImageOptions, "archive">,
  { run }: Work,
): Promise<BuiltImage> {
  const unchanged = noCache ? new Set<never>() : unchangedLayers(plan, earlier);
  const toldBefore = noCache ? [] : (earlier.record?.warnings ?? []);
  const as = { before: earlier.tagged, loadAs: candidate.tag, toldBefore };
  const image = await run(buildImageStep, { loaded, plan, context, ...as, noCache, unchanged });
  if (epoch === null) return image;
  candidate.supersede(image);
  return run(normalizeImageStep, { image, context, loadAs: candidate.tag, epoch });
}

/** Gives the image the app's tag when it is found good. */
async function approve(app: BuiltApp, candidate: Candidate, work: Work): Promise<void> {
  const { image, earlier } = app;
  try {
    await checkImage(app, work);
  } catch (error) {
    if (error instanceof NuaError && error.code === "check") await candidate.refuse(image);
    throw error;
  }
  await candidate.accept(image, earlier.tagged);
  await work.noting(rememberInputsStep, app);
}

async function checkImage(app: BuiltApp, { noting }: Work): Promise<void> {
  // Both to their ends: an image is not removed while something reads it.
  const found = await Promise.allSettled([noting(checkImageStep, app), noting(scanImageStep, app)]);
  const failure = found.find((outcome) => outcome.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}

function resultOf(
  { loaded, plan, earlier, image, noted }: UnchangedApp,
  archive: SavedArchive | null,
  { run }: Work,
): BuildResult {
  const warnings = [
    ...loaded.warnings.map((warning) => formatProblems([warning], loaded)),
    ...plan.warnings,
    ...noted,
    ...image.warnings.map(({ text }) => text),
  ];
  return { plan, image, archive, earlier, warnings, subApps: [], seconds: run.seconds };
}

/** Waits for its end, whatever that is, so that nothing goes on behind a failure. */
async function settle(work: Promise<void>): Promise<void> {
  await work.catch(() => {});
}
