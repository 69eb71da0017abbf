/** Pure: what of an app the plan cannot do without. */
import { join, normalize } from "node:path/posix";
import type { SourceTree } from "../source/source-tree.ts";
import type { AppStart } from "./app-start.ts";
import { builtParts, type PlannedPart } from "./parts.ts";
import { PROCFILE } from "./procfile.ts";
import type { RequestedWork } from "./requested-work.ts";

/** Relative to the app's folder; folders of parts that are built end with "/". */
export function neededPaths(
  { source }: RequestedWork,
  { parts, start }: { parts: readonly PlannedPart[]; start: AppStart },
  tree: SourceTree | undefined,
): string[] {
  if (tree === undefined || source.kind !== "local") return [];
  const built = builtParts(parts);
  const files = [
    ...built.flatMap(({ file, plan }) => [file, ...(plan.needs ?? [])]),
    ...procfiles(start),
    ...startedFiles(start),
  ];
  const folders = built.map(({ dir }) => `${join(source.dir, dir)}/`);
  const present = [...new Set(files.map(normalize))].filter((path) => tree.has(path));
  return [...new Set([...present.map((path) => join(source.dir, path)), ...folders])];
}

// --- internal ---

/** With its line, as origins have it. */
function procfiles({ from }: AppStart): string[] {
  const file = from?.what.replace(/:\d+$/, "") ?? "";
  return file.split("/").at(-1) === PROCFILE ? [file] : [];
}

/** Words of the start command may be files of the app. */
function startedFiles({ configured, detected, site }: AppStart): string[] {
  if (site !== null) return [];
  const line = configured.at(-1) ?? detected?.line ?? "";
  const dir = detected?.dir ?? ".";
  return line
    .split(/[\s"'=;&|<>()]+/)
    .filter((word) => /^[\w.@][\w./@+-]*$/.test(word) && !word.includes(".."))
    .map((word) => join(dir, word))
    .filter((path) => path !== ".");
}
