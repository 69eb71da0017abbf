/** What manifests wish for, compared with what a lock file has noted of them. Pure. */
import type { SourceTree } from "../../../source/source-tree.ts";
import type { Manifest } from "../app/manifest.ts";

/** A package of the source: its folder, "" at the top, and its manifest. */
export interface LocalPackage {
  folder: string;
  manifest: Manifest;
}

export interface LockInput {
  tree: SourceTree;
  /** The text of the lock file. */
  text: string;
  /** The one at the top first. */
  packages: readonly LocalPackage[];
}

export interface Wish {
  name: string;
  /** As the manifest has it. */
  range: string;
}

/** What is installed for a manifest; a name in several lists counts as managers count it. */
export function wishesOf(manifest: Manifest): Wish[] {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const all = { ...devDependencies, ...dependencies, ...optionalDependencies };
  return Object.entries(all).map(([name, range]) => ({ name, range }));
}

/**
 * The first wish that was noted otherwise, or not at all; else what was noted and is not wished.
 * Some managers note peers as well.
 */
export function compareWishes(
  { folder, manifest }: LocalPackage,
  wishes: readonly Wish[],
  noted: Readonly<Record<string, string>>,
): string | null {
  const where = folder === "" ? "" : ` in ${folder}`;
  for (const { name, range } of wishes) {
    const old = Object.hasOwn(noted, name) ? noted[name] : undefined;
    if (old === undefined) return `it lacks ${name}@${range}${where}`;
    if (old !== range) return `it has ${name}@${old}, not ${name}@${range}${where}`;
  }
  const names = new Set([
    ...wishes.map(({ name }) => name),
    ...Object.keys(manifest.peerDependencies),
  ]);
  const extra = Object.keys(noted).find((name) => !names.has(name));
  return extra === undefined ? null : `it has ${extra}, which is not wished for${where}`;
}
