/** An image config in a canonical form, the same whichever engine built the image. */
import type { ImageConfig } from "../archive/image-json.ts";
import { pickDefined, pickRunConfig, sortKeys } from "../archive/run-config.ts";

export interface NormalizedLayer {
  /** Of the uncompressed layer: `sha256:…` */
  diffId: string;
  /** Seconds since 1970. */
  epoch: number;
  /** Place among the image's layers as the engine built it, counted from zero. */
  index: number;
}

/**
 * @param layers those that are left, lowest first
 * @param epoch seconds since 1970: when the image was made
 * @returns JSON, its keys in the order of the alphabet
 */
export function normalizeConfig(
  config: ImageConfig,
  layers: readonly NormalizedLayer[],
  epoch: number,
): Uint8Array {
  const kept = pickDefined(config, [
    "architecture",
    "author",
    "os",
    "os.features",
    "os.version",
    "variant",
  ]);
  const normalized = {
    ...kept,
    config: pickRunConfig(config.config ?? {}),
    created: isoTime(epoch),
    history: normalizeHistory(config, layers),
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  };
  return new TextEncoder().encode(JSON.stringify(sortKeys(normalized)));
}

/** As engines write it: no fraction of a second. */
export function isoTime(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

// --- internal ---

/** One entry for each layer: what else happened stands in the config, which words it once only. */
function normalizeHistory({ history }: ImageConfig, layers: readonly NormalizedLayer[]): object[] {
  const ofLayers = (history ?? []).filter(({ empty_layer }) => empty_layer !== true);
  return layers.map(({ epoch, index }) => ({
    created: isoTime(epoch),
    created_by: ofLayers[index]?.created_by ?? "",
  }));
}
