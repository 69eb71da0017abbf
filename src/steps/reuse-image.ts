import type { LoadedConfig } from "../config/load-config.ts";
import type { ImageFacts } from "../engine/image-facts.ts";
import { isUnchanged, layerChanges } from "../inputs/changes.ts";
import { type BuildInputs, type BuildRecord, readRecord, writeRecord } from "../inputs/record.ts";
import { surveyInputs } from "../inputs/survey.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { AppLayer } from "../shared/agent-input.ts";
import type { BuiltImage } from "./build-image.ts";
import type { Step } from "./step.ts";

/** What is known of the app's last build on this machine. */
export interface EarlierBuild {
  /** What the build is made from now; undefined when that cannot be told without doing it. */
  inputs: BuildInputs | undefined;
  record: BuildRecord | undefined;
  /** The image that has the app's tag. */
  tagged: ImageFacts | undefined;
  /** Whether the engine still has the image that came out of it. */
  isHeld: boolean;
  /** The image, when the engine has it still and nothing has changed since; else null. */
  image: BuiltImage | null;
}

/** Sees whether anything has changed since the image was built; if not, it need not be again. */
export const reuseImageStep: Step<
  { loaded: LoadedConfig; plan: BuildPlan; epoch: number | null; noCache: boolean },
  EarlierBuild
> = {
  name: "reuse-image",
  async run({ loaded, plan, epoch, noCache }, world) {
    const { tag } = plan;
    const engine = await world.engine();
    const [inputs, record, image] = await Promise.all([
      surveyInputs({ loaded, plan, epoch }, world),
      readRecord(loaded.root, tag),
      engine.findImage(tag),
    ]);
    const isHeld = record !== undefined && image?.id === record.imageId;
    const isSame = !noCache && inputs !== undefined && isHeld && isUnchanged(record.inputs, inputs);
    if (!isSame) return { inputs, record, tagged: image, isHeld, image: null };
    world.report.step(`Nothing has changed since ${tag} was built`);
    return { inputs, record, tagged: image, isHeld, image: { tag, ...image, steps: [] } };
  },
};

/** The layers of the plan whose inputs are those of the last build, and of all layers below. */
export function unchangedLayers(
  { layers }: BuildPlan,
  { inputs, record, isHeld }: EarlierBuild,
): ReadonlySet<AppLayer> {
  if (inputs === undefined || record === undefined || !isHeld) return new Set();
  const changed = layers.findIndex(
    (layer) => layerChanges(record.inputs, inputs, layer).length > 0,
  );
  const same = changed < 0 ? layers : layers.slice(0, changed);
  return new Set(same.map(({ name }) => name));
}

/** For the next build. It is worth less than the image: a folder that cannot be written is no error. */
export const rememberInputsStep: Step<
  { loaded: LoadedConfig; earlier: EarlierBuild; image: BuiltImage },
  void
> = {
  name: "remember-inputs",
  async run({ loaded, earlier: { inputs }, image }, world) {
    if (inputs === undefined) return;
    const record = { inputs, imageId: image.id };
    await writeRecord(loaded.root, image.tag, record).catch((cause) => {
      world.report.detail(`What ${image.tag} was built from is not remembered: ${String(cause)}`);
    });
  },
};
