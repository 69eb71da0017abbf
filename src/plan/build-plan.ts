/** Pure: from configuration and source to the build plan. */

import type { AppBases } from "../bases/bases-of.ts";
import { nuaTag } from "../config/image-names.ts";
import { completeProviders } from "../config/modules.ts";
import type { FormattedFields } from "../config/rendered.ts";
import type { AppConfig } from "../config/schema.ts";
import { findSubApps } from "../config/sub-app.ts";
import type { DependencyPlace, PackedPaths, SourcePlan } from "../protocol/agent-input.ts";
import { baseDecisions, planImage, wrappedImage } from "./app-image.ts";
import { type DescribedStart, describeStart } from "./app-start.ts";
import { builtWith } from "./built-with.ts";
import type { Decide, Decision } from "./decision.ts";
import { type DockerfilePlan, planDockerfile } from "./dockerfile-plan.ts";
import { imageLabels } from "./labels.ts";
import { type AppWork, type LayerPlan, planLayers } from "./layers.ts";
import { rejectMissingStart, rejectUnbuilt } from "./missing-start.ts";
import { neededPaths } from "./needed-paths.ts";
import { type DescribedPart, describePart } from "./parts.ts";
import type { PlanInput } from "./plan-input.ts";
import { describeReplaced } from "./replaced.ts";
import { appWork, type RequestedWork } from "./requested-work.ts";
import { planRunSettings, type RunSettings, withPort } from "./run-settings.ts";
import { warningsOf } from "./warnings.ts";

/** What will be done: plain JSON, without dates or paths of this machine. */
export interface BuildPlan {
  version: 2;
  /** The image's tag. */
  tag: string;
  /** Name of the archive, without its folder. */
  archive: string;
  method: "build" | "wrap";
  /**
   * The configuration, relative to the app's folder: the lines of commands are lines of it. Null
   * where there is none.
   */
  configFile: string | null;
  dockerfile: DockerfilePlan;
  images: AppBases;
  /** What of that which the build makes goes into the image. */
  packed: PackedPaths;
  /** What a container of the image runs; null: the start script. */
  command: readonly string[] | null;
  labels: Record<string, string>;
  /** Where the app's source comes from; null when nothing is installed: the wrap method. */
  source: SourcePlan | null;
  /** The languages of the app, and where each of them was found. */
  parts: DescribedPart[];
  /** What the container is started with, and what says so; null where nothing is known. */
  start: DescribedStart | null;
  /** What the image declares. */
  declared: RunSettings;
  /** What build.build does in place of what the app's files say; null where nothing is replaced. */
  replaced: string | null;
  /** What a person is told at each build, whatever is taken from a cache. */
  warnings: string[];
  /** Debian packages that the configuration asks for. */
  packages: RequestedWork["packages"];
  /**
   * The layers that the app's own part of the image gets, in order, with every command that makes
   * them; where the builder cannot mount, and with a package's own Dockerfile, one run of the
   * agent does all of it: see `wholeActions`.
   */
  layers: LayerPlan[];
  dependencies: DependencyPlace;
  /** What build keys became when their braces were formatted. */
  formatted: FormattedFields;
  /** What of the app's folder goes into the context: these paths, or all that is fit for it. */
  manifest: string[] | null;
  /**
   * What is taken although `.dockerignore` leaves it out, relative to the app's folder: files, and
   * with "/" at their ends folders that are built.
   */
  needed: string[];
  /** Tags of the sub-apps' images, by the names of their providers. */
  subApps: Record<string, string>;
  /** As it is stored in the image: providers completed by their modules. */
  config: AppConfig;
  /** Why it was decided so. */
  decisions: Decision[];
}

