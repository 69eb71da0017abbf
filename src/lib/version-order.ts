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

/**
 * Of the versions that there are, where none suits: the next older and newer ones, the newest of
 * the same major version, and the newest of all.
 */
export function nearestVersions(
  range: string,
  list: readonly string[],
  compare: (a: string, b: string) => number,
): string[] {
  const sorted = list.filter((version) => /^[\d.]+$/.test(version)).sort(compare);
  const [asked] = /\d+(?:\.\d+){0,2}/.exec(range) ?? [];
  if (asked === undefined) return sorted.slice(-1);
  const [major = 0, minor = 0, patch = 0] = asked.split(".").map(Number);
  const version = `${major}.${minor}.${patch}`;
  const older = sorted.findLast((one) => compare(one, version) < 0);
  const newer = sorted.find((one) => compare(one, version) >= 0);
  const same = sorted.findLast((one) => one.startsWith(`${major}.`));
  const found = [older, newer, same, sorted.at(-1)].filter((one) => one !== undefined);
  return [...new Set(found)].sort(compare);
}
