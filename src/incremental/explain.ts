/** Pure: `--explain-cache`: why each layer was rebuilt or reused. */
import type { BuildStep } from "../engine/build-steps.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import { layerChanges } from "./changes.ts";
import type { BuildInputs, BuildRecord } from "./record.ts";

export interface ExplainInput {
  plan: BuildPlan;
  image: { steps: readonly BuildStep[] };
  earlier: { inputs: BuildInputs | undefined; record: BuildRecord | undefined; image: unknown };
}

/** One line for each layer of the plan's; for each step, where the Dockerfile is the package's. */
export function explainCache({ plan, image, earlier }: ExplainInput): string[] {
  if (earlier.image !== null) return ["nothing has changed since the last build"];
  const { layers } = plan;
  const hasStages = image.steps.some(({ stage }) => stage === "app");
  const runs = image.steps.filter(({ text }) => text.startsWith("RUN "));
  if (layers.length === 0 || !hasStages) {
    const why = reason(changesSince(earlier, undefined));
    return image.steps.map(({ text, isReused }) => `${text}: ${isReused ? "reused" : why}`);
  }
  return layers.map((layer) => {
    const isReused = runs.some(({ stage, isReused }) => stage === layer.name && isReused);
    const why = reason(changesSince(earlier, layer));
    return `layer ${layer.name}: ${isReused ? "reused" : why}`;
  });
}

// --- internal ---

/** How many changes are named. */
const NAMED = 5;

type Layer = Parameters<typeof layerChanges>[2];

/** Undefined when there is nothing to compare with. */
function changesSince({ inputs, record }: ExplainInput["earlier"], layer: Layer) {
  if (inputs === undefined || record === undefined) return undefined;
  return layerChanges(record.inputs, inputs, layer);
}

function reason(changes: readonly string[] | undefined): string {
  if (changes === undefined) return "made; nothing is known of an earlier build";
  if (changes.length === 0)
    return "made anew: the builder had it no more, or a layer below changed";
  const more = changes.length > NAMED ? ` and ${changes.length - NAMED} more` : "";
  return `made anew: ${changes.slice(0, NAMED).join(", ")}${more} changed`;
}
