/** Pure: what has changed between two builds of an app, layer by layer. */
import type { LayerPlan } from "../plan/layers.ts";
import type { BuildInputs } from "./record.ts";

/** A change within this time before the look may have escaped it: file systems round times. */
const RACY = 2000;

/** Parts that every layer depends on. */
const COMMON_PARTS = ["tool", "builder"];

/** Whether nothing has changed, and nothing can have. */
export function isUnchanged(before: BuildInputs, now: BuildInputs): boolean {
  const times = Object.values(now.files).map(timeOf);
  if (times.some((time) => time > before.begun - RACY)) return false;
  return (
    isSame(before.parts, now.parts) &&
    isSame(before.files, now.files) &&
    isSame(before.images, now.images)
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
  const parts = [...COMMON_PARTS, ...(layer ? [`layer ${layer.name}`] : ["plan"])];
  const isInput = (path: string) =>
    !layer?.files || layer.files.some((file) => path === file || path.startsWith(`${file}/`));
  return [
    ...changedKeys(before.images, now.images).map((tag) => `image ${tag}`),
    ...changedKeys(before.parts, now.parts).filter((part) => parts.includes(part)),
    ...changedKeys(before.files, now.files).filter(isInput),
  ];
}

/** How a file is remembered. @param mtimeMs milliseconds since 1970 */
export function fileStamp({ size, mtimeMs, mode }: FileFacts): string {
  return `${size} ${mtimeMs} ${(mode & 0o7777).toString(8)}`;
}

export interface FileFacts {
  size: number;
  mtimeMs: number;
  mode: number;
}

// --- internal ---

function timeOf(stamp: string): number {
  return Number(stamp.split(" ")[1]);
}

type Values = Readonly<Record<string, string | null>>;

function isSame(left: Values, right: Values): boolean {
  return changedKeys(left, right).length === 0;
}

function changedKeys(left: Values, right: Values): string[] {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].filter((key) => left[key] !== right[key]);
}
