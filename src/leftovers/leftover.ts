/** A leftover of a run that was killed: its kind, its place, and how it is removed. */
import { stateOfRun } from "../runs/run.ts";

export interface Leftover {
  kind: "folder" | "file" | "container" | "image";
  /** Path, tag or id. */
  name: string;
  /** @throws whatever keeps it from being removed */
  remove(): Promise<void>;
}

/**
 * Whether what a run has made is left over.
 * @param made when it was last written, in milliseconds since 1970
 */
export function isLeftOver(run: string, made: number, now = Date.now()): boolean {
  const state = stateOfRun(run);
  return state === "dead" || (state === "unknown" && now - made > LONGEST_RUN);
}

// --- internal ---

/** Milliseconds after which a run that cannot be seen from here has ended for sure: a week. */
const LONGEST_RUN = 7 * 24 * 3600 * 1000;
