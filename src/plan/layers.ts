/** Pure: which layers an app's image gets, and what it is built upon. */
import type { AppLayer, DependencyPlace } from "../protocol/agent-input.ts";
import { formatOrigin, type PlannedAction } from "../protocol/planned-action.ts";
import { planActions } from "./actions.ts";
import type { ActionsInput } from "./actions-input.ts";
import { type AppStart, planStart } from "./app-start.ts";
import type { Decide } from "./decision.ts";
import { placeDependencies } from "./dependency-place.ts";
import { runPackagesOf } from "./package-actions.ts";
import { customBuild, findParts, type PlannedPart, planParts } from "./parts.ts";

export interface LayerPlan {
  name: AppLayer;
  /** What of the app's source it is made from: these files and folders, or null for all of it. */
  files: string[] | null;
  /** What is done for it, in order. */
  actions: readonly PlannedAction[];
}

export interface LayersPlan {
  /** In order; the last one is the app's. */
  layers: LayerPlan[];
  dependencies: DependencyPlace;
}

/** The layers, and what was found in the app's files. */
export interface AppWork extends LayersPlan {
  parts: PlannedPart[];
  start: AppStart;
}

export interface LayersInput
  extends Omit<ActionsInput, "place" | "hasPackagesLayer" | "parts" | "start"> {
  /** The start script of the app's folder, where one is found; relative to it. */
  foundStartScript: string | null;
  /** Whether the configuration lists the files to take. */
  hasManifest: boolean;
  /** Whether the image gets layers at all: with a package's own Dockerfile it has those. */
  isLayered: boolean;
}

export function planLayers(input: LayersInput, decide: Decide): AppWork {
  const { work, tree, builtWith, versions, isLayered } = input;
  const all = findParts(input);
  const isCustom = customBuild(input) !== null;
  const found = isLayered ? placeDependencies({ ...input, parts: all, isCustom }, decide) : null;
  const place = found?.place ?? "here";
  const parts = planParts(all, {
    ...{ work, tree, builtWith, versions, place },
    ...(found === null ? {} : { apart: found.apart }),
  });
  const start = planStart({ ...input, parts });
  if (start.portFrom !== null) {
    decide(`port ${start.port}`, `${formatOrigin(start.portFrom)} exposes it`);
  }
  const hasPackagesLayer =
    isLayered && (runPackagesOf({ work, parts, start }).length > 0 || work.metaPackages.length > 0);
  if (hasPackagesLayer) {
    decide("a layer of Debian packages", "what the app needs when it runs");
  }
  const actions = planActions({ ...input, parts, start, place, hasPackagesLayer });
  const layers: LayerPlan[] = [
    { name: "packages", files: [], actions: actions.packages },
    { name: "development", files: found?.files ?? [], actions: actions.development },
    {
      name: "dependencies",
      files: place === "below" ? (found?.files ?? []) : [],
      actions: actions.dependencies,
    },
    { name: "app", files: null, actions: actions.app },
  ];
  return {
    layers: layers.filter((layer) => layer.actions.length > 0),
    dependencies: place,
    parts,
    start,
  };
}
