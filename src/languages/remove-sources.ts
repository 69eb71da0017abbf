/**
 * Pure: removes what only the build of a compiled app reads, once it is built: what else an app has,
 * it may read when it runs.
 */
import { shellQuote } from "../lib/shell-words.ts";
import { INSTALLED_FOLDERS } from "../registries/registries.ts";

export interface Sources {
  /** Files and folders, relative to the app's source; a shell expands their stars. */
  paths: readonly string[];
  /** Files of these names, in whatever folder. */
  names: readonly string[];
  /** Folders of these names. */
  folders: readonly string[];
}

/** A line for a shell, in the app's folder; folders that had nothing but such files go as well. */
export function removalLine({ paths, names, folders }: Sources): string {
  const named = (all: readonly string[]) =>
    all.map((name) => `-name ${shellQuote(name)}`).join(" -o ");
  const find = `find . -type d '(' ${named(INSTALLED)} ')' -prune -o`;
  const remove = "-exec rm -rf {} +";
  return [
    ...(paths.length === 0 ? [] : [`shopt -s dotglob nullglob; rm -rf -- ${paths.join(" ")}`]),
    ...(folders.length === 0 ? [] : [`${find} -type d '(' ${named(folders)} ')' -prune ${remove}`]),
    `mapfile -d '' -t held < <(${find} -type f '(' ${named(names)} ')' -printf '%h\\0' -exec rm -f {} + | sort -zu)`,
    `for one in "$\{held[@]}"; do rmdir -p --ignore-fail-on-non-empty -- "$one" 2>/dev/null || true; done`,
  ].join("; ");
}

// --- internal ---

/** Large, and none of the sources. */
const INSTALLED = INSTALLED_FOLDERS.flatMap(({ name }) => name ?? []);
