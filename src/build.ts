/**
 * The pipeline: open → load → source → plan → bases → context, and then the goal: build → check → archive.
 */
import pLimit from "p-limit";
import type { LoadedConfig } from "./config/loaded-config.ts";
import { findSubApps, loadSubApp } from "./config/sub-app.ts";
import { identifyApp } from "./context/app-identity.ts";
import type { Goal } from "./goal.ts";
import { type BuildResult, keepImage } from "./keep-image.ts";
import type { BuildOptions, PipelineOptions } from "./options.ts";
import { labelled } from "./session/reporter.ts";
import { type Session, withCredentials, withReport } from "./session/session.ts";
import { ensureBasesStep } from "./steps/ensure-bases.ts";
import { loadConfigStep } from "./steps/load-config.ts";
import { openAppStep } from "./steps/open-app.ts";
import { planBuildStep, readPlan } from "./steps/plan-build.ts";
import { resolveRuntimesStep } from "./steps/resolve-runtimes.ts";
import { noEarlierBuild, reuseImageStep } from "./steps/reuse-image.ts";
import { sourceStep } from "./steps/source.ts";
import { stageContextStep } from "./steps/stage-context.ts";
import { createStepRunner } from "./steps/step.ts";

/**
 * From an app's folder to an image, and to its archive.
 * @throws NuaError with the code of what went wrong
 */
export async function build(options: BuildOptions, session: Session): Promise<BuildResult> {
  const results = await runPipeline(options, keepImage(options), session);
  return { ...results.at(-1)!, subApps: results.slice(0, -1) };
}

/**
 * From an app's folder to whatever is wanted of the app, and of each that it brings along.
 * @returns what was made of those that were wanted; the main app is the last one
 * @throws NuaError with the code of what went wrong
 */
export async function runPipeline<Made>(
  options: PipelineOptions,
  goal: Goal<Made>,
  session: Session,
): Promise<Made[]> {
  const run = createStepRunner(session);
  await using app = await run(openAppStep, options);
  const loaded = await run(loadConfigStep, { ...options, ...app });
  // It takes the client a while to tell how it builds; whoever needs it gets the error.
  session.engine({ toBuild: true }).catch(() => {});
  // First, so that the main app is only there when all that it names is.
  const limit = pLimit(options.jobs);
  const subApps = await Promise.all(
    findSubApps(loaded.config).map((subApp) =>
      limit(() => {
        const own = loadSubApp(loaded, subApp);
        const report = labelled(session.report, own.config.metadata.id);
        return buildApp(own, { ...options, isSubApp: true }, goal, withReport(session, report));
      }),
    ),
  );
  const main = { ...options, isSubApp: false, seconds: run.seconds };
  return [...subApps, await buildApp(loaded, main, goal, session)].flat();
}

// --- internal ---

type AppOptions = Omit<PipelineOptions, "path" | "strict" | "jobs"> & {
  isSubApp: boolean;
  /** What steps have taken until now. */
  seconds?: Record<string, number>;
};

/** @returns nothing where the app is not wanted */
async function buildApp<Made>(
  loaded: LoadedConfig,
  { isSubApp, seconds, ...options }: AppOptions,
  goal: Goal<Made>,
  shared: Session,
): Promise<Made[]> {
  const session = withCredentials(shared, loaded.credentials);
  const run = createStepRunner(session, seconds);
  const noted: string[] = [];
  const work = { session, run, noting: run.noting((text) => noted.push(text)) };
  // As much as is known without the source, which may be what is missing.
  let known = () => identifyApp({ loaded, plan: readPlan(loaded, undefined) });
  try {
    await using source = await work.noting(sourceStep, loaded);
    const look = "everywhere" as const;
    const { pull } = options;
    const runtimes = await work.noting(resolveRuntimesStep, { loaded, source, look, pull });
    const plan = await run(planBuildStep, { loaded, source, runtimes });
    if (goal.wants?.(plan) === false) return [];
    if (goal.announce) session.report.step(goal.announce(plan.tag));
    known = () => identifyApp({ loaded, plan });
    session.input.admit(known());
    await run(ensureBasesStep, { plan, ...options });
    const earlier = goal.reuse
      ? await run(reuseImageStep, { loaded, plan, source, noted, ...options })
      : noEarlierBuild();
    const app = { loaded, plan, isSubApp, earlier, noted };
    const { image, contextName } = earlier;
    if (goal.reuse && image !== null) return [await goal.reuse({ ...app, image }, work)];
    await using context = await work.noting(stageContextStep, {
      loaded,
      plan,
      source,
      contextName,
    });
    return [await goal.make({ ...app, context }, work)];
  } catch (error) {
    throw await session.input.explain(error, known, session);
  }
}
