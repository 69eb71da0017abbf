/** The pipeline once more, to see whether an archive comes out of its source. */
import { readArchive } from "./images/archive/read-archive.ts";
import { compareImage, type Difference } from "./images/reproducible/compare-image.ts";
import { withNormalized } from "./images/transfer/normalize-in-engine.ts";
import { NuaError } from "./lib/errors.ts";
import { runTag } from "./runs/own-names.ts";
import { type Session, withCredentials } from "./session/session.ts";
import { buildImageStep } from "./steps/build-image.ts";
import { ensureBasesStep } from "./steps/ensure-bases.ts";
import { loadConfigStep } from "./steps/load-config.ts";
import { findBaseLayers } from "./steps/normalize-image.ts";
import { planBuildStep } from "./steps/plan-build.ts";
import { sourceStep } from "./steps/source.ts";
import { stageContextStep } from "./steps/stage-context.ts";
import { createStepRunner } from "./steps/step.ts";

export interface RebuildRequest {
  /** The archive; it has to be reproducible. */
  file: string;
  /** The app's folder, or its config file. */
  path: string;
}

/**
 * Builds an app without any cache, at the archive's own time, and compares. The engine holds
 * afterwards what it held before.
 * @returns the first difference; undefined when the archive comes out to its last byte
 * @throws NuaError with the code of what went wrong; (archive) when the archive is damaged
 */
export async function rebuild(
  { file, path }: RebuildRequest,
  session: Session,
): Promise<Difference | undefined> {
  session.report.step(`Read ${file}`);
  const summary = await readArchive(file);
  const run = createStepRunner(session);
  const loaded = await run(loadConfigStep, { path, strict: false });
  await using source = await createStepRunner(withCredentials(session, loaded.credentials))(
    sourceStep,
    loaded,
  );
  const plan = await run(planBuildStep, { loaded, source });
  if (!summary.tags.includes(plan.tag)) {
    const tags = summary.tags.join(", ");
    return { subject: "the tag", place: "manifest", how: `it is ${tags}, rebuilt ${plan.tag}` };
  }
  await run(ensureBasesStep, { plan, pull: false, reproducible: false });
  await using context = await run(stageContextStep, { loaded, plan, source });
  const tag = runTag("nua-rebuild");
  const engine = await session.engine();
  const image = await run(buildImageStep, { loaded, plan, context, loadAs: tag, noCache: true });
  try {
    const baseLayers = await findBaseLayers(image, session);
    const epoch = epochOf(summary.config.created, file);
    return await withNormalized({ image, tag, baseLayers, epoch }, session, (rebuilt) =>
      compareImage({ file, summary }, rebuilt),
    );
  } finally {
    await engine.removeImage(tag);
  }
}

// --- internal ---

function epochOf(created: string | null | undefined, file: string): number {
  const time = Date.parse(created ?? "");
  if (!Number.isNaN(time)) return Math.floor(time / 1000);
  throw new NuaError("archive", `Read archive "${file}": its image does not say when it was made`, {
    file,
    hint: "build it with --reproducible",
  });
}
