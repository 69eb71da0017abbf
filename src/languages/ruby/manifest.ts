/** Where an app names its gems: both pairs of names that Bundler knows. Pure. */
import type { SourceTree } from "../../source/source-tree.ts";

export interface ManifestNames {
  manifest: string;
  lock: string;
}

const PAIRS: readonly ManifestNames[] = [
  // Source: Bundler, SharedHelpers: in this order.
  { manifest: "gems.rb", lock: "gems.locked" },
  { manifest: "Gemfile", lock: "Gemfile.lock" },
];

/** Null where an app names none. */
export function manifestOf(tree: SourceTree): ManifestNames | null {
  return PAIRS.find(({ manifest }) => tree.has(manifest)) ?? null;
}

/** For messages, and where there is none. */
export const USUAL: ManifestNames = PAIRS[1]!;
