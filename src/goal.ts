/** The goals of the pipeline (image and archive, bundle, comparison), and what each is given. */
import type { PlannedApp } from "./context/context-trees.ts";
import type { BuildPlan } from "./plan/build-plan.ts";
import type { Session } from "./session/session.ts";
import type { BuiltImage } from "./steps/build-image.ts";
import type { EarlierBuild } from "./steps/reuse-image.ts";
import type { StagedContext } from "./steps/stage-context.ts";
import type { StepRunner } from "./steps/step.ts";

export interface Goal<Made> {
  /** What a person is told when an app is planned, by the tag of its image. */
  announce?(tag: string): string;
  /** Whether that app is built; without it, each one is. */
  wants?(plan: BuildPlan): boolean;
  make(app: StagedApp, work: Work): Promise<Made>;
  /** Where nothing has changed since the last build; without it, all is done anew. */
  reuse?(app: UnchangedApp, work: Work): Promise<Made>;
}

/** An app, and all that its image is built from. */
export interface StagedApp extends PlannedApp {
  /** Whether another app brings it along. */
  isSubApp: boolean;
  earlier: EarlierBuild;
  context: StagedContext;
  /** What was warned of meanwhile. */
  noted: readonly string[];
}

export interface BuiltApp extends StagedApp {
  image: BuiltImage;
}

export type UnchangedApp = Omit<BuiltApp, "context">;

/** What steps are run with. */
export interface Work {
  session: Session;
  run: StepRunner;
  /** The same, which also notes each warning of its steps. */
  noting: StepRunner;
}
