/** Pure: which layers an app's image gets: packages, dependencies, app. */

import { type DependencyRule, Obstacle } from "../languages/dependency-rule.ts";
import { LANGUAGES } from "../languages/languages.ts";
import { isLocalRequirement } from "../languages/python/dependencies.ts";
import { installsApp } from "../languages/python/requested-items.ts";
import type { AppLayer, DependencyPlace } from "../protocol/agent-input.ts";
import type { PlannedAction } from "../protocol/planned-action.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { planActions } from "./actions.ts";
import { type ActionsInput, itemsOf, sourceDir } from "./actions-input.ts";
import { isCustomBuild } from "./build-action.ts";
import type { Decide } from "./decision.ts";
import type { RequestedWork } from "./requested-work.ts";

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

export interface LayersInput extends Omit<ActionsInput, "place" | "hasPackagesLayer"> {
  /** Whether the configuration lists the files to take. */
  hasManifest: boolean;
  /** Whether the image gets layers at all: with a package's own Dockerfile it has those. */
  isLayered: boolean;
}

export function planLayers(input: LayersInput, decide: Decide): LayersPlan {
  const { work, isLayered } = input;
  const hasPackagesLayer =
    isLayered && (work.packages.run.length > 0 || work.metaPackages.length > 0);
  if (hasPackagesLayer) {
    decide("a layer of Debian packages", "run.packages, and what providers need");
  }
  const found = isLayered ? planDependencies(input, decide) : null;
  const place = found?.place ?? "here";
  const actions = planActions({ ...input, place, hasPackagesLayer });
  const all: LayerPlan[] = [
    { name: "packages", files: [], actions: actions.packages },
    { name: "dependencies", files: found?.files ?? [], actions: actions.dependencies },
    { name: "app", files: null, actions: actions.app },
  ];
  return { layers: all.filter((layer) => layer.actions.length > 0), dependencies: place };
}

// --- internal ---

interface FoundDependencies {
  files: string[];
  place: Exclude<DependencyPlace, "here">;
}

/** Null when they are installed with the app: there are none, or the reason is told. */
function planDependencies(input: LayersInput, decide: Decide): FoundDependencies | null {
  try {
    const found = findDependencies(input);
    if (found === null) return null;
    const from = [...found.files, ...listed(input.work)].join(", ");
    decide(`a layer of dependencies${found.place === "beside" ? ", beside the image" : ""}`, from);
    return found;
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error;
    decide("no layer of its own for dependencies", error.message);
    return null;
  }
}

function findDependencies(input: LayersInput): FoundDependencies | null {
  const { work, tree, hasManifest } = input;
  const isCustom = isCustomBuild(input);
  const isListed = listed(work).length > 0;
  if (tree === undefined) {
    if (isListed) throw new Obstacle("the source is fetched during the build");
    return null;
  }
  const hasPackages = work.packages.build.length > 0 || work.packages.run.length > 0;
  const facts = { tree, language: input.runtime, hasPackages };
  const found = (isCustom ? [] : rulesFor(work, tree))
    .map((rule) => rule.plan(facts))
    .filter((one) => one !== null);
  if (found.length === 0 && !isListed) return null;
  if (hasManifest) throw new Obstacle("build.manifest chooses the files");
  if (work.beforeBuild.length > 0) throw new Obstacle("build.before-build comes before them");
  rejectLocalItems(work.pipInstall);
  const compilesApp = isCustom || found.some((one) => one.compilesApp);
  if (compilesApp && hasBuildPackages(work)) {
    throw new Obstacle("build.packages serve them and the app's own build");
  }
  const { dir } = work.source;
  return {
    files: found
      .flatMap(({ files }) => files)
      .map((file) => (dir === "." ? file : `${dir}/${file}`)),
    place: found.some(({ place }) => place === "beside") ? "beside" : "below",
  };
}

/** What the configuration itself has pip install. */
function listed({ pipInstall, metaPackages }: RequestedWork): string[] {
  return [
    ...(pipInstall.length > 0 ? ["build.pip-install"] : []),
    ...(metaPackages.length > 0 ? metaPackages : []),
  ];
}

/** Of an app that pip-install names itself, nothing else of Python is installed. */
function rulesFor(work: RequestedWork, tree: SourceTree): DependencyRule[] {
  const isInstalled = installsApp(itemsOf(work), { tree, dir: sourceDir(work) });
  return LANGUAGES.filter(({ installsPython }) => !(isInstalled && installsPython)).flatMap(
    ({ dependencies }) => dependencies ?? [],
  );
}

/** A meta-package may bring some, too. */
function hasBuildPackages({ packages, metaPackages }: RequestedWork): boolean {
  return packages.build.length > 0 || metaPackages.length > 0;
}

function rejectLocalItems(items: RequestedWork["pipInstall"]): void {
  const local = items.find(({ item }) =>
    item
      .split(/\s+/)
      .some((word) => word.includes("*") || word.startsWith("-") || isLocalRequirement(word)),
  );
  if (local !== undefined) throw new Obstacle(`${local.from} names "${local.item}"`);
}
