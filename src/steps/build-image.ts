import { dirname, join } from "node:path";
import { BASE_LABEL } from "../archive/read-archive.ts";
import type { PackedImage } from "../assembly/assemble-image.ts";
import { buildFromLayers } from "../assembly/build-from-layers.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { type BuildStep, watchBuildSteps } from "../engine/build-steps.ts";
import { type BuilderKind, mountsFaithfully } from "../engine/builder-kind.ts";
import type { ImageFacts } from "../engine/image-facts.ts";
import { isOffline } from "../offline.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { AppLayer } from "../shared/agent-input.ts";
import { findAgentReport, findAgentWarnings } from "../shared/agent-report.ts";
import { CommandError } from "../shared/errors.ts";
import { resolveBuildx } from "../transfer/buildx.ts";
import type { World } from "../world.ts";
import { ensureHeld } from "./ensure-held.ts";
import type { StagedContext } from "./stage-context.ts";
import type { Step } from "./step.ts";

export interface BuiltImage extends ImageFacts {
  tag: string;
  /** What the builder did; empty when it was not asked. */
  steps: BuildStep[];
  /** What of it is in the staged context's folder, as long as that is there. */
  packed?: PackedImage;
}

export interface BuildImageInput {
  loaded: LoadedConfig;
  plan: BuildPlan;
  context: StagedContext;
  /** In place of the plan's own. */
  tag?: string;
  noCache?: boolean;
  /** Of the last build: layers that have not changed since need not be handed out again. */
  unchanged?: ReadonlySet<AppLayer>;
}

/** Has the engine build the image of a staged context. */
export const buildImageStep: Step<BuildImageInput, BuiltImage> = {
  name: "build-image",
  async run(input, world) {
    const { loaded, plan, context, tag = plan.tag } = input;
    const engine = await world.engine();
    const { builder } = await engine.builder();
    const output: string[] = [];
    const watcher = watchBuildSteps();
    const keep = keepLines(output, world);
    const onLine = (line: string) => {
      watcher.onLine(line);
      keep(line);
    };
    const { hiddenArgs, secrets, ...handover } = await world.handover();
    const buildArgs = buildArguments(plan, world);
    await ensureHeld({ plan, context: context.folder, buildArgs }, world);
    const request = {
      context: context.folder,
      buildArgs,
      ...{ hiddenArgs, secrets },
      buildx: await resolveBuildx(baseTags(plan), dirname(context.folder), world),
      // What a branch or a tag stands for may have changed.
      noCache: input.noCache === true || plan.agent?.source.kind === "git",
      isolated: isOffline(world),
    };
    if (request.isolated) world.report.step("Offline: the engine gives this build no network");
    const dockerfile = join(context.folder, "Dockerfile");
    const labels = { ...plan.labels, [BASE_LABEL]: baseTagOf(plan, builder) };
    try {
      const made = context.assembled
        ? await buildFromLayers(
            { plan, context, tag, labels, unchanged: input.unchanged },
            world,
            (files) => engine.buildFiles({ ...request, ...files }, { ...handover, onLine }),
          )
        : {
            image: await engine.build(
              {
                ...request,
                dockerfile,
                result: { kind: "image", tag, labels, idFile: context.idFile },
              },
              { ...handover, onLine },
            ),
          };
      for (const warning of findAgentWarnings(output)) world.report.warn(warning);
      const { image, ...rest } = made;
      return { tag, ...image, ...rest, steps: watcher.steps() };
    } catch (error) {
      throw error instanceof CommandError
        ? explainFailure(error, output, { loaded, isolated: request.isolated })
        : error;
    }
  },
};

// --- internal ---

const OFFLINE_HINT =
  "with --offline commands have no network: what they read must be in the app's folder or the base";

/** Enough to find what the agent said, which comes last. */
const KEPT_LINES = 2000;

function keepLines(output: string[], world: World): (line: string) => void {
  return (line) => {
    world.report.output(line);
    output.push(line);
    if (output.length > 2 * KEPT_LINES) output.splice(0, output.length - KEPT_LINES);
  };
}

/** The images that the Dockerfile may name. */
function baseTags({ images: { base, builder } }: BuildPlan): string[] {
  return builder === null ? [base] : [base, builder];
}

/** What the image is built on; the legacy builder builds on the image that carries the agent. */
function baseTagOf(plan: BuildPlan, builder: BuilderKind): string {
  const { base, builder: carrier } = plan.images;
  const isOnCarrier = plan.dockerfile.kind === "package" || !mountsFaithfully(builder);
  return carrier !== null && isOnCarrier ? carrier : base;
}

function buildArguments(plan: BuildPlan, world: World): Record<string, string> {
  if (plan.dockerfile.kind === "wrap") return { nua_wrap_tag: plan.images.base };
  const builder = plan.images.builder ?? "";
  if (plan.dockerfile.kind === "package") {
    return { nua_builder_tag: builder, nua_verbosity: String(world.report.verbosity) };
  }
  return {
    nua_builder_tag: builder,
    nua_base_tag: plan.images.base,
    nua_app_stage: plan.dependencies === "below" ? "dependencies" : "packages",
  };
}

/** The command of the user's that failed, with its place in the configuration. */
function explainFailure(
  error: CommandError,
  output: readonly string[],
  { loaded, isolated }: { loaded: LoadedConfig; isolated: boolean },
): CommandError {
  const report = findAgentReport(output);
  if (!report) return error;
  const isKey = report.from !== null && /^(build|run)\./.test(report.from);
  const place = isKey ? loaded.locate(parseKey(report.from ?? "")) : undefined;
  return new CommandError(
    report.code,
    report.message,
    {
      argv: report.command === "" ? error.argv : ["bash", "-c", report.command],
      exitCode: report.exitCode,
      tail: report.tail.join("\n"),
    },
    {
      step: report.from ?? report.step,
      ...(place ? { file: loaded.file, position: place } : {}),
      hint: isolated ? OFFLINE_HINT : (report.hint ?? "-vv shows the whole output of the build"),
      cause: error,
    },
  );
}

/** `build.build[1]` as its parts. */
function parseKey(key: string): (string | number)[] {
  return [...key.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
}
