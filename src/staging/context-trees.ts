/** Which trees of an app's folder go into its build context, and where. */
import { stat } from "node:fs/promises";
import { basename, dirname, join, normalize } from "node:path";
import type { LoadedConfig } from "../config/load-config.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { isStagedAtTop, isStagedInNua } from "../plan/staging.ts";
import type { WalkOptions } from "./walk-tree.ts";

export interface ContextTree extends Omit<WalkOptions, "signal"> {
  /** Where it goes, relative to the context; empty for its top. */
  to: string;
}

export async function contextTrees(
  { root }: LoadedConfig,
  { method, manifest, agent }: BuildPlan,
): Promise<ContextTree[]> {
  if (method === "wrap") return [];
  const all: ContextTree = { from: root, to: "", accept: isStagedAtTop };
  const nua: ContextTree = { from: join(root, "nua"), to: "nua", accept: isStagedInNua };
  const listed = manifest?.map((path) => pathTree(root, normalize(path)) ?? all);
  const source = listed ?? (agent?.source.kind === "local" ? [all] : []);
  return [...source, ...((await isFolder(nua.from)) ? [nua] : [])];
}

// --- internal ---

/** Undefined for the folder itself. */
function pathTree(root: string, path: string): ContextTree | undefined {
  if (path === "." || path === "./") return undefined;
  const folder = dirname(path);
  const name = basename(path);
  return {
    from: join(root, folder),
    to: folder === "." ? "" : folder,
    accept: (other) => other === name,
  };
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
