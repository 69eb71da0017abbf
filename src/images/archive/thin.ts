/**
 * Thin archives leave out layers that another image brings. What they need stands in a member of
 * its own, `nua-thin.json`, which engines and the Nua orchestrator pass over.
 */
import * as v from "valibot";
import type { ArchivePlace } from "../../lib/archive-error.ts";
import { digestSchema, parseDocument } from "./image-json.ts";

export const THIN_MEMBER = "nua-thin.json";

/** An image that the engine has to hold before a thin archive can be loaded. */
export interface NeededImage {
  tag: string;
  /** The layers that are left out, lowest first. */
  layers: { digest: string; bytes: number }[];
}

const thinSchema = v.object({
  version: v.literal(1, "written by another version of nua-build"),
  needs: v.array(
    v.object({
      tag: v.string(),
      layers: v.array(
        v.object({ digest: digestSchema, bytes: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
      ),
    }),
  ),
});

export function formatThin(needs: readonly NeededImage[]): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ version: 1, needs })}\n`);
}

/** @throws NuaError (archive) for bytes of another shape */
export function parseThin(bytes: Uint8Array, place: ArchivePlace): NeededImage[] {
  return parseDocument(thinSchema, bytes, place).needs;
}

/**
 * The lowest layers that an image has in common with its base, each once.
 * @returns none when it is not built on that base
 */
export function sharedLayers(diffIds: readonly string[], base: readonly string[]): string[] {
  return [...new Set(diffIds.slice(0, countBaseLayers(diffIds, base)))];
}

/** How many layers an image has from its base; 0 when it is not built on that. */
export function countBaseLayers(diffIds: readonly string[], base: readonly string[]): number {
  return base.every((digest, index) => diffIds[index] === digest) ? base.length : 0;
}
