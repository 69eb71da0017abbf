import { BASE_LABEL } from "../archive/read-archive.ts";
import { countBaseLayers } from "../archive/thin.ts";
import type { ImageFacts } from "../engine/image-facts.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { normalizeInEngine } from "../transfer/normalize-in-engine.ts";
import type { World } from "../world.ts";
import type { BuiltImage } from "./build-image.ts";
import type { Step } from "./step.ts";

/** Brings the image into its reproducible form, when that is wanted. */
export const normalizeImageStep: Step<
  { plan: BuildPlan; image: BuiltImage; epoch: number },
  BuiltImage
> = {
  name: "normalize-image",
  async run({ plan, image, epoch }, world) {
    await image.removal;
    const baseLayers = await findBaseLayers(image, world);
    const request = { image, tag: plan.tag, baseLayers, epoch };
    const normalized = await normalizeInEngine(request, world);
    return { tag: plan.tag, ...normalized, steps: image.steps, warnings: image.warnings };
  },
};

/** How many of an image's layers are those of the base that it names. */
export async function findBaseLayers(image: ImageFacts, world: World): Promise<number> {
  const name = image.labels[BASE_LABEL];
  const base = name === undefined ? undefined : await (await world.engine()).findImage(name);
  return countBaseLayers(image.diffIds, base?.diffIds ?? []);
}
