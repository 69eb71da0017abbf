/** Pure: the version of a lock's format. */
import type { SourceTree } from "../../../source/source-tree.ts";
import { fileError, lineOf } from "../manifests/read-file.ts";

/**
 * @param known matches the versions that are known; `key`: the line that has it
 * @throws NuaError (input) for another version
 */
export function checkVersion(
  tree: SourceTree,
  file: string,
  format: { version: string | number; known: RegExp; key: RegExp; hint: string },
): void {
  const { version, known, key, hint } = format;
  if (known.test(String(version))) return;
  const line = lineOf(tree.text(file) ?? "", key);
  throw fileError(file, `version ${version} of this format is not known`, {
    ...{ hint, ...(line === undefined ? {} : { line }) },
  });
}
