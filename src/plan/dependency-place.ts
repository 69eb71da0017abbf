/** Pure: whether dependencies get a layer of their own, and what that is made from. */
import { Obstacle } from "../languages/dependency-rule.ts";
import { planItemsBefore } from "../languages/python/requested-items.ts";
import type { DependencyPlace } from "../protocol/agent-input.ts";
import { type SourceTree, subtree } from "../source/source-tree.ts";
import { type BuiltWith, placeOfRuntime } from "./built-with.ts";
import type { Decide } from "./decision.ts";
import { buildsMore, builtParts, isDetected, type Part } from "./parts.ts";
import { sourceDir } from "./places.ts";
import type { RequestedWork } from "./requested-work.ts";

export interface DependencyInput {
  work: RequestedWork;
  /** The app's source; undefined where it is not at hand. */
  tree: SourceTree | undefined;
  parts: readonly Part[];
  builtWith: BuiltWith;
  /** Whether the configuration, or a script, says how the app is built. */
  isCustom: boolean;
  /** Whether the configuration lists the files to take. */
  hasManifest: boolean;
}

export interface FoundDependencies {
  /** Relative to the app's folder. */
  files: string[];
  /** Others that decide what is installed, for the plan. */
  decidedBy: string[];
  place: Exclude<DependencyPlace, "here">;
  /** The parts that the files are of: all others are installed with the app. */
  apart: Part[];
}

/** Null when they are installed with the app: there are none, or the reason is told. */
export function placeDependencies(
  input: DependencyInput,
  decide: Decide,
): FoundDependencies | null {
  try {
    const found = findDependencies(input);
    if (found === null) return null;
    const names = [...found.decidedBy, ...found.files, ...listed(input.work)];
    const from = [...new Set(names)].join(", ");
    decide(LAYER_TITLES[found.place], from);
    return found;
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error;
    decide("no layer of its own for dependencies", error.message);
    return null;
  }
}

// --- internal ---

const LAYER_TITLES: Readonly<Record<FoundDependencies["place"], string>> = {
  below: "a layer of dependencies",
  pruned: "a layer of dependencies, without those of the build alone",
  build: "a layer of dependencies, for the build alone",
};

/** What most of the image needs of it decides. */
const WIDEST = ["pruned", "below", "build"] as const;

function findDependencies(input: DependencyInput): FoundDependencies | null {
  const { work, tree, parts, isCustom, hasManifest } = input;
  const isListed = listed(work).length > 0;
  if (tree === undefined) {
    if (isListed) throw new Obstacle("the source is fetched during the build");
    return null;
  }
  const hasPackages = work.packages.build.length > 0 || work.packages.run.length > 0;
  const found = builtParts(parts).flatMap((part) => {
    const { language, dir, member } = part;
    const facts = {
      ...{ tree: subtree(tree, dir), member, hasPackages, buildsMore: buildsMore(work) },
      runtime: placeOfRuntime(language, input.builtWith),
    };
    const one = language.dependencies?.plan(facts) ?? null;
    const named = (files: readonly string[] = []) => files.map((file) => below(dir, file));
    if (one === null) return [];
    return [{ ...one, part, files: named(one.files), decidedBy: named(one.decidedBy) }];
  });
  if (found.length === 0 && !isListed) return null;
  if (hasManifest) throw new Obstacle("build.manifest chooses the files");
  if (work.beforeBuild.length > 0) throw new Obstacle("build.before-build comes before them");
  if (work.build.findIndex(isDetected) > 0) {
    throw new Obstacle("lines of build.build come before them");
  }
  const source = { tree, dir: sourceDir(work) };
  const items = planItemsBefore(work.pipInstall, { what: "build.pip-install" }, source);
  const isEmpty = items.commands.length === 0 && work.metaPackages.length === 0;
  if (found.length === 0 && isEmpty) return null;
  const compilesApp = isCustom || work.build.length > 0 || found.some((one) => one.compilesApp);
  if (compilesApp && hasBuildPackages(work)) {
    throw new Obstacle("build.packages serve them and the app's own build");
  }
  const { dir } = work.source;
  // What pip installs is in the image.
  const places = [...found.map(({ place }) => place), ...(isEmpty ? [] : ["below" as const])];
  return {
    apart: found.map(({ part }) => part),
    decidedBy: [...found.flatMap(({ decidedBy }) => decidedBy), ...items.decidedBy],
    files: [...found.flatMap(({ files }) => files), ...items.files].map((file) => below(dir, file)),
    place: WIDEST.find((one) => places.includes(one))!,
  };
}

function below(dir: string, file: string): string {
  return dir === "." || dir === "" ? file : `${dir}/${file}`;
}

/** What the configuration itself has pip install. */
function listed({ pipInstall, metaPackages }: RequestedWork): string[] {
  return [
    ...(pipInstall.length > 0 ? ["build.pip-install"] : []),
    ...(metaPackages.length > 0 ? metaPackages : []),
  ];
}

/** A meta-package may bring some, too. */
function hasBuildPackages({ packages, metaPackages }: RequestedWork): boolean {
  return packages.build.length > 0 || metaPackages.length > 0;
}
