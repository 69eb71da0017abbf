import type { ImageFacts } from "../engine/image-facts.ts";
import { BASE_LABEL } from "../images/archive/read-archive.ts";
import { countBaseLayers } from "../images/archive/thin.ts";
import { normalizeInEngine } from "../images/transfer/normalize-in-engine.ts";
import type { World } from "../session/world.ts";
import type { BuiltImage } from "./build-image.ts";
import type { Step } from "./step.ts";

/** Brings the image into its reproducible form, when that is wanted: it is another image then. */
export const normalizeImageStep: Step<
  { image: BuiltImage; loadAs: string; epoch: number },
  BuiltImage
> = {
  name: "normalize-image",
  async run({ image, loadAs, epoch }, world) {
    const baseLayers = await findBaseLayers(image, world);
    const { tag, steps, warnings } = image;
    const normalized = await normalizeInEngine({ image, tag, loadAs, baseLayers, epoch }, world);
    return { tag, ...normalized, steps, warnings };
  },
};

/** How many of an image's layers are those of the base that it names. */
export async function findBaseLayers(image: ImageFacts, world: World): Promise<number> {
  const name = image.labels[BASE_LABEL];
  const base = name === undefined ? undefined : await (await world.engine()).findImage(name);
  return countBaseLayers(image.diffIds, base?.diffIds ?? []);
}
