/** Checks that the orchestrator can deploy the image. */
import { isDeepStrictEqual } from "node:util";
import { NuaError } from "../lib/errors.ts";
import type { BuildPlan } from "../plan/build-plan.ts";
import type { Session } from "../session/session.ts";
import type { BuiltImage } from "./build-image.ts";
import type { Step } from "./step.ts";

/** What the orchestrator looks for in an image. */
export const CONFIG_IN_IMAGE = "/nua/metadata/nua-config.json";

/** Sees that the image is what the orchestrator can deploy. */
export const checkImageStep: Step<{ plan: BuildPlan; image: BuiltImage }, void> = {
  name: "check-image",
  async run({ plan, image }, session) {
    for (const [label, value] of Object.entries(plan.labels)) {
      if (image.labels[label] !== value) {
        throw failure(image, `label ${label} is "${image.labels[label] ?? ""}", not "${value}"`);
      }
    }
    const text = await readConfig(image, session);
    if (text === undefined) {
      throw failure(image, `it has no ${CONFIG_IN_IMAGE}`, hintFor(plan));
    }
    if (!isDeepStrictEqual(parseJson(text), JSON.parse(JSON.stringify(plan.config)))) {
      throw failure(image, `${CONFIG_IN_IMAGE} is not this configuration`, hintFor(plan));
    }
  },
};

// --- internal ---

/** From the layer that has it, where that is at hand: engines take a container to tell. */
async function readConfig(image: BuiltImage, session: Session): Promise<string | undefined> {
  const told = await image.packed?.readTopmost?.(CONFIG_IN_IMAGE);
  return told ?? (await session.engine()).readFile(image.id, CONFIG_IN_IMAGE);
}

function hintFor(plan: BuildPlan): string | undefined {
  return plan.dockerfile.kind === "package"
    ? `let ${plan.dockerfile.file} COPY the context to /nua/build and RUN app_builder`
    : undefined;
}

function failure(image: BuiltImage, problem: string, hint?: string): NuaError {
  return new NuaError("check", `Check image "${image.tag}": ${problem}`, {
    step: "check-image",
    hint,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
