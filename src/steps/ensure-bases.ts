/** Builds the base images that the plan needs and that are missing. */
import pLimit from "p-limit";
import { type BaseImage, baseTag, findBase, type NamedBase } from "../bases/base-images.ts";
import { buildBase, normalizeBase, probeBase } from "../bases/ensure-base.ts";
import { pullAgain } from "../bases/linux-base.ts";
import { NuaError } from "../lib/errors.ts";
import type { PipelineOptions } from "../options.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { Session } from "../session/session.ts";
import type { Step } from "./step.ts";

/** Makes the base images that the plan needs true: builds what is missing, and only that. */
export const ensureBasesStep: Step<
  { plan: BuildPlan } & Pick<PipelineOptions, "epoch" | "pull">,
  void
> = {
  name: "ensure-bases",
  async run({ plan, epoch, pull }, session) {
    if (pull) {
      const need = { attempt: "Pull images again", hint: "leave out --pull" };
      session.input.ensureOnline({ kind: "image", ...need });
    }
    if (plan.method === "wrap") return ensureWrapped(plan.images.base, pull, session);
    const { needed, linuxBase: linux } = plan.images;
    const bases = needed.map((name) => ({ name, linux }));
    await ensureBases(bases, session, { reproducible: epoch !== null, pull });
  },
};

export interface BaseOptions {
  /** Whether those are built, too, that are there. */
  force?: boolean;
  /** Whether all of them are wanted in their reproducible form. */
  reproducible: boolean;
  /** Whether the Linux image is pulled, also when the engine has it. */
  pull?: boolean;
}

/**
 * Of several apps that need the same base, the first has it made and the others wait for it.
 * @param bases each after what it needs
 */
export async function ensureBases(
  bases: readonly NamedBase[],
  session: Session,
  options: BaseOptions,
): Promise<void> {
  const work = workOf(session);
  const { pulled, underway } = work;
  for (const linux of options.pull ? new Set(bases.map((base) => base.linux)) : []) {
    if (!pulled.has(linux)) pulled.set(linux, pullAgain(session, linux));
  }
  const tags = bases.map(({ name, linux }) => baseTag(name, linux));
  for (const [index, { name, linux }] of bases.entries()) {
    const tag = tags[index]!;
    if (underway.has(tag)) continue;
    underway.set(tag, makeTrue(findBase(name, linux), { ...options, work }, session));
  }
  // All of them, so that none goes on behind a failure.
  const results = await Promise.allSettled(tags.map((tag) => underway.get(tag)));
  const failed = results.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

// --- internal ---

/** What one call of nua-build has seen to. */
interface Work {
  /** By Linux base. */
  pulled: Map<string | null, Promise<void>>;
  /** By tag, whether the base had to be built. */
  underway: Map<string, Promise<boolean>>;
}

/** By what all sessions of a call have in common. */
const works = new WeakMap<AbortSignal, Work>();

function workOf({ signal }: Session): Work {
  const work = works.get(signal) ?? { pulled: new Map(), underway: new Map() };
  works.set(signal, work);
  return work;
}

/** Their builds wait for the same network and disk most of the time. */
const limit = pLimit(3);

const LOAD_HINT =
  "where there is a network: nua-build bases save NAME -o FILE; here: nua-build bases load FILE";

/** @returns whether the base was built, so that those above it have to be, too */
async function makeTrue(
  base: BaseImage,
  { work, ...options }: BaseOptions & { work: Work },
  session: Session,
): Promise<boolean> {
  const { linux } = base;
  await work.pulled.get(linux);
  const tag = baseTag(base.name, linux);
  // Asked before its parent changes: in its reproducible form that has other layers.
  const state = await probeBase(base, session);
  const needed = [base.parent, ...base.reads].map((name) =>
    work.underway.get(baseTag(name ?? "", linux)),
  );
  const [isParentNew = false] = await Promise.all(needed);
  return limit(async () => {
    session.signal.throwIfAborted();
    const isBuilt = state !== "current" || isParentNew || options.force === true;
    if (isBuilt) {
      if (state === "outdated") session.report.detail(`Base image ${tag} is outdated`);
      const attempt = `Build base image "${tag}", which is ${state}`;
      session.input.ensureOnline({ kind: "base", attempt, hint: LOAD_HINT });
      await buildBase(base, session, { noCache: options.force === true });
    }
    if (options.reproducible) await normalizeBase(base, session);
    return isBuilt;
  });
}

async function ensureWrapped(reference: string, pull: boolean, session: Session): Promise<void> {
  const engine = await session.engine();
  if (!pull && (await engine.findImage(reference))) return;
  const need = { attempt: `Pull image "${reference}"`, hint: "load it into the engine first" };
  session.input.ensureOnline({ kind: "image", ...need });
  session.report.step(`Pull ${reference}`);
  const refusal = await engine.tryPull(reference, { onLine: session.report.output });
  if (refusal === undefined) return;
  throw new NuaError("input", `Pull image "${reference}": ${refusal}`, {
    step: "ensure-bases",
    hint: "load the image into the engine, or correct build.base-image",
  });
}
