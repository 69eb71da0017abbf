/** Pure: apps that nothing starts, and apps in languages that nua-build does not build. */
import { LANGUAGES } from "../languages/languages.ts";
import { NuaError } from "../lib/errors.ts";
import { type SourceTree, subtree } from "../source/source-tree.ts";
import type { AppStart } from "./app-start.ts";
import { customBuild, type PlannedPart, SERVERS } from "./parts.ts";
import type { RequestedWork } from "./requested-work.ts";
import { findUnknown, type UnknownLanguage } from "./unknown-languages.ts";

export interface FoundApp {
  work: RequestedWork;
  /** The app's source; undefined where it is not at hand. */
  tree: SourceTree | undefined;
  parts: readonly PlannedPart[];
  start: AppStart;
  foundBuildScript: string | null;
  /** Whether there is a nua-config. */
  isPrepared: boolean;
}

/**
 * A build that is done for nothing is worse than none.
 * @throws NuaError (config) for an app that is not built, that nothing is known of, or of which a
 *   person has to say what is started
 */
export function rejectUnbuilt(app: FoundApp): void {
  const { work, tree, parts, start, isPrepared } = app;
  const [undecided] = parts.flatMap(({ plan }) => plan.undecided ?? []);
  if (undecided !== undefined && start.from === null) throw undecided;
  if (tree === undefined || isBuiltByHand(app)) return;
  const isServed = start.from !== null && start.site === null;
  const unknown = findUnknownIn(tree);
  const onlyFronts = parts.every(({ language }) => language.buildsFrontEnds === true);
  if (unknown !== null && !isServed && onlyFronts && work.languages.length === 0) {
    const { title, file, build } = unknown;
    throw new NuaError("config", `Build "${file}": nua-build does not know ${title} yet`, {
      file,
      hint:
        `write a nua-config with build.packages, build.build (such as "${build}") and run.start; ` +
        "or name in build.languages what else the app is built from",
    });
  }
  if (isPrepared || parts.length > 0 || start.from !== null) return;
  const manifests = LANGUAGES.flatMap((language) => language.manifests);
  const lookedFor = [...new Set([...manifests, ...start.lookedFor])].join(", ");
  throw new NuaError("config", "Build the app: its files say neither how it is built nor started", {
    hint: `write a nua-config with build.build and run.start, or a Procfile; looked for ${lookedFor}`,
  });
}

/** @throws NuaError (config) where nothing is known that would start the app */
export function rejectMissingStart({ from, lookedFor }: AppStart): void {
  if (from !== null) return;
  throw new NuaError("config", `Start the app: there is none of ${lookedFor.join(", ")}`, {
    hint: 'write run.start, or a Procfile with a line "web: COMMAND"',
  });
}

// --- internal ---

/** At the top, or in the folder of a server. */
function findUnknownIn(tree: SourceTree): UnknownLanguage | null {
  const top = findUnknown(tree);
  if (top !== null) return top;
  for (const dir of SERVERS) {
    const found = findUnknown(subtree(tree, dir));
    if (found !== null) return { ...found, file: `${dir}/${found.file}` };
  }
  return null;
}

/** Whether the configuration says how it is built or started. */
function isBuiltByHand({ work, start, ...app }: FoundApp): boolean {
  const { beforeBuild, pipInstall, metaPackages } = work;
  const isStarted = start.configured.length > 0 || start.script !== null;
  const lines = [...beforeBuild, ...pipInstall, ...metaPackages, ...work.build];
  return lines.length > 0 || isStarted || customBuild({ work, ...app }) !== null;
}
