/** Which part of the work belongs to the layer that is being made. Pure. */
import type { AgentInput } from "../protocol/agent-input.ts";

type Layer = Pick<AgentInput, "layer" | "dependencies">;

/** Whether what the manifests and lock files name is installed now, and not in a layer before. */
export function installsDependencies({ layer, dependencies }: Layer): boolean {
  return layer !== "app" || dependencies === "here";
}

/** Whether the app itself is built now; else only what it depends on is installed. */
export function buildsApp({ layer }: Layer): boolean {
  return layer === "app" || layer === "all";
}
