/** The ordered list of languages. */
import type { SourceTree } from "../source/source-tree.ts";
import { cpp } from "./cpp/cpp.ts";
import { deno } from "./deno/deno.ts";
import { dotnet } from "./dotnet/dotnet.ts";
import { elixir } from "./elixir/elixir.ts";
import { go } from "./go/go.ts";
import { java } from "./java/java.ts";
import type { Language } from "./language.ts";
import { node } from "./node/node.ts";
import { php } from "./php/php.ts";
import { prebuilt } from "./prebuilt/prebuilt.ts";
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
 * last: most are part of an app of another language. So are programs that somebody else has built.
 */
export const LANGUAGES: readonly Language[] = [
  ...[node, deno, ruby, python, wheels, go, rust, java, php, elixir, dotnet, cpp],
  ...[staticSites, shell, prebuilt],
];

/**
 * Those that apply to an app, and not only to those who develop it. One that does not counts for
 * nothing beside those that come after it: pages are served where package.json holds tools only.
 * @param unknown others that are there
 */
export function detectLanguages(
  tree: SourceTree,
  unknown: readonly string[] = [],
  languages: readonly Language[] = LANGUAGES,
): Language[] {
  const known = languages.filter((language) => language.detect(tree) !== null);
  const claimed = known.flatMap((language) => language.claims?.(tree) ?? []);
  const detected = known.filter(({ name }) => !claimed.includes(name));
  const isAsked = (language: Language, among: readonly Language[]) => {
    const beside = { languages: [...among.map(({ name }) => name), ...unknown] };
    return language.isOfApp?.(tree, beside) !== false;
  };
  // Of one that is nothing beside others, none of those knows.
  let found = detected.filter(
    (language) => language.isFallback !== true || isAsked(language, detected),
  );
  for (const language of found) {
    if (!isAsked(language, found)) found = found.filter((one) => one !== language);
  }
  return found;
}
