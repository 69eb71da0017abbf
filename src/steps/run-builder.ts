/** Runs the builder on a staged context, and explains failures. */
import { dirname } from "node:path";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { stageArguments } from "../dockerfile/stages.ts";
import type { BuildRequest } from "../engine/build-args.ts";
import { type BuildStep, watchBuildSteps } from "../engine/build-steps.ts";
import { resolveBuildx } from "../engine/buildx.ts";
import { exportForBuilder } from "../images/transfer/export-for-builder.ts";
import { CommandError } from "../lib/errors.ts";
import type { RunOptions } from "../lib/process.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { type AgentWarning, findAgentReport, findAgentWarnings } from "../protocol/agent-report.ts";
import { MissingExchangesError } from "../session/input-source.ts";
import type { Session } from "../session/session.ts";
import { ensureLocalImages } from "./ensure-local-images.ts";
import type { StagedContext } from "./stage-context.ts";

export interface BuilderInput {
  loaded: LoadedConfig;
  plan: BuildPlan;
  context: StagedContext;
  noCache?: boolean;
}

/** All that the builder is asked for but what becomes of it. */
export type BuilderRequest = Omit<BuildRequest, "dockerfile" | "result">;

/**
 * @param act asks the engine for it
 * @returns what that returned, what the builder did, and of what the agent has warned
 * @throws MissingExchangesError when the build asked for what its inputs do not have
 * @throws CommandError with the place in the configuration of the user's command that failed
 */
export async function runBuilder<Made>(
  input: BuilderInput,
  session: Session,
  act: (request: BuilderRequest, options: RunOptions) => Promise<Made>,
): Promise<{ made: Made; steps: BuildStep[]; warnings: AgentWarning[] }> {
  const { inputs } = input.context;
  const { hiddenArgs: _, secrets: __, ...handed } = inputs.given;
  const output = watchOutput(session);
  const onLine = (line: string) => {
    inputs.onLine(line);
    output.onLine(line);
  };
  const request = await createRequest(input, session);
  try {
    const made = await act(request, { ...handed, onLine });
    for (const { url } of await inputs.unanswered()) {
      session.report.warn(`The bundle has no "${url}"`);
    }
    return { made, steps: output.steps(), warnings: output.warnings };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const unanswered = await inputs.unanswered();
    if (unanswered.length > 0) throw new MissingExchangesError(unanswered);
    throw explainFailure(error, output.lines, { loaded: input.loaded, hint: inputs.hint });
  }
}

/** The images that a plan's Dockerfile may name. */
export function baseTags({ images: { base, buildBase, builder } }: BuildPlan): string[] {
  return [...new Set([base, buildBase, ...(builder === null ? [] : [builder])])];
}

// --- internal ---

/** More than the agent ever has; what an app prints may look like its own. */
const MAX_WARNINGS = 100;

/** Enough to find what the agent said, which comes last. */
const KEPT_LINES = 2000;

interface Output {
  onLine: (line: string) => void;
  /** The last ones. */
  lines: string[];
  warnings: AgentWarning[];
  steps: () => BuildStep[];
}

function watchOutput(session: Session): Output {
  const watcher = watchBuildSteps();
  const lines: string[] = [];
  const warnings: AgentWarning[] = [];
  const onLine = (line: string) => {
    watcher.onLine(line);
    session.report.output(line);
    lines.push(line);
    if (warnings.length < MAX_WARNINGS) warnings.push(...findAgentWarnings([line]));
    if (lines.length > 2 * KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES);
  };
  return { onLine, lines, warnings, steps: () => watcher.steps() };
}

async function createRequest(
  { plan, context, noCache }: BuilderInput,
  session: Session,
): Promise<BuilderRequest> {
  const { inputs } = context;
  const { hiddenArgs, secrets } = inputs.given;
  const engine = await session.engine();
  const named = (tag: string) => engine.nameOf(tag);
  const given = Object.entries(buildArguments(plan, session));
  const buildArgs = Object.fromEntries(given.map(([name, value]) => [name, named(value)]));
  await ensureLocalImages({ plan, context, buildArgs }, session);
  return {
    context: context.folder,
    ...{ buildArgs, hiddenArgs, secrets, network: inputs.network },
    buildx: await resolveBuildx(session.settings, engine, () =>
      exportForBuilder(
        [...baseTags(plan).map(named), ...inputs.images],
        dirname(context.folder),
        session,
      ),
    ),
    // What a branch or a tag stands for may have changed.
    noCache: noCache === true,
  };
}

function buildArguments(plan: BuildPlan, session: Session): Record<string, string> {
  if (plan.dockerfile.kind === "wrap") return { nua_wrap_tag: plan.images.base };
  const builder = plan.images.builder ?? "";
  if (plan.dockerfile.kind === "package") {
    return { nua_builder_tag: builder, nua_verbosity: String(session.report.verbosity) };
  }
  return {
    nua_builder_tag: builder,
    ...stageArguments(plan),
  };
}

/** The command of the user's that failed, with its place in the configuration. */
function explainFailure(
  error: CommandError,
  output: readonly string[],
  { loaded, hint }: { loaded: LoadedConfig; hint: string | undefined },
): CommandError {
  const report = findAgentReport(output);
  if (!report) return error;
  const isKey = report.from !== null && /^(build|run)\./.test(report.from);
  const { file } = loaded;
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
      ...(place && file !== null ? { file, position: place } : {}),
      hint: hint ?? report.hint ?? "-vv shows the whole output of the build",
      cause: error,
    },
  );
}

/** `build.build[1]` as its parts. */
function parseKey(key: string): (string | number)[] {
  return [...key.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
}
