/**
 * Loads a bundle's base images into the engine. They serve builds from that bundle only: whoever
 * has packed it decides what is in them. So none takes a name that other builds start from.
 */
import { readFile } from "node:fs/promises";
import { BUNDLE_REPOSITORY } from "../../bases/protected-names.ts";
import type { ImageFacts } from "../../engine/image-facts.ts";
import { imagesStream, type StreamedImage } from "../../images/archive/image-stream.ts";
import { loadBytes } from "../../images/transfer/load-stream.ts";
import { withPrefix } from "../../lib/digest.ts";
import { NuaError } from "../../lib/errors.ts";
import type { Session } from "../../session/session.ts";
import type { BundleImage, BundleIndex } from "./bundle-index.ts";
import { listNeeds } from "./list-items.ts";
import type { OpenedBundle } from "./open-bundle.ts";

/** Of images, by their tags in the bundle: under which name the engine holds each. */
export type ImageNames = ReadonlyMap<string, string>;

/**
 * For {@link openBundle}: all that a build needs of a bundle, without the layers of images that
 * the engine holds already.
 */
export function chooseNeeded(
  session: Session,
): (index: BundleIndex) => Promise<ReadonlySet<string>> {
  return async (index) => {
    const lacking = await findMissingImages(index.images, session);
    return new Set(listNeeds({ ...index, images: lacking }).keys());
  };
}

/**
 * Loads those that the engine does not hold with the same layers; it may be of another version,
 * and of either store. They stay, for the next build from the bundle.
 * @param bundle opened into a folder, see {@link chooseNeeded}
 * @throws NuaError (engine) when the engine refuses them, or holds others afterwards
 */
export async function loadImages(bundle: OpenedBundle, session: Session): Promise<ImageNames> {
  const { images } = bundle.index;
  const lacking = await findMissingImages(images, session);
  if (lacking.length > 0) await loadAll(lacking, bundle, session);
  const names = await findNames(images, session);
  const other = images.find(({ tag }) => !names.has(tag));
  if (other === undefined) return names;
  const name = bundleTag(other);
  throw new NuaError("engine", `Load image "${other.tag}": the engine holds another "${name}"`, {
    hint: `remove it: docker image rm ${name}`,
  });
}

/** Those that the engine does not hold with the same layers. */
export async function findMissingImages(
  images: readonly BundleImage[],
  session: Session,
): Promise<BundleImage[]> {
  const names = await findNames(images, session);
  return images.filter(({ tag }) => !names.has(tag));
}

/** The name that a bundle's image gets: no other image has it, whatever the bundle calls it. */
export function bundleTag({ config }: Pick<BundleImage, "config">): string {
  return `${BUNDLE_REPOSITORY}:${config}`;
}

// --- internal ---

/** Of those that the engine holds: the machine's own, where it has the same layers. */
async function findNames(images: readonly BundleImage[], session: Session): Promise<ImageNames> {
  const names = new Map<string, string>();
  if (images.length === 0) return names;
  const engine = await session.engine();
  await Promise.all(
    images.map(async (image) => {
      const own = bundleTag(image);
      const [machine, loaded] = await Promise.all([
        engine.findImage(image.tag),
        engine.findImage(own),
      ]);
      if (hasLayers(machine, image)) names.set(image.tag, image.tag);
      else if (hasLayers(loaded, image) && isOf(loaded, image)) names.set(image.tag, own);
    }),
  );
  return names;
}

function hasLayers(facts: ImageFacts | undefined, { layers }: BundleImage): boolean {
  return facts?.diffIds.join() === layers.map(({ diffId }) => diffId).join();
}

/** Also how its containers run; of an id that is a manifest's nothing can be told. */
function isOf(facts: ImageFacts | undefined, { config }: BundleImage): boolean {
  return facts?.isManifest === true || facts?.id === withPrefix(config);
}

async function loadAll(
  images: readonly BundleImage[],
  bundle: OpenedBundle,
  session: Session,
): Promise<void> {
  const attempt = `Load images ${images.map(({ tag }) => tag).join(", ")}`;
  session.report.step(`${attempt} for builds from the bundle`);
  const streamed = await Promise.all(
    images.map(async (image) => ({
      tag: bundleTag(image),
      ...(await streamedImage(image, bundle)),
    })),
  );
  await loadBytes(imagesStream(streamed), attempt, session);
}

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