/** @throws NuaError (config) for a builder or method that there is not */
export function planBuild(input: PlanInput): BuildPlan {
  const { fields, facts } = input;
  const subApps = subAppTags(input.config);
  const config = nameSubApps(completeProviders(input.config), subApps);
  const decisions: Decision[] = [];
  const decide = (what: string, because: string, path: readonly (string | number)[] = []) => {
    const isGiven = path.length > 0 && !input.drafted.has(path.join("."));
    decisions.push({ what, because, ...(isGiven ? input.placeOf(path) : undefined) });
  };
  const dockerfile = planDockerfile(input, decide);
  const method = dockerfile.kind === "wrap" ? "wrap" : "build";
  const tag = nuaTag(config.metadata);
  decide(`tag ${tag}`, tagReason(input), ["metadata", "id"]);
  if (facts.commit !== null) {
    decide(`source ${facts.commit}`, "build.git-url and git-branch", ["build", "git-url"]);
  }
  const work = method === "wrap" ? null : appWork(input, config);
  if (work !== null) {
    decisions.push(...input.runtimes.decisions.map(({ from: _, ...decision }) => decision));
  }
  const before = decisions.length;
  const app = work && planApp(input, { work, dockerfile }, decide);
  const isLayered = dockerfile.kind === "default";
  const image =
    app === null || work === null
      ? wrappedImage(fields.baseImage)
      : planImage(app, { runtimes: input.runtimes, work, isLayered });
  if (app !== null) decisions.splice(before, 0, ...baseDecisions(image.images, input));
  if (work !== null) tellOfTests(work, image.images, decide);
  const declared = app === null ? { env: {}, port: null } : planRunSettings(config, app);
  return {
    version: 2,
    tag,
    archive: `${tag}.tar`,
    method,
    configFile: facts.configFile,
    dockerfile,
    ...image,
    labels: imageLabels(config),
    source: work?.source ?? null,
    parts: (app?.parts ?? []).map(describePart),
    start: app && describeStart(app.start),
    declared,
    warnings: app?.warnings ?? [],
    replaced: app && describeReplaced(app.parts),
    packages: work?.packages ?? { build: [], run: [] },
    layers: app?.layers ?? [],
    dependencies: app?.dependencies ?? "here",
    formatted: fields,
    manifest: planManifest(config),
    needed: work && app ? neededPaths(work, app, facts.tree) : [],
    subApps,
    config: withPort(config, declared),
    decisions,
  };
}

// --- internal ---

/** What a test finds there, such as a compiler, need not be in the image. */
function tellOfTests({ test }: RequestedWork, { base, buildBase }: AppBases, decide: Decide): void {
  if (test.length === 0 || base === buildBase) return;
  const [image, built] = [base, buildBase].map((tag) => tag.split(":")[0]);
  const because = `run upon ${built}, where the app is built, and not upon ${image}`;
  decide("build.test", because, ["build", "test"]);
}

/** The keys that it is made of; of those that nobody wrote, where they are from. */
function tagReason({ drafted }: PlanInput): string {
  const from = ["metadata.id", "metadata.version"].flatMap((key) => drafted.get(key) ?? []);
  if (from.length === 0) return "metadata.id, version and release";
  return [...new Set(from)].join(", ");
}

function planApp(
  input: PlanInput,
  { work, dockerfile }: { work: RequestedWork; dockerfile: DockerfilePlan },
  decide: Decide,
): AppWork & { warnings: string[] } {
  const { facts, options, runtimes, placeOf } = input;
  const known = {
    ...{ work, tree: facts.tree, placeOf, isPrepared: facts.configFile !== null },
    ...{ foundBuildScript: facts.buildScript, foundStartScript: facts.startScript },
  };
  const isDefault = dockerfile.kind === "default";
  const app = planLayers(
    {
      ...{ ...known, versions: runtimes.versions },
      builtWith: builtWith(runtimes, { work, isLayered: isDefault }),
      hasManifest: planManifest(input.config) !== null,
      // A package's own Dockerfile has the layers that it has.
      isLayered: isDefault,
    },
    decide,
  );
  if (isDefault) rejectUnbuilt({ ...known, ...app });
  if (options.requiresStart) rejectMissingStart(app.start);
  return { ...app, warnings: warningsOf(app) };
}

/** Null when all is taken. */
function planManifest({ build }: AppConfig): string[] | null {
  const manifest = build?.manifest;
  if (manifest === undefined || manifest === null) return null;
  return (Array.isArray(manifest) ? manifest : [manifest]).filter((path) => path !== "");
}

function subAppTags(config: AppConfig): Record<string, string> {
  return Object.fromEntries(
    findSubApps(config).map(({ index, config: inner }) => [
      config.provider?.[index]?.name ?? "",
      nuaTag(inner.metadata),
    ]),
  );
}

/** The orchestrator starts a sub-app as it starts any other image that an app depends on. */
function nameSubApps(config: AppConfig, tags: Readonly<Record<string, string>>): AppConfig {
  if (!config.provider) return config;
  const provider = config.provider.map((entry) =>
    entry.type === "app"
      ? {
          ...entry,
          type: "docker-image",
          build: { license: "Proprietary", ...entry.build, "base-image": tags[entry.name] },
        }
      : entry,
  );
  return { ...config, provider };
}
