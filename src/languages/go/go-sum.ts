/** Pure: go.sum: does it have what go.mod requires? Source: go.dev/ref/mod, "go.sum files". */
import { rejectConflict } from "../merge-conflict.ts";
import type { GoModFile } from "./go-mod.ts";

/** `PATH VERSION`, of modules with a checksum: of the module, or of its go.mod alone. */
export type Checksums = ReadonlySet<string>;

/** @throws NuaError (input) for one with a conflict of git's in it */
export function parseGoSum(text: string, file: string): Checksums {
  rejectConflict(file, text, "resolve the conflict, or run go mod tidy");
  const all = new Set<string>();
  for (const line of text.split("\n")) {
    const [path, version, sum] = line.trim().split(/\s+/);
    if (sum !== undefined) all.add(`${path} ${version!.replace(/\/go\.mod$/, "")}`);
  }
  return all;
}

/**
 * What is required, and not replaced by a folder, without a checksum; null where it fits. A module
 * that only decides versions has one of its go.mod alone.
 * @param replaces those of go.mod, or those of the whole workspace
 */
export function withoutChecksum(
  { requires }: Pick<GoModFile, "requires">,
  replaces: GoModFile["replaces"],
  checksums: Checksums,
): string | null {
  for (const { path, version } of requires) {
    const to = replaces.find(
      (one) => one.path === path && (one.version === "" || one.version === version),
    );
    if (to !== undefined && to.toVersion === "") continue;
    const [name, exact] = to === undefined ? [path, version] : [to.to, to.toVersion];
    // A branch or a commit is what Go makes a version of.
    if (!/^v\d/.test(exact) || !checksums.has(`${name} ${exact}`)) return `${name} ${exact}`;
  }
  return null;
}
