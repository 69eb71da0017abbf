/** Has the engine build the image of a staged context. */

import { runsAgent } from "../dockerfile/dockerfile.ts";
import type { BuildStep } from "../engine/build-steps.ts";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import type { ImageFacts } from "../engine/image-facts.ts";
import type { PackedImage } from "../images/archive/packed-image.ts";
import { BASE_LABEL } from "../images/archive/read-archive.ts";
import type { AssembledImage } from "../images/assembly/assemble-image.ts";
import type { RunOptions } from "../lib/process.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { AppLayer } from "../protocol/agent-input.ts";
import type { AgentWarning } from "../protocol/agent-report.ts";
import type { Session } from "../session/session.ts";
import { buildFromLayers } from "./build-from-layers.ts";
import { type BuilderInput, type BuilderRequest, runBuilder } from "./run-builder.ts";
import type { Step } from "./step.ts";

export interface BuiltImage extends ImageFacts {
  tag: string;
  /** What the builder did; empty when it was not asked. */
  steps: BuildStep[];
  /** The agent's, of this build or of the one that has made the layer. */
  warnings: AgentWarning[];
  /** What of it is in the staged context's folder, as long as that is there. */
  packed?: PackedImage;
}

export interface BuildImageInput extends BuilderInput {
  /** What the engine is to call the image. */
  loadAs: string;
  /** The app's image as it was. */
  before?: ImageFacts | undefined;
  /** Of the last build: layers that have not changed since need not be handed out again. */
  unchanged?: ReadonlySet<AppLayer>;
  /** Of the last build: warnings, for layers that the builder takes from its cache. */
  toldBefore?: readonly AgentWarning[];
}

/** Has the engine build the image of a staged context. */
export const buildImageStep: Step<BuildImageInput, BuiltImage> = {
  name: "build-image",
  async run(input, session) {
    const { builder } = await (await session.engine()).builder();
    const { plan } = input;
    const labels = { ...plan.labels, [BASE_LABEL]: baseTagOf(plan, builder) };
    const { made, steps, warnings } = await runBuilder(input, session, (request, options) =>
      makeImage({ ...input, labels, request }, options, session),
    );
    const { image, warnings: stored, ...rest } = made;
    const all = stored ?? [...reusedWarnings(input.toldBefore ?? [], steps), ...warnings];
    for (const { text } of all) session.report.warn(text);
    return { tag: plan.tag, ...image, ...rest, steps, warnings: all };
  },
};

// --- internal ---

type ImageRequest = BuildImageInput & {
  labels: Record<string, string>;
  request: BuilderRequest;
};

async function makeImage(
  input: ImageRequest,
  options: RunOptions,
  session: Session,
): Promise<Partial<AssembledImage & Pick<BuiltImage, "warnings">> & { image: ImageFacts }> {
  const { plan, context, loadAs, before, labels, unchanged, request } = input;
  const engine = await session.engine();
  if (context.assembled) {
    return buildFromLayers({ plan, context, loadAs, before, labels, unchanged }, session, (files) =>
      engine.buildFiles({ ...request, ...files }, options),
    );
  }
  const { dockerfile } = context;
  const result = { kind: "image", tag: loadAs, labels, idFile: context.idFile } as const;
  return { image: await engine.build({ ...request, dockerfile, result }, options) };
}

/** Of the layers that were there already, or of all where the Dockerfile is the package's own. */
function reusedWarnings(
  before: readonly AgentWarning[],
  steps: readonly BuildStep[],
): AgentWarning[] {
  const reused = steps.filter(({ text, isReused }) => isReused && runsAgent(text));
  const isReused = ({ layer }: AgentWarning) =>
    reused.some(({ stage }) => layer === stage || layer === WHOLE);
  return before.filter(isReused);
}

/** The layer of an image that is made in one go. */
const WHOLE = "all";

/** What the image is built on; the legacy builder builds on the image that carries the agent. */
function baseTagOf(plan: BuildPlan, builder: BuilderKind): string {
  const { base, builder: agentImage } = plan.images;
  const isLegacy = !mountsFaithfully(builder) && plan.packed.keep === null;
  const isOnCarrier = plan.dockerfile.kind === "package" || isLegacy;
  return agentImage !== null && isOnCarrier ? agentImage : base;
}
