/** Compares the lock file of an app with its manifests, and tells what a person reads of it. Pure. */
import { NuaError, type Position } from "../../../lib/errors.ts";
import { jsonProblem } from "../../../lib/json-problem.ts";
import type { SourceTree } from "../../../source/source-tree.ts";
import { yamlProblem } from "../app/yaml-file.ts";
import { lockDifference } from "./difference.ts";
import type { LocalPackage } from "./wishes.ts";

/**
 * Where lock file and manifests differ, in words; null where they fit.
 * @param packages the one at the top first
 * @throws NuaError (input) for a lock file that cannot be read, or one that differs and must not
 */
export function checkLock(
  tree: SourceTree,
  file: string,
  { packages, frozen }: { packages: readonly LocalPackage[]; frozen: boolean },
): string | null {
  const text = tree.text(file);
  if (text === undefined) return null;
  const difference = attempt(file, text, () => lockDifference(file, { tree, text, packages }));
  if (difference === null || !frozen) return difference;
  throw new NuaError("input", `Read "${file}": it does not fit package.json: ${difference}`, {
    file,
    hint: "have the package manager update it, or build without --frozen",
  });
}

// --- internal ---

function attempt<Result>(file: string, text: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const { message, position } = file.endsWith(".json")
      ? notJson(text)
      : yamlProblem(cause as Error);
    throw new NuaError("input", `Read "${file}": ${message}`, {
      ...{ file, position, cause },
      hint: "have the package manager write it anew",
    });
  }
}

function notJson(text: string): { message: string; position: Position } {
  const { message, position } = jsonProblem(text) ?? { position: { line: 1, column: 1 } };
  return { message: `not valid JSON${message === undefined ? "" : `: ${message}`}`, position };
}
