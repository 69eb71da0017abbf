/** Makes the image reproducible. */
import { dirname, join } from "node:path";
import type { ImageFacts } from "../engine/image-facts.ts";
import { BASE_LABEL } from "../images/archive/read-archive.ts";
import { countBaseLayers } from "../images/archive/thin.ts";
import { normalizeInEngine } from "../images/transfer/normalize-in-engine.ts";
import type { Session } from "../session/session.ts";
import type { BuiltImage } from "./build-image.ts";
import type { StagedContext } from "./stage-context.ts";
import type { Step } from "./step.ts";

/** Brings the image into its reproducible form, when that is wanted: it is another image then. */
export const normalizeImageStep: Step<
  { image: BuiltImage; context: Pick<StagedContext, "folder">; loadAs: string; epoch: number },
  BuiltImage
> = {
  name: "normalize-image",
  async run({ image, context, loadAs, epoch }, session) {
    const baseLayers = await findBaseLayers(image, session);
    const folder = normalizedFolder(context);
    const { tag, steps, warnings } = image;
    const request = { image, tag, loadAs, baseLayers, epoch, folder };
    const normalized = await normalizeInEngine(request, session);
    return { tag, ...normalized.image, packed: normalized.packed, steps, warnings };
  },
};

/** Where the layers of the normalized image are, as long as the context is there. */
export function normalizedFolder(context: Pick<StagedContext, "folder">): string {
  return join(dirname(context.folder), "normalized");
}

/** How many of an image's layers are those of the base that it names. */
export async function findBaseLayers(image: ImageFacts, session: Session): Promise<number> {
  const name = image.labels[BASE_LABEL];
  const base = name === undefined ? undefined : await (await session.engine()).findImage(name);
  return countBaseLayers(image.diffIds, base?.diffIds ?? []);
}
