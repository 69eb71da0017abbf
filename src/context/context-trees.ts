/** The folders of the build context, and which files of the app go into each. */
import { statSync } from "node:fs";
import { basename, dirname, normalize, relative } from "node:path";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { namedFiles } from "../plan/named-files.ts";
import type { AppIdentity } from "../session/input-source.ts";
import { resolveInApp } from "../source/app-file.ts";
import { GENERATED_NAMES, isStagedAtTop, isStagedInNua } from "../source/staged-names.ts";
import { createTakeRules, type TakeRules } from "../source/take-rules.ts";
import type { WalkOptions } from "../source/walk-tree.ts";

export interface ContextTree extends Omit<WalkOptions, "signal"> {
  /** Where it goes, relative to the context; empty for its top. */
  to: string;
}

/**
 * @throws NuaError (input) for a path of build.manifest, or a folder `nua`, that lies elsewhere
 *   behind a link; for a `.dockerignore` that cannot be read
 */
export async function contextTrees(loaded: LoadedConfig, plan: BuildPlan): Promise<ContextTree[]> {
  const { root } = loaded;
  if (plan.method === "wrap") return [];
  const take = appRules([{ loaded, plan }]);
  const all: ContextTree = {
    from: root,
    to: "",
    accept: isStagedAtTop,
    rules: { take, base: "" },
  };
  const items = plan.manifest?.map(normalizeItem);
  const listed = items?.includes("")
    ? [all]
    : items && withoutNested(items).flatMap((path) => pathTree(root, path, take));
  const source = listed ?? (plan.source?.kind === "local" ? [all] : []);
  const nua = resolveInApp(root, "nua");
  if (nua === undefined || !statSync(nua).isDirectory()) return source;
  const rules = { take, base: "nua" };
  return [...source, { from: nua, to: "nua", accept: isStagedInNua, rules }];
}

/** A configuration, and what comes of it; that of a sub-app has the folder of its main app. */
export interface PlannedApp {
  loaded: LoadedConfig;
  plan: BuildPlan;
}

/**
 * What of an app's folder is taken for the build of the apps in it.
 * @throws NuaError (input) for a `.dockerignore` that cannot be read
 */
export function appRules(apps: readonly PlannedApp[]): TakeRules {
  return createTakeRules(apps[0]!.loaded.root, {
    named: apps.flatMap(({ plan }) => plan.manifest ?? []).map(normalizeItem),
    needed: neededIn(apps),
  });
}

/** The same for a bundle, which has what is read beside the build context as well. */
export function bundlePaths(apps: readonly PlannedApp[]): AppIdentity["taken"] {
  const { root, file, manifests } = apps[0]!.loaded;
  // Without them, what there is no configuration for would be another app.
  const described = file === null ? manifests : [relative(root, file), ...manifests];
  const read = [".dockerignore", "Dockerfile", "build.py", ...described];
  return {
    named: apps.flatMap(({ plan }) => plan.manifest ?? []).map(normalizeItem),
    needed: [...neededIn(apps), ...read.map(normalizeItem)],
  };
}

// --- internal ---

/** Folders that are built keep the "/" at their ends. */
function neededIn(apps: readonly PlannedApp[]): string[] {
  const planned = apps.flatMap(({ plan }) => plan.needed);
  return [...new Set([...apps.flatMap(neededPaths).map(normalizeItem), ...planned])];
}

/** What the plan cannot do without. */
function neededPaths({ loaded, plan: { source, layers } }: PlannedApp): string[] {
  const { build, run } = loaded.config;
  const scripts = source === null ? [] : [build?.["build-script"], run?.["start-script"]];
  return [
    ...layers.flatMap(({ files }) => files ?? []),
    ...namedFiles(loaded.config, loaded.fields).map(({ file }) => file),
    ...scripts.filter((script) => typeof script === "string"),
    ...(source?.kind === "local" ? [source.dir] : []),
  ];
}

/** Empty for the folder itself. */
function normalizeItem(path: string): string {
  const normal = normalize(path).replace(/\/+$/, "");
  return normal === "." ? "" : normal;
}

/** Each thing once: of a folder and a file in it, the folder has both. */
function withoutNested(items: readonly string[]): string[] {
  const unique = [...new Set(items)];
  return unique.filter((path) => !unique.some((other) => path.startsWith(`${other}/`)));
}

/** Nothing for what nua-build writes itself, or stages in any case. */
function pathTree(root: string, path: string, take: TakeRules): ContextTree[] {
  const folder = dirname(path) === "." ? "" : dirname(path);
  const top = path.split("/")[0]!;
  if (top === "nua" || GENERATED_NAMES.has(top)) return [];
  const from = resolveInApp(root, folder || ".");
  if (from === undefined) return [];
  const name = basename(path);
  const accept = (other: string) => other === name;
  return [{ from, to: folder, accept, rules: { take, base: folder } }];
}
