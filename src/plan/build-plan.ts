/** Pure: from configuration and source to the build plan. */

import { type AppBases, basesOf } from "../bases/bases-of.ts";
import { nuaTag } from "../config/image-names.ts";
import { completeProviders } from "../config/modules.ts";
import type { FormattedFields } from "../config/rendered.ts";
import type { AppConfig } from "../config/schema.ts";
import { findSubApps } from "../config/sub-app.ts";
import { DEFAULT_RUNTIME } from "../languages/runtimes.ts";
import type { DependencyPlace, SourcePlan } from "../protocol/agent-input.ts";
import type { Decide, Decision } from "./decision.ts";
import { type DockerfilePlan, planDockerfile } from "./dockerfile-plan.ts";
import { imageLabels } from "./labels.ts";
import { type LayerPlan, type LayersPlan, planLayers } from "./layers.ts";
import type { PlanInput } from "./plan-input.ts";
import { type RequestedWork, requestedWork } from "./requested-work.ts";

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
  labels: Record<string, string>;
  /** Where the app's source comes from; null when nothing is installed: the wrap method. */
  source: SourcePlan | null;
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
  /** Tags of the sub-apps' images, by the names of their providers. */
  subApps: Record<string, string>;
  /** As it is stored in the image: providers completed by their modules. */
  config: AppConfig;
  /** Why it was decided so. */
  decisions: Decision[];
}

/** @throws NuaError (config) for a builder or method that there is not */
export function planBuild(input: PlanInput): BuildPlan {
  const { rendered, fields, facts } = input;
  const subApps = subAppTags(input.config);
  const config = nameSubApps(completeProviders(input.config), subApps);
  const decisions: Decision[] = [];
  const decide = (what: string, because: string, path: readonly (string | number)[] = []) => {
    const line = path.length === 0 ? undefined : input.lineOf(path);
    const { configFile: file } = input.facts;
    const place = line === undefined || file === null ? {} : { file, line };
    decisions.push({ what, because, ...place });
  };
  const dockerfile = planDockerfile(input, decide);
  const method = dockerfile.kind === "wrap" ? "wrap" : "build";
  const tag = nuaTag(config.metadata);
  decide(`tag ${tag}`, "metadata.id, version and release", ["metadata", "id"]);
  if (facts.commit !== null) {
    decide(`source ${facts.commit}`, "build.git-url and git-branch", ["build", "git-url"]);
  }
  const [runtime = DEFAULT_RUNTIME] = input.runtimes.run;
  const images = method === "wrap" ? wrapped(fields.baseImage) : basesOf(input.runtimes);
  if (method === "build") {
    decisions.push(...input.runtimes.decisions.map(({ from: _, ...decision }) => decision));
    decide(`base ${images.base.split(":")[0]}`, whyBase(input), ["build", "builder"]);
  }
  const work = method === "wrap" ? null : requestedWork(config, { rendered, fields, facts });
  return {
    version: 2,
    tag,
    archive: `${tag}.tar`,
    method,
    configFile: facts.configFile,
    dockerfile,
    images,
    labels: imageLabels(config),
    source: work?.source ?? null,
    packages: work?.packages ?? { build: [], run: [] },
    ...resolveLayers({ input, work, dockerfile, language: runtime.language }, decide),
    formatted: fields,
    manifest: planManifest(config),
    subApps,
    config,
    decisions,
  };
}

// --- internal ---

function wrapped(base: string): AppBases {
  return { base, buildBase: base, builder: null, linuxBase: null, needed: [] };
}

function whyBase({ config, runtimes }: PlanInput): string {
  if (config.build?.builder !== undefined) return "build.builder";
  return runtimes.decisions.length > 0 ? "what is asked for" : "no builder is named";
}

function resolveLayers(
  parts: {
    input: PlanInput;
    work: RequestedWork | null;
    dockerfile: DockerfilePlan;
    language: string;
  },
  decide: Decide,
): LayersPlan {
  const { input, work, dockerfile, language } = parts;
  if (work === null) return { layers: [], dependencies: "here" };
  const { tree, buildScript } = input.facts;
  return planLayers(
    {
      ...{ work, tree, runtime: language, lineOf: input.lineOf },
      versions: input.runtimes.versions,
      foundBuildScript: buildScript,
      hasManifest: planManifest(input.config) !== null,
      // A package's own Dockerfile has the layers that it has.
      isLayered: dockerfile.kind === "default",
    },
    decide,
  );
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
