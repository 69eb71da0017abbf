/** An image of the engine -> the same one in its reproducible form. */

import type { ImageFacts } from "../../engine/image-facts.ts";
import type { Session } from "../../session/session.ts";
import { createTempFolder } from "../../session/temp-folder.ts";
import { imageStream } from "../archive/image-stream.ts";
import { type NormalizedImage, normalizeImage } from "../reproducible/normalize-image.ts";
import { feedEngine } from "./feed-engine.ts";

export interface NormalizeInEngine {
  image: ImageFacts;
  /** For messages. */
  tag: string;
  /** How many layers are those of base images, whose times do not depend on `epoch`. */
  baseLayers: number;
  /** Seconds since 1970: no time in the image is later than that. */
  epoch: number;
}

/**
 * @param request.loadAs what the engine is to call the other one
 * @throws NuaError (archive) when the disk is full, (engine) when the engine refuses the image
 */
export async function normalizeInEngine(
  request: NormalizeInEngine & { loadAs: string },
  session: Session,
): Promise<ImageFacts> {
  const { tag, loadAs } = request;
  session.report.step(`Normalize ${tag}`);
  return withNormalized(request, session, async (normalized, attempt) => {
    const diffIds = normalized.layers.map(({ diffId }) => diffId);
    const source = imageStream(normalized, tag);
    const [loaded] = await feedEngine({ source, tag, loadAs, diffIds, attempt }, session);
    return loaded!;
  });
}

/** Gives the normalized image to `use`; its files are gone afterwards. */
export async function withNormalized<Result>(
  { image, tag, baseLayers, epoch }: NormalizeInEngine,
  session: Session,
  use: (normalized: NormalizedImage, attempt: string) => Promise<Result>,
): Promise<Result> {
  const attempt = `Normalize image "${tag}"`;
  const engine = await session.engine();
  await using folder = await createTempFolder(session.settings.buildDir);
  const normalized = await normalizeImage({
    source: engine.save(image.id),
    diffIds: image.diffIds,
    baseLayers,
    epoch,
    folder: folder.path,
    attempt,
    signal: session.signal,
  });
  return await use(normalized, attempt);
}
