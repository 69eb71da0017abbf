/** The package that is the app: the folder itself, or a member of its workspace. Pure. */
import { posix } from "node:path";
import { type SourceTree, subtree } from "../../../source/source-tree.ts";
import { dependencyNames, type Manifest, readManifest } from "./manifest.ts";

export interface AppPackage {
  /** Its folder, relative to the source; empty where it is the source itself. */
  dir: string;
  /** Its own files. */
  tree: SourceTree;
  /** All of the source. */
  root: SourceTree;
  manifest: Manifest;
  /**
   * Names of what is installed for it: a member of a workspace finds what its root depends on, too.
   */
  dependencies: ReadonlySet<string>;
  /** Those of them that are still there when what is for development is removed. */
  runtimeDependencies: ReadonlySet<string>;
}

/**
 * @param member of its workspace, relative to the source; null: the source itself
 * @throws NuaError (input) for a manifest that cannot be read
 */
export function appPackage(root: SourceTree, member: string | null): AppPackage {
  const dir = member ?? "";
  const manifest = readManifest(root, dir);
  const all = dir === "" ? [manifest] : [manifest, readManifest(root)];
  const names = (dev: boolean) => new Set(all.flatMap((one) => [...dependencyNames(one, { dev })]));
  return {
    ...{ dir, root, manifest, tree: subtree(root, dir) },
    ...{ dependencies: names(true), runtimeDependencies: names(false) },
  };
}

/** A path of the package, relative to the source; undefined where it leads out of the source. */
export function fromRoot({ dir }: Pick<AppPackage, "dir">, path: string): string | undefined {
  if (path.startsWith("/") || /[\p{Cc}]/u.test(path)) return undefined;
  const normal = posix.normalize(posix.join(dir, path)).replace(/\/$/, "");
  return normal === ".." || normal.startsWith("../") ? undefined : normal;
}

/** The first of some files that the package has; undefined where it has none. */
export function firstFile({ tree }: AppPackage, names: readonly string[]): string | undefined {
  return names.find((name) => tree.text(name) !== undefined);
}
