import { buildBase, probeBase } from "../bases/ensure-base.ts";
import { baseTag, findBase } from "../plan/bases.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { NuaError } from "../shared/errors.ts";
import type { World } from "../world.ts";
import type { Step } from "./step.ts";

/** Makes the base images that the plan needs true: builds what is missing, and only that. */
export const ensureBasesStep: Step<BuildPlan, void> = {
  name: "ensure-bases",
  async run(plan, world) {
    if (plan.method === "wrap") return ensureWrapped(plan.images.base, world);
    await ensureBases(plan.images.needed, world);
  },
};

/** @param names base images, each after what it needs */
export async function ensureBases(names: readonly string[], world: World): Promise<void> {
  for (const name of names) {
    world.signal.throwIfAborted();
    const base = findBase(name);
    const state = await probeBase(base, world);
    if (state === "current") continue;
    if (state === "outdated") world.report.detail(`Base image ${baseTag(name)} is outdated`);
    await buildBase(base, world, { noCache: false });
  }
}

// --- internal ---

async function ensureWrapped(reference: string, world: World): Promise<void> {
  const engine = await world.engine();
  if (await engine.findImage(reference)) return;
  world.report.step(`Pull ${reference}`);
  const refusal = await engine.tryPull(reference, { onLine: world.report.output });
  if (refusal === undefined) return;
  throw new NuaError("input", `Pull image "${reference}": ${refusal}`, {
    step: "ensure-bases",
    hint: "load the image into the engine, or correct build.base-image",
  });
}
