/** The last releases of managers' lines that have ended: a range within these lines means one version. Pure. */
import { semver } from "../../../lib/semver.ts";
import type { ManagerName } from "./manager.ts";

/**
 * The version that a range comes to, where it allows no line that still gets releases: the same
 * tomorrow, and without asking a registry.
 */
export function settledVersion(name: ManagerName, range: string | null): string | null {
  const last = LAST_RELEASES[name];
  if (range === null || last === undefined || semver.valid(range) !== null) return range;
  if (semver.validRange(range) === null || semver.intersects(range, last.open)) return range;
  const found = semver.maxSatisfying([...last.releases], range);
  // One that ends within a line means none of its last release.
  const isNewest = found !== null && !semver.intersects(range, `>=${semver.major(found) + 1}`);
  return isNewest ? found : range;
}

// --- internal ---

interface EndedLines {
  releases: readonly string[];
  /** What is released still. */
  open: string;
}

/** Source: the packages pnpm, yarn and @yarnpkg/cli-dist of the npm registry. */
const LAST_RELEASES: Partial<Record<ManagerName, EndedLines>> = {
  pnpm: { releases: ["6.35.1", "7.33.7", "8.15.9", "9.15.9"], open: ">=10" },
  yarn: {
    releases: ["2.4.3", "3.0.2", "3.1.1", "3.2.4", "3.8.7"],
    open: "<2 || >=4",
  },
};
