/**
 * Assembles an app's image from its base and the layers that the agent has packed, and loads it.
 * The engine gets those layers alone, and its archive needs nothing that the engine would have to
 * gather.
 */

import type { ImageFacts } from "../../engine/image-facts.ts";
import { sha256Hex, withoutPrefix, withPrefix } from "../../lib/digest.ts";
import { NuaError } from "../../lib/errors.ts";
import type { Session } from "../../session/session.ts";
import { imageStream, type StreamedImage } from "../archive/image-stream.ts";
import { readLayerFile } from "../archive/layer-file.ts";
import type { PackedImage } from "../archive/packed-image.ts";
import { pickRunConfig } from "../archive/run-config.ts";
import { loadBytes } from "../transfer/load-stream.ts";
import {
  formatCreated,
  formatImageConfig,
  type ImageParts,
  listLayers,
  runConfig,
} from "./image-config.ts";
import type { PackedLayer } from "./read-layers.ts";

export interface AssembledImage {
  image: ImageFacts;
  packed: PackedImage;
}

export interface AssemblyRequest extends Omit<ImageParts, "base" | "layers" | "created"> {
  tag: string;
  /** What the engine is to call the image. */
  loadAs: string;
  base: ImageFacts;
  /** The app's image as it was: what it has, the engine holds. */
  before: ImageFacts | undefined;
  layers: readonly PackedLayer[];
}

/** The layers without files that the engine does not hold either, where they would have to be. */
export function findMissing({ base, before, layers }: AssemblyRequest): PackedLayer[] {
  const diffIds = listLayers({ base, layers });
  const held = Math.max(base.diffIds.length, countCommon(diffIds, before?.diffIds ?? []));
  return layers.slice(held - base.diffIds.length).filter(({ file }) => file === undefined);
}

/**
 * Puts the image together and has the engine take it.
 * @param request with no layer missing: see {@link findMissing}
 * @throws NuaError (engine) when the engine refuses the image
 */
export async function assembleImage(
  request: AssemblyRequest,
  session: Session,
): Promise<AssembledImage> {
  const { tag, loadAs, layers, base, before } = request;
  const diffIds = listLayers(request);
  // The same image again is the same to the second.
  const isSame = before !== undefined && isSameImage(before, request, diffIds);
  const created = isSame ? before.created : formatCreated(new Date());
  const configBytes = formatImageConfig({ ...request, created });
  const streamed: StreamedImage = {
    configBytes,
    configDigest: withPrefix(sha256Hex(configBytes)),
    layers: [...base.diffIds.map((diffId) => ({ diffId, bytes: 0 })), ...layers],
  };
  const handed = layers.filter(({ file }) => file !== undefined);
  const packed = {
    digests: new Set(handed.map(({ diffId }) => withoutPrefix(diffId))),
    chunks: () => imageStream(streamed, tag),
  };
  if (isSame) return { image: before, packed };
  await loadBytes(imageStream(streamed, loadAs), `Load image "${tag}"`, session);
  const image = await (await session.engine()).findImage(loadAs);
  if (image?.diffIds.join() !== diffIds.join()) throw otherImage(tag);
  const topmost = layers.at(-1)?.file;
  if (topmost === undefined) return { image, packed };
  return { image, packed: { ...packed, readTopmost: (path) => readLayerFile(topmost, path) } };
}

// --- internal ---

function isSameImage(
  before: ImageFacts,
  request: AssemblyRequest,
  diffIds: readonly string[],
): boolean {
  const isRunAlike =
    JSON.stringify(pickRunConfig(before.config)) === JSON.stringify(runConfig(request));
  return isRunAlike && before.diffIds.join() === diffIds.join();
}

function countCommon(one: readonly string[], other: readonly string[]): number {
  const count = one.findIndex((digest, index) => other[index] !== digest);
  return count < 0 ? one.length : count;
}

function otherImage(tag: string): NuaError {
  return new NuaError("engine", `Load image "${tag}": the engine does not hold it afterwards`, {
    hint: "build again; another program may have removed it in the meantime",
  });
}
