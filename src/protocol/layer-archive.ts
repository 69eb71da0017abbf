/**
 * The files in which the agent hands a layer to the host: the tar file, and a JSON file about it.
 */
import * as v from "valibot";
import { missingSchema } from "./exchanges.ts";

/** The folder in the container; the rest of what the agent is given is beside it. */
export const LAYERS_FOLDER = "/run/nua/layers";

/** In that folder: the layer itself, uncompressed, and what is known of it. */
export function layerFiles(layer: string): { tar: string; facts: string } {
  return { tar: `${layer}.tar`, facts: `${layer}.json` };
}

/** Where the app's stage finds what the one with its dependencies has changed, where that prunes. */
export const PRUNED_FOLDER = "/run/nua/pruned";

/** Beside the layer: a JSON file that tells the stages after it what changed. */
export function changedFile(layer: string): string {
  return `${layer}.changed.json`;
}

/** Paths below "/", each character of them a byte. */
export const changedSchema = v.strictObject({
  added: v.array(v.string()),
  changed: v.array(v.string()),
  /** What was there before; not what is in such a folder. */
  gone: v.array(v.string()),
});

export type ChangedPaths = v.InferOutput<typeof changedSchema>;

export const layerFactsSchema = v.object({
  version: v.literal(1),
  /** `sha256:…` of the tar file. */
  diffId: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)),
  /** Length of the tar file. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /**
   * What it lacks in a build from a bundle, and is not to be used for. The layers above it are made all
   * the same, so that they tell what they lack; and the builder may have it from its cache.
   */
  missing: v.array(missingSchema),
  /** What the agent has warned of, told also of a layer that the builder has from its cache. */
  warnings: v.array(v.string()),
});

export type LayerFacts = v.InferOutput<typeof layerFactsSchema>;
