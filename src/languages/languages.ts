/** The ordered list of languages. */
import type { SourceTree } from "../source/source-tree.ts";
import type { Language } from "./language.ts";
import { node } from "./node/node.ts";
import { python } from "./python/python.ts";
import { wheels } from "./python/wheels.ts";
import { ruby } from "./ruby/ruby.ts";

/**
 * All that apply are planned, since many apps are a Python server with a front end. Node is first:
 * what it builds may be part of a Python package, while it needs nothing of the app's Python.
 * Wheels only count where there is no project that would be built instead.
 */
export const LANGUAGES: readonly Language[] = [node, ruby, python, wheels];

/** Those that apply to an app. */
export function detectLanguages(tree: SourceTree): Language[] {
  return LANGUAGES.filter((language) => language.detect(tree) !== null);
}
