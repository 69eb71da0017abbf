/** Semantic versions: which ones a range allows, newest first. Pure. */

/**
 * Versions that a wish allows, newest first; without pre-releases.
 * @param wanted "20", "20.11" or "20.11.0"
 */
export function matchingVersions(wanted: string, versions: readonly string[]): string[] {
  return versions
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version))
    .filter((version) => version === wanted || version.startsWith(`${wanted}.`))
    .sort((a, b) => compareVersions(b, a));
}

/** Negative when `a` is older than `b`; a part that is missing counts as 0. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  const at = left.findIndex((part, index) => part !== (right[index] ?? 0));
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
