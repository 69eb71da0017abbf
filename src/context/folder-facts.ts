/**
 * Facts about an app's folder and source that the plan depends on. These are a few small files, one
 * after the other: handing each to another thread would take longer than reading it.
 */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { buildScripts, startScripts } from "../plan/package-scripts.ts";
import type { FolderFacts } from "../plan/plan-input.ts";
import { readAppFile } from "../source/app-file.ts";
import type { Source } from "../source/source.ts";
import { findSourceFolder } from "../source/source-folder.ts";
import { subtree } from "../source/source-tree.ts";

/**
 * Reads what {@link FolderFacts} says.
 * @param source undefined where it would have to be fetched
 */
export function readFolderFacts(loaded: LoadedConfig, source: Source | undefined): FolderFacts {
  const dockerfiles: Record<string, string> = {};
  for (const path of ["nua/Dockerfile", "Dockerfile"]) {
    const text = readAppFile(loaded.root, path, DOCKERFILE_BYTES);
    if (text !== undefined) dockerfiles[path] = text;
  }
  const tree = source === undefined ? undefined : subtree(source.tree, source.dir);
  const isPrepared = loaded.file !== null;
  const isThere = (name: string) => existsSync(join(loaded.root, name));
  return {
    configFile: loaded.file === null ? null : relative(loaded.root, loaded.file),
    dockerfiles,
    sourceFolder: findSourceFolder(loaded.root, loaded.fields.srcUrl),
    tree,
    commit: source?.archive?.commit ?? null,
    buildScript: buildScripts(isPrepared).find(isThere) ?? null,
    startScript: startScripts(isPrepared).find(({ file }) => isThere(file))?.file ?? null,
  };
}

// --- internal ---

/** No builder takes lines that are long, and no person writes as many. */
const DOCKERFILE_BYTES = 1024 * 1024;
