import { type BaseState, buildBase, normalizeBase, probeBase } from "../bases/ensure-base.ts";
import { pullAgain } from "../bases/linux-base.ts";
import { baseTag, findBase } from "../plan/bases.ts";
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
    if (pull) await pullAgain(world);
    await ensureBases(plan.images.needed, world, { reproducible });
  },
};

/**
 * @param names base images, each after what it needs
 * @param options.force whether those are built, too, that are there
 * @param options.reproducible whether all of them are wanted in their reproducible form
 */
export async function ensureBases(
  names: readonly string[],
  world: World,
  options: { force?: boolean; reproducible: boolean },
): Promise<void> {
  // Asked before anything changes: in its reproducible form a parent has other layers.
  const states = new Map<string, BaseState>(
    await Promise.all(
      names.map(async (name) => [name, await probeBase(findBase(name), world)] as const),
    ),
  );
  const built = new Set<string | null>();
  for (const name of names) {
    world.signal.throwIfAborted();
    const base = findBase(name);
    const isCurrent = states.get(name) === "current" && !built.has(base.parent);
    if (!isCurrent || options.force) {
      if (states.get(name) === "outdated")
        world.report.detail(`Base image ${baseTag(name)} is outdated`);
      await buildBase(base, world, { noCache: options.force === true });
      built.add(name);
    }
    if (options.reproducible) await normalizeBase(base, world);
  }
}

// --- internal ---

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
