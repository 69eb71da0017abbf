/** Where scripts of an app that was prepared for Nua are looked for, when none is named. */
import { BUILD, SCRIPTS } from "../protocol/layout.ts";

export interface PackageScript {
  /** Relative to the app's folder. */
  file: string;
  /** In the image, once the app is built. */
  place: string;
}

/** @param isPrepared whether there is a nua-config: without one, a file at the top is something else */
export function startScripts(isPrepared: boolean): PackageScript[] {
  return isPrepared ? [...OWN, { file: "start.py", place: `${BUILD}/start.py` }] : [...OWN];
}

/** The same of build scripts, relative to the app's folder. */
export function buildScripts(isPrepared: boolean): string[] {
  return ["nua/build.py", ...(isPrepared ? ["build.py"] : [])];
}

// --- internal ---

/** The second is merged from the app's folder `nua`. */
const OWN: readonly PackageScript[] = [
  { file: "nua/start.py", place: `${BUILD}/nua/start.py` },
  { file: "nua/scripts/start.py", place: `${SCRIPTS}/start.py` },
];
