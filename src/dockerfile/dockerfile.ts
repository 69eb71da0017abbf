/** Pure: the text of the Dockerfile that builds the image. */
import { join } from "node:path/posix";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import type { ImageFacts } from "../engine/image-facts.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { DockerfilePlan } from "../plan/dockerfile-plan.ts";
import type { LayersPlan } from "../plan/layers.ts";
import type { AppLayer } from "../protocol/agent-input.ts";
import { LAYERS_FOLDER, layerFiles } from "../protocol/layer-archive.ts";
import { withOwnCaches } from "./caches.ts";
import { type StagesPlan, selectParts } from "./stages.ts";

/**
 * @param way how it is built; `assembled`: see {@link isAssembled}, `cacheKey`: see
 *   {@link withOwnCaches}
 * @param texts the Dockerfiles that travel in the binary, and the package's own
 */
export function dockerfileText(
  {
    dockerfile: plan,
    declared,
    ...stages
  }: Pick<BuildPlan, "dockerfile" | "declared"> & StagesPlan,
  way: {
    builder: BuilderKind;
    assembled: boolean;
    /** Has commands read from where they are to: see `CommandInputs`. */
    withInputs?: (text: string) => string;
    cacheKey?: string;
  },
  texts: { own: string; shipped: Readonly<Record<string, string>> },
): string {
  const { builder, assembled, withInputs = (text) => text, cacheKey } = way;
  const plain =
    plan.kind === "package"
      ? texts.own
      : selectParts(texts.shipped[shippedName(plan, builder)]!, stages, { builder, assembled });
  const read = withInputs(plain);
  const text = cacheKey === undefined ? read : withOwnCaches(read, cacheKey);
  if (assembled) return text;
  const hasOne = plan.healthcheck === null || /^\s*HEALTHCHECK\s/im.test(text);
  const added = [
    ...(hasOne ? [] : [plan.healthcheck]),
    ...declarations(declared)
      .filter(({ said }) => !said.test(text))
      .map(({ line }) => line),
  ];
  return added.length === 0 ? text : `${text.trimEnd()}\n${added.join("\n")}\n`;
}

/** How, and from what, an app's image is built. */
export interface BuildWay {
  builder: BuilderKind;
  /** Its base image, as the engine tells of it. */
  base: Pick<ImageFacts, "isManifest"> | undefined;
}

/**
 * Whether nua-build makes the image itself, from layers that the builder hands out: a builder
 * that mounts, the Dockerfile that has the agent pack them, and an engine that then takes those
 * layers alone.
 * @param size of the app's folder: engines take long to load a layer of many files, and that of
 *   the app comes with each edit
 */
export function isAssembled(
  { dockerfile }: Pick<BuildPlan, "dockerfile">,
  { builder, base }: BuildWay,
  size = { files: 0, bytes: 0 },
): boolean {
  const isSmall = size.files <= PACKED_FILES && size.bytes <= PACKED_BYTES;
  const takesLayers = base?.isManifest !== true;
  return dockerfile.kind === "default" && mountsFaithfully(builder) && takesLayers && isSmall;
}

/** Whether a command of a package's own Dockerfile has the agent work. */
export function runsAgent(command: string): boolean {
  return command.includes("app_builder");
}

/** The layers that an app's image has above its base, lowest first. */
export function imageLayers({
  layers,
  packed,
}: LayersPlan & Pick<BuildPlan, "packed">): AppLayer[] {
  // Where only some paths are kept, the app's layer has them whole.
  const others: AppLayer[] = [
    "development",
    ...(packed.keep === null ? [] : (["dependencies"] as const)),
  ];
  return layers.map(({ name }) => name).filter((name) => !others.includes(name));
}

/** The end of the Dockerfile: of a layer that is not wanted, only what it turned out to be. */
export function layerInstructions(
  names: readonly AppLayer[],
  wanted: ReadonlySet<AppLayer>,
): string {
  const lines = names.map((name) => {
    const { tar, facts } = layerFiles(name);
    const files = (wanted.has(name) ? [facts, tar] : [facts]).map((file) =>
      join(LAYERS_FOLDER, file),
    );
    return `COPY --from=${name} ${files.join(" ")} /\n`;
  });
  return lines.join("");
}

// --- internal ---

/** Instructions for what the image declares, each with what says the same in a Dockerfile. */
function declarations({ env, port }: BuildPlan["declared"]): { line: string; said: RegExp }[] {
  const variables = Object.entries(env).map(([name, value]) => ({
    line: `ENV ${name}=${JSON.stringify(value).replaceAll("$", "\\$")}`,
    said: new RegExp(`^\\s*ENV\\s+(.*\\s)?${name}[=\\s]`, "im"),
  }));
  return port === null
    ? variables
    : [...variables, { line: `EXPOSE ${port}`, said: /^\s*EXPOSE\s/im }];
}

/** The most that an app may have whose layers are packed. */
const PACKED_FILES = 5000;
const PACKED_BYTES = 64 * 1024 * 1024;

function shippedName(plan: DockerfilePlan, builder: BuilderKind): string {
  if (plan.kind === "wrap") return "wrap.Dockerfile";
  return mountsFaithfully(builder) ? "app.Dockerfile" : "app.legacy.Dockerfile";
}
