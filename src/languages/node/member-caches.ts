/** Pure: what bundlers keep in members of a workspace for their next run, of no use to a running app. */
import type { NodeProject } from "./project.ts";

/** Folders relative to the source; those at the top, and the app's own framework's, are known apart. */
export function memberCaches({ packages, members }: NodeProject): string[] {
  if (members.length === 0) return [];
  const [top] = packages;
  const hasTurbo = top !== undefined && "turbo" in dependenciesOf(top.manifest);
  return packages.flatMap(({ folder, manifest }) => {
    const at = folder === "" ? "" : `${folder}/`;
    const isBuilt = folder !== "" && manifest.scripts.build !== undefined;
    return [
      ...(isBuilt ? [`${at}node_modules/.cache`] : []),
      ...(isBuilt && "next" in dependenciesOf(manifest) ? [`${at}.next/cache`] : []),
      ...(hasTurbo && (isBuilt || folder === "") ? [`${at}.turbo`] : []),
    ];
  });
}

// --- internal ---

function dependenciesOf(manifest: NodeProject["packages"][0]["manifest"]): Record<string, string> {
  return { ...manifest.dependencies, ...manifest.devDependencies };
}
