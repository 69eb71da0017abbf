/** Replaces an image of the engine by its reproducible form. */
import { mkdir } from "node:fs/promises";
import type { ImageFacts } from "../../engine/image-facts.ts";
import { withoutPrefix } from "../../lib/digest.ts";
import type { Session } from "../../session/session.ts";
import { imageStream } from "../archive/image-stream.ts";
import type { PackedImage } from "../archive/packed-image.ts";
import { type NormalizedImage, normalizeImage } from "../reproducible/normalize-image.ts";
import { loadStream } from "./load-stream.ts";

export interface NormalizeInEngine {
  image: ImageFacts;
  /** For messages. */
  tag: string;
  /** How many layers are those of base images, whose times do not depend on `epoch`. */
  baseLayers: number;
  /** Seconds since 1970: no time in the image is later than that. */
  epoch: number;
  /** A folder for its layers, to be made; it has to outlive the result. */
  folder: string;
}

/**
 * @param request.loadAs what the engine is to call the other one
 * @returns what the engine holds now, and the same at hand
 * @throws NuaError (archive) when the disk is full, (engine) when the engine refuses the image
 */
export async function normalizeInEngine(
  request: NormalizeInEngine & { loadAs: string },
  session: Session,
): Promise<{ image: ImageFacts; packed: PackedImage }> {
  const { tag, loadAs } = request;
  session.report.step(`Normalize ${tag}`);
  const normalized = await normalizeSaved(request, session);
  const diffIds = normalized.layers.map(({ diffId }) => diffId);
  const chunks = () => imageStream(normalized, tag);
  const attempt = attemptOf(tag);
  const fed = await loadStream({ source: chunks(), tag, loadAs, diffIds, attempt }, session);
  const packed = { digests: new Set(diffIds.map(withoutPrefix)), chunks };
  return { image: fed[0]!, packed };
}

/** The same without having the engine take it. */
export async function normalizeSaved(
  { image, tag, folder, ...how }: NormalizeInEngine,
  session: Session,
): Promise<NormalizedImage> {
  const engine = await session.engine();
  await mkdir(folder);
  return normalizeImage({
    ...how,
    source: engine.save(image.id),
    diffIds: image.diffIds,
    folder,
    attempt: attemptOf(tag),
    signal: session.signal,
  });
}

// --- internal ---

function attemptOf(tag: string): string {
  return `Normalize image "${tag}"`;
}
