/** A bundle's base images -> the engine, as far as it does not hold them. */
import { readFile } from "node:fs/promises";
import { withPrefix } from "../archive/digest.ts";
import { imagesStream, type StreamedImage } from "../archive/image-stream.ts";
import { NuaError } from "../shared/errors.ts";
import { feedBytes } from "../transfer/feed-engine.ts";
import type { World } from "../world.ts";
import type { BundleImage, BundleIndex } from "./bundle-index.ts";
import { listNeeds } from "./list-items.ts";
import type { OpenedBundle } from "./open-bundle.ts";

/**
 * For {@link openBundle}: all that a build needs of a bundle, without the layers of images that
 * the engine holds already.
 */
export function chooseNeeded(world: World): (index: BundleIndex) => Promise<ReadonlySet<string>> {
  return async (index) => {
    const lacking = await findLacking(index.images, world);
    return new Set(listNeeds({ ...index, images: lacking }).keys());
  };
}

/**
 * Loads those that the engine does not hold with the same layers; it may be of another version,
 * and of either store.
 * @param bundle opened into a folder, see {@link chooseNeeded}
 * @returns the tags of those that were loaded
 * @throws NuaError (engine) when the engine refuses them, or holds others afterwards
 */
export async function loadImages(bundle: OpenedBundle, world: World): Promise<string[]> {
  const lacking = await findLacking(bundle.index.images, world);
  if (lacking.length === 0) return [];
  const tags = lacking.map(({ tag }) => tag);
  const attempt = `Load images ${tags.join(", ")}`;
  world.report.step(attempt);
  const streamed = await Promise.all(
    lacking.map(async (image) => ({ tag: image.tag, ...(await streamedImage(image, bundle)) })),
  );
  await feedBytes(imagesStream(streamed), attempt, world);
  const others = await findLacking(lacking, world);
  if (others.length === 0) return tags;
  const [{ tag }] = others as [BundleImage];
  throw new NuaError("engine", `${attempt}: the engine holds another "${tag}" afterwards`, {
    hint: `remove it: docker image rm ${tag}`,
  });
}

/** Those that the engine does not hold with the same layers. */
export async function findLacking(
  images: readonly BundleImage[],
  world: World,
): Promise<BundleImage[]> {
  if (images.length === 0) return [];
  const engine = await world.engine();
  const facts = await Promise.all(images.map(({ tag }) => engine.findImage(tag)));
  return images.filter(({ layers }, at) => {
    return facts[at]?.diffIds.join() !== layers.map(({ diffId }) => diffId).join();
  });
}

// --- internal ---

async function streamedImage(
  { config, layers }: BundleImage,
  bundle: OpenedBundle,
): Promise<StreamedImage> {
  return {
    configBytes: await readFile(pathOf(config, bundle)),
    configDigest: withPrefix(config),
    layers: layers.map(({ diffId, content }) => ({
      diffId,
      bytes: bundle.blobs.get(content) ?? 0,
      file: pathOf(content, bundle),
    })),
  };
}

/** Whoever opened the bundle has seen that nothing is absent. */
function pathOf(sha256: string, bundle: OpenedBundle): string {
  const path = bundle.blobFile(sha256);
  if (path === undefined) throw new Error(`the blob ${sha256} was not extracted`);
  return path;
}
