import pLimit, { type LimitFunction } from "p-limit";
import { type BaseState, buildBase, normalizeBase, probeBase } from "../bases/ensure-base.ts";
import { pullAgain } from "../bases/linux-base.ts";
import { type BaseImage, baseTag, findBase } from "../plan/bases.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { NuaError } from "../shared/errors.ts";
import type { World } from "../world.ts";
import type { Step } from "./step.ts";

/** Makes the base images that the plan needs true: builds what is missing, and only that. */
export const ensureBasesStep: Step<
  { plan: BuildPlan; reproducible: boolean; pull: boolean },
  void
> = {
  name: "ensure-bases",
  async run({ plan, reproducible, pull }, world) {
    if (plan.method === "wrap") return ensureWrapped(plan.images.base, pull, world);
    await ensureBases(plan.images.needed, world, { reproducible, pull });
  },
};

/**
 * @param names base images, each after what it needs
 * @param options.pull whether the Linux image is pulled, also when the engine has it
 * @param options.force whether those are built, too, that are there
 * @param options.reproducible whether all of them are wanted in their reproducible form
 */
export function ensureBases(
  names: readonly string[],
  world: World,
  options: { force?: boolean; reproducible: boolean; pull?: boolean },
): Promise<void> {
  // Of several apps that need the same base, the first builds it and the others find it.
  return oneByOne(() => makeTrue(names, world, options));
}

// --- internal ---

const oneByOne = pLimit(1);

async function makeTrue(
  names: readonly string[],
  world: World,
  options: { force?: boolean; reproducible: boolean; pull?: boolean },
): Promise<void> {
  if (options.pull) await pullAgain(world);
  // Asked before anything changes: in its reproducible form a parent has other layers.
  const states = new Map<string, BaseState>(
    await Promise.all(
      names.map(async (name) => [name, await probeBase(findBase(name), world)] as const),
    ),
  );
  const wanted = new Map<string, Promise<boolean>>();
  const limit = pLimit(BASES_AT_ONCE);
  for (const name of names) {
    const base = findBase(name);
    const needed = [base.parent, ...base.reads].map((other) => wanted.get(other ?? ""));
    wanted.set(
      name,
      makeCurrent(base, { state: states.get(name)!, needed, limit, options }, world),
    );
  }
  await settle([...wanted.values()]);
}

/** Their builds wait for the same network and disk most of the time. */
const BASES_AT_ONCE = 3;

/** @returns whether the base was built, so that those above it have to be, too */
async function makeCurrent(
  base: BaseImage,
  parts: {
    state: BaseState;
    /** The same, of the bases that it needs. */
    needed: (Promise<boolean> | undefined)[];
    limit: LimitFunction;
    options: { force?: boolean; reproducible: boolean };
  },
  world: World,
): Promise<boolean> {
  const { state, needed, limit, options } = parts;
  const [isParentNew = false] = await Promise.all(needed);
  return limit(async () => {
    world.signal.throwIfAborted();
    const isBuilt = state !== "current" || isParentNew || options.force === true;
    if (isBuilt) {
      if (state === "outdated") world.report.detail(`Base image ${baseTag(base.name)} is outdated`);
      await buildBase(base, world, { noCache: options.force === true });
    }
    if (options.reproducible) await normalizeBase(base, world);
    return isBuilt;
  });
}

/** Waits for all, so that none goes on behind a failure. @throws the first failure */
async function settle(promises: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  const failed = results.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

async function ensureWrapped(reference: string, pull: boolean, world: World): Promise<void> {
  const engine = await world.engine();
  if (!pull && (await engine.findImage(reference))) return;
  world.report.step(`Pull ${reference}`);
  const refusal = await engine.tryPull(reference, { onLine: world.report.output });
  if (refusal === undefined) return;
  throw new NuaError("input", `Pull image "${reference}": ${refusal}`, {
    step: "ensure-bases",
    hint: "load the image into the engine, or correct build.base-image",
  });
}
