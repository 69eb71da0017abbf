/** Pure: which layers an app's image gets, so that a change makes no more of them anew than it must. */

import type { Decide } from "../dockerfile/dockerfile.ts";
import { Obstacle, type SourceFacts } from "../languages/dependency-rule.ts";
import { DEPENDENCY_RULES } from "../languages/dependency-rules.ts";
import { isLocalRequirement, pythonRule } from "../languages/python/dependencies.ts";
import { isAppItself, projectName } from "../languages/python/pip-items.ts";
import type {
  AgentInput,
  AppLayer,
  ConfiguredCommand,
  DependencyPlace,
} from "../protocol/agent-input.ts";
import type { Builder } from "./names.ts";

export interface LayerPlan {
  name: AppLayer;
  /** What of the app's folder it is made from: these files and folders, or null for all of it. */
  files: string[] | null;
}

export interface LayersPlan {
  /** In order; the last one is the app's. */
  layers: LayerPlan[];
  dependencies: DependencyPlace;
}

export interface LayersInput {
  agent: AgentInput;
  language: Builder["language"];
  /** Null when the source does not come with the app's folder. */
  source: SourceFacts | null;
  /** Whether the app's folder has a build script where one is looked for. */
  hasBuildScript: boolean;
  /** Whether the configuration lists the files to take. */
  hasManifest: boolean;
}

export function planLayers(input: LayersInput, decide: Decide): LayersPlan {
  const { agent } = input;
  const names: LayerPlan[] = [];
  if (agent.packages.run.length > 0 || agent.metaPackages.length > 0) {
    names.push({ name: "packages", files: [] });
    decide("a layer of Debian packages", "run.packages, and what providers need");
  }
  const found = planDependencies(input, decide);
  if (found !== null) names.push({ name: "dependencies", files: found.files });
  names.push({ name: "app", files: null });
  return { layers: names, dependencies: found?.place ?? "here" };
}

/** The agent's input for one layer: only what the layer depends on, since any change invalidates it. */
export function layerInput(agent: AgentInput, plan: LayersPlan, layer: AppLayer): AgentInput {
  const { dependencies } = plan;
  const isSplit = dependencies !== "here";
  const hasPackages = plan.layers.some(({ name }) => name === "packages");
  const { build, run } = agent.packages;
  switch (layer) {
    case "packages":
      return {
        ...withoutWork(agent),
        ...{ layer, dependencies },
        packages: { build: [], run },
        metaPackages: agent.metaPackages,
      };
    case "dependencies":
      return {
        ...withoutWork(agent),
        ...{ layer, dependencies, source: agent.source },
        packages: { build, run: [] },
        metaPackages: agent.metaPackages,
        pipInstall: agent.pipInstall,
      };
    case "app":
      return {
        ...agent,
        ...{ layer, dependencies },
        packages: { build: isSplit ? [] : build, run: hasPackages ? [] : run },
        metaPackages: isSplit ? [] : agent.metaPackages,
      };
  }
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
    const from = [...found.files, ...listed(input.agent)].join(", ");
    decide(`a layer of dependencies${found.place === "beside" ? ", beside the image" : ""}`, from);
    return found;
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error;
    decide("no layer of its own for dependencies", error.message);
    return null;
  }
}

function findDependencies(input: LayersInput): FoundDependencies | null {
  const { agent, source, hasManifest } = input;
  const isCustom = agent.build.length > 0 || agent.buildScript !== null || input.hasBuildScript;
  const isListed = listed(agent).length > 0;
  if (source === null) {
    if (isListed) throw new Obstacle("the source is fetched during the build");
    return null;
  }
  const hasPackages = agent.packages.build.length > 0 || agent.packages.run.length > 0;
  const facts = { ...source, language: input.language, hasPackages };
  const found = (isCustom ? [] : rulesFor(agent, source))
    .map((rule) => rule.plan(facts))
    .filter((one) => one !== null);
  if (found.length === 0 && !isListed) return null;
  if (hasManifest) throw new Obstacle("build.manifest chooses the files");
  if (agent.beforeBuild.length > 0) throw new Obstacle("build.before-build comes before them");
  rejectLocalItems(agent.pipInstall);
  const compilesApp = isCustom || found.some((one) => one.compilesApp);
  if (compilesApp && hasBuildPackages(agent)) {
    throw new Obstacle("build.packages serve them and the app's own build");
  }
  const { dir } = agent.source.kind === "local" ? agent.source : { dir: "." };
  return {
    files: found
      .flatMap(({ files }) => files)
      .map((file) => (dir === "." ? file : `${dir}/${file}`)),
    place: found.some(({ place }) => place === "beside") ? "beside" : "below",
  };
}

/** What the configuration itself has pip install. */
function listed({ pipInstall, metaPackages }: AgentInput): string[] {
  return [
    ...(pipInstall.length > 0 ? ["build.pip-install"] : []),
    ...(metaPackages.length > 0 ? metaPackages : []),
  ];
}

/** Of an app that pip-install names itself, nothing else of Python is installed. */
function rulesFor({ pipInstall, source }: AgentInput, { texts }: SourceFacts) {
  const app = {
    name: projectName((file) => texts[file]),
    dir: source.kind === "local" ? source.dir : ".",
  };
  const items = pipInstall.map(({ item }) => item);
  return isAppItself(items, app)
    ? DEPENDENCY_RULES.filter((rule) => rule !== pythonRule)
    : DEPENDENCY_RULES;
}

/** A meta-package may bring some, too. */
function hasBuildPackages({ packages, metaPackages }: AgentInput): boolean {
  return packages.build.length > 0 || metaPackages.length > 0;
}

function rejectLocalItems(items: AgentInput["pipInstall"]): void {
  const local = items.find(({ item }) =>
    item
      .split(/\s+/)
      .some((word) => word.includes("*") || word.startsWith("-") || isLocalRequirement(word)),
  );
  if (local !== undefined) throw new Obstacle(`${local.from} names "${local.item}"`);
}

/** An input without anything to do, and about no app in particular. */
function withoutWork(agent: AgentInput): AgentInput {
  const none: ConfiguredCommand[] = [];
  return {
    ...agent,
    app: { id: "", tag: "" },
    source: { kind: "local", dir: "." },
    metaPackages: [],
    beforeBuild: none,
    pipInstall: [],
    build: none,
    buildScript: null,
    buildAsRoot: false,
    test: none,
    beforeRun: none,
    start: none,
    startScript: null,
    documentRoot: null,
    rendered: {},
  };
}
