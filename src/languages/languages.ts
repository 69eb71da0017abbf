/** The ordered list of languages. */
import type { SourceTree } from "../source/source-tree.ts";
import { elixir } from "./elixir/elixir.ts";
import { go } from "./go/go.ts";
import { java } from "./java/java.ts";
import type { Language } from "./language.ts";
import { node } from "./node/node.ts";
import { python } from "./python/python.ts";
import { wheels } from "./python/wheels.ts";
import { ruby } from "./ruby/ruby.ts";
import { rust } from "./rust/rust.ts";
import { shell } from "./shell/shell.ts";
import { staticSites } from "./static/static.ts";

/**
 * All that apply are planned, since many apps are a Python server with a front end. Node is first:
 * what it builds may be part of a Python package or of a Go program, while it needs nothing of theirs.
 * Wheels only count where there is no project that would be built instead. Pages and scripts are
 * last: most are part of an app of another language.
 */
export const LANGUAGES: readonly Language[] = [
  ...[node, ruby, python, wheels, go, rust, java, elixir, staticSites, shell],
];

/**
 * Those that apply to an app, and not only to those who develop it. One that does not counts for
 * nothing beside those that come after it: pages are served where package.json holds tools only.
 * @param unknown others that are there
 */
export function detectLanguages(tree: SourceTree, unknown: readonly string[] = []): Language[] {
  let found = LANGUAGES.filter((language) => language.detect(tree) !== null);
  for (const language of found) {
    const beside = { languages: [...found.map(({ name }) => name), ...unknown] };
    if (language.isOfApp?.(tree, beside) === false) found = found.filter((one) => one !== language);
  }
  return found;
}
