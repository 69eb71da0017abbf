/** Pure: the runtimes that an app's files ask for, in all of its languages. */
import type { SourceTree } from "../source/source-tree.ts";
import { detectLanguages } from "./languages.ts";
import type { RequestedRuntime } from "./runtime.ts";

/** Those of each language that is there and of the app; what is asked for first comes first. */
export function requestedRuntimes(tree: SourceTree): RequestedRuntime[] {
  const all = detectLanguages(tree);
  const beside = { languages: all.map(({ name }) => name) };
  return all
    .filter((language) => language.isOfApp?.(tree, beside) !== false)
    .flatMap((language) => language.runtimes?.(tree, beside) ?? []);
}
