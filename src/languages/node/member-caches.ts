/** Pure: what bundlers keep in members of a workspace for their next run, of no use to a running app. */
import { dependencyNames } from "./app/manifest.ts";
import type { LocalPackage } from "./locks/wishes.ts";
import type { NodeProject } from "./project.ts";

/** Folders relative to the source; those at the top, and the app's own framework's, are known apart. */
export function memberCaches({ packages, members }: NodeProject): string[] {
  if (members.length === 0) return [];
  const uses = ({ manifest }: LocalPackage, name: string) =>
    dependencyNames(manifest, { dev: true }).has(name);
  const hasTurbo = packages.slice(0, 1).some((top) => uses(top, "turbo"));
  return packages.flatMap((one) => {
    const { folder, manifest } = one;
    const at = folder === "" ? "" : `${folder}/`;
    const isBuilt = folder !== "" && manifest.scripts.build !== undefined;
    return [
      ...(isBuilt ? [`${at}node_modules/.cache`] : []),
      ...(isBuilt && uses(one, "next") ? [`${at}.next/cache`] : []),
      ...(hasTurbo && (isBuilt || folder === "") ? [`${at}.turbo`] : []),
    ];
  });
}
