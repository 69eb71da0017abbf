/** Finds and removes what killed runs have left; for `prune` and `doctor --fix`. */
import { connectEngine } from "../engine/client.ts";
import { NuaError } from "../lib/errors.ts";
import type { Session } from "../session/session.ts";
import { findInEngine } from "./engine-leftovers.ts";
import type { Leftover } from "./leftover.ts";
import { findInFolders, findMarks } from "./sweep.ts";

/** What could not be removed, and why. */
export interface Kept {
  leftover: Leftover;
  reason: string;
}

/** Changes nothing. Of an engine that does not answer it is told that nothing was looked at. */
export async function findLeftovers({ settings, signal, report }: Session): Promise<Leftover[]> {
  const inEngine = Promise.all([
    connectEngine(settings.engine, { signal }).then(findInEngine),
    findMarks(settings),
  ]);
  const [folders, engine] = await Promise.all([
    findInFolders(settings),
    inEngine.catch((error: unknown) => {
      if (signal.aborted || !(error instanceof NuaError)) throw error;
      report.warn(`what is left in the engine is not known: ${error.message}`);
      return [];
    }),
  ]);
  return [...folders, ...engine.flat()];
}

/** @returns what is still there */
export async function removeLeftovers(leftovers: readonly Leftover[]): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (const leftover of leftovers) {
    await leftover.remove().catch((error: unknown) => {
      kept.push({ leftover, reason: error instanceof Error ? error.message : String(error) });
    });
  }
  return kept;
}
