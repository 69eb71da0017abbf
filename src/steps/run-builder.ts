/** Has the builder work on a staged context, and tells in the user's terms what failed. */
import { dirname } from "node:path";
import { makeInputsImage } from "../airgap/replay/inputs-image.ts";
import { type InputsServer, serveInputs } from "../airgap/replay/inputs-server.ts";
import { reportUnanswered } from "../airgap/replay/missing-inputs.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { BuildNetwork, BuildRequest } from "../engine/build-args.ts";
import { type BuildStep, watchBuildSteps } from "../engine/build-steps.ts";
import { mountsFaithfully } from "../engine/builder-kind.ts";
import { resolveBuildx } from "../engine/buildx.ts";
import { IncompleteLayersError } from "../images/assembly/read-layers.ts";
import { handToBuilder } from "../images/transfer/hand-to-builder.ts";
import { CommandError } from "../lib/errors.ts";
import type { RunOptions } from "../lib/process.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { type AgentWarning, findAgentReport, findAgentWarnings } from "../protocol/agent-report.ts";
import { findMissing, type MissingExchange } from "../protocol/exchanges.ts";
import { isOffline } from "../session/offline.ts";
import type { Session } from "../session/session.ts";
import { handOver } from "../session/surroundings.ts";
import { ensureHeld } from "./ensure-held.ts";
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
 * @throws MissingInputsError when a sealed build asked for what is not there
 * @throws CommandError with the place in the configuration of the user's command that failed
 */
export async function runBuilder<Made>(
  input: BuilderInput,
  session: Session,
  act: (request: BuilderRequest, options: RunOptions) => Promise<Made>,
): Promise<{ made: Made; steps: BuildStep[]; warnings: AgentWarning[] }> {
  const { builder } = await (await session.engine()).builder();
  const isSealed = session.reading.from === "bundle";
  // To wrap an image, no command is run, and that image need not have an agent.
  const isServed = isSealed && !mountsFaithfully(builder) && input.plan.method !== "wrap";
  const { inputsImage } = input.context;
  await using _ =
    inputsImage === undefined ? undefined : await makeInputsImage(inputsImage, session);
  await using server = isServed ? await serveInputs(input.plan, session) : undefined;
  const output = watchOutput(session);
  const isOurs = input.plan.dockerfile.kind === "default";
  const { hiddenArgs, secrets, ...handover } =
    server === undefined
      ? await session.handover({ isOurs })
      : handOver(server.surroundings, builder, isOurs);
  const request = await createRequest(input, { hiddenArgs, secrets, server }, session);
  const missing = async () => [...output.missing, ...((await server?.missing()) ?? [])];
  try {
    const made = await act(request, { ...handover, onLine: output.onLine });
    for (const { url } of await missing()) session.report.warn(`The bundle has no "${url}"`);
    return { made, steps: output.steps(), warnings: output.warnings };
  } catch (error) {
    if (error instanceof IncompleteLayersError) {
      throw await reportUnanswered(input, error.missing, session);
    }
    if (!(error instanceof CommandError)) throw error;
    const unanswered = await missing();
    if (unanswered.length > 0) throw await reportUnanswered(input, unanswered, session);
    const hint = request.network === undefined ? undefined : isolatedHint(session);
    throw explainFailure(error, output.lines, { loaded: input.loaded, hint });
  }
}

/** The images that a plan's Dockerfile may name. */
export function baseTags({ images: { base, builder } }: BuildPlan): string[] {
  return builder === null ? [base] : [base, builder];
}

// --- internal ---

const OFFLINE_HINT =
  "with --offline commands have no network: what they read must be in the app's folder or the base";

const SEALED_HINT =
  "a sealed build has no network but the bundle, which holds what was read over http and https: anything else must be in the app's folder or the base";

function isolatedHint({ reading }: Session): string {
  return reading.from === "bundle" ? SEALED_HINT : OFFLINE_HINT;
}

/** More than the agent ever has; what an app prints may look like its own. */
const MAX_WARNINGS = 100;

/** Enough to find what the agent said, which comes last. */
const KEPT_LINES = 2000;

interface Output {
  onLine: (line: string) => void;
  /** The last ones. */
  lines: string[];
  missing: MissingExchange[];
  warnings: AgentWarning[];
  steps: () => BuildStep[];
}

function watchOutput(session: Session): Output {
  const watcher = watchBuildSteps();
  const lines: string[] = [];
  const missing: MissingExchange[] = [];
  const warnings: AgentWarning[] = [];
  const onLine = (line: string) => {
    watcher.onLine(line);
    session.report.output(line);
    lines.push(line);
    missing.push(...findMissing(line));
    if (warnings.length < MAX_WARNINGS) warnings.push(...findAgentWarnings([line]));
    if (lines.length > 2 * KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES);
  };
  return { onLine, lines, missing, warnings, steps: () => watcher.steps() };
}

async function createRequest(
  { plan, context, noCache }: BuilderInput,
  handover: Pick<BuildRequest, "hiddenArgs" | "secrets"> & { server: InputsServer | undefined },
  session: Session,
): Promise<BuilderRequest> {
  const { server, ...handed } = handover;
  const engine = await session.engine();
  const named = (tag: string) => engine.nameOf(tag);
  const given = Object.entries(buildArguments(plan, session));
  const buildArgs = Object.fromEntries(given.map(([name, value]) => [name, named(value)]));
  await ensureHeld({ plan, dockerfile: context.dockerfile, buildArgs }, session);
  const network: BuildNetwork | undefined =
    server?.network ?? (isOffline(session) ? "none" : undefined);
  if (network !== undefined) session.report.step(networkText(session));
  return {
    context: context.folder,
    buildArgs,
    ...handed,
    buildx: await resolveBuildx(session.settings, engine, () =>
      handToBuilder(
        [...baseTags(plan).map(named), ...(context.inputsImage ? [context.inputsImage] : [])],
        dirname(context.folder),
        session,
      ),
    ),
    // What a branch or a tag stands for may have changed; in a bundle it cannot.
    noCache:
      noCache === true || (plan.agent?.source.kind === "git" && session.reading.from === "network"),
    network,
  };
}

function networkText({ reading }: Session): string {
  return reading.from === "bundle"
    ? "offline: sealed (the engine gives this build no network)"
    : "Offline: the engine gives this build no network";
}

function buildArguments(plan: BuildPlan, session: Session): Record<string, string> {
  if (plan.dockerfile.kind === "wrap") return { nua_wrap_tag: plan.images.base };
  const builder = plan.images.builder ?? "";
  if (plan.dockerfile.kind === "package") {
    return { nua_builder_tag: builder, nua_verbosity: String(session.report.verbosity) };
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
  { loaded, hint }: { loaded: LoadedConfig; hint: string | undefined },
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
      hint: hint ?? report.hint ?? "-vv shows the whole output of the build",
      cause: error,
    },
  );
}

/** `build.build[1]` as its parts. */
function parseKey(key: string): (string | number)[] {
  return [...key.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
}
