/**
 * Folders that a builder keeps from build to build for package managers: the Dockerfile mounts them,
 * and the agent finds them.
 */

/** Below it there is a folder for each, by its name. */
export const CACHES_FOLDER = "/run/nua/cache";

export interface BuildCache {
  /** Lower-case letters. */
  name: string;
  /** Whether several builds may write there at once; otherwise each of them gets its own. */
  isShared: boolean;
}
