/** Pure: the runtimes that the files of an app ask for, part by part. */
import type { RequestedRuntime } from "../languages/runtime.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { subtree } from "../source/source-tree.ts";
import { type AppStart, planStart } from "./app-start.ts";
import { findParts, type PlannedPart, planParts } from "./parts.ts";
import { inFolder } from "./placed-plan.ts";
import type { PlanInput } from "./plan-input.ts";
import { appWork } from "./requested-work.ts";

/**
 * What is only built with is not in the image: a part that something else starts, and all that
 * makes a site.
 * @throws NuaError (config) where build.app or build.languages names what is not there
 */
export function appRuntimes(input: Omit<PlanInput, "runtimes">): RequestedRuntime[] {
  const { facts, config, placeOf } = input;
  const { tree } = facts;
  if (tree === undefined) return [];
  const work = appWork(input, config);
  const known = {
    ...{ work, tree, placeOf, isPrepared: facts.configFile !== null, isLayered: true },
    ...{ foundBuildScript: facts.buildScript, foundStartScript: facts.startScript },
  };
  const found = findParts(known);
  const builtWith = { languages: [], leftOut: [] };
  const parts = planParts(found, { work, tree, builtWith, versions: {}, place: "here" });
  const start = planStart({ ...known, parts });
  const asked = parts.flatMap((part) =>
    requestsOf(part, parts, tree).map((one) => ({ ...one, use: useOf(one, part, start) })),
  );
  return start.site === null ? asked : [...asked, start.site.runtime];
}

// --- internal ---

function requestsOf(
  { language, dir, member }: PlannedPart,
  parts: readonly PlannedPart[],
  tree: SourceTree,
): RequestedRuntime[] {
  const beside = {
    languages: parts.filter((one) => one.dir === dir).map((one) => one.language.name),
    member,
  };
  const asked = inFolder(dir, () => language.runtimes?.(subtree(tree, dir), beside)) ?? [];
  const isKey = (what: string) => /^(build|run)\./.test(what);
  return dir === ""
    ? asked
    : asked.map((one) => ({
        ...one,
        from: isKey(one.from.what) ? one.from : { ...one.from, what: `${dir}/${one.from.what}` },
      }));
}

function useOf(one: RequestedRuntime, part: PlannedPart, start: AppStart): RequestedRuntime["use"] {
  if (start.site !== null) return "build";
  const line = start.configured.at(-1) ?? start.detected?.line ?? "";
  const isStarted =
    part.dir === "" ||
    (part.plan.start && part.plan.start === start.detected) ||
    line.split(/[^\w-]+/).includes(part.dir);
  return isStarted ? one.use : "build";
}
