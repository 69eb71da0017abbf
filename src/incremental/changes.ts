/** Pure: what has changed since the last build, layer by layer. */
import type { LayerPlan } from "../plan/layers.ts";
import { changedPaths } from "./file-listing.ts";
import type { BuildInputs } from "./record.ts";

/** Parts that every layer depends on. */
const COMMON_PARTS = ["tool", "builder"];

/** Whether nothing has changed. */
export function isUnchanged(before: BuildInputs, now: BuildInputs): boolean {
  return (
    isSame(before.parts, now.parts) &&
    isSame(before.images, now.images) &&
    changedPaths(before.files, now.files).length === 0
  );
}

/**
 * What makes a layer anew, beside the layers below it.
 * @param layer undefined for an image that has no layers of the plan's
 */
export function layerChanges(
  before: BuildInputs,
  now: BuildInputs,
  layer: LayerPlan | undefined,
): string[] {
  const own = layer ? [`layer ${layer.name}`] : ["plan"];
  const parts = [...COMMON_PARTS, ...own, ...(layer?.files ? [] : ["source"])];
  const isInput = (path: string) =>
    !layer?.files || layer.files.some((file) => path === file || path.startsWith(`${file}/`));
  return [
    ...changedKeys(before.images, now.images).map((tag) => `image ${tag}`),
    ...changedKeys(before.parts, now.parts).filter((part) => parts.includes(part)),
    ...changedPaths(before.files, now.files).filter(isInput),
  ];
}

// --- internal ---

type Values = Readonly<Record<string, string | null>>;

function isSame(left: Values, right: Values): boolean {
  return changedKeys(left, right).length === 0;
}

function changedKeys(left: Values, right: Values): string[] {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].filter((key) => left[key] !== right[key]);
}
