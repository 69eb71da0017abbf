/** Pure: what an image without Node does without. */
import type { RuntimePlace } from "../runtime.ts";
import { buildSteps } from "./build-steps.ts";
import type { NodeOutput } from "./output.ts";
import type { NodeProject } from "./project.ts";

/**
 * Folders relative to the source. Where nothing is built, another language may serve what is
 * installed; bun runs it without Node.
 */
export function onlyForBuild(project: NodeProject, output: NodeOutput): string[] {
  if (output.start !== null && output.runtime === "bun") return [];
  if (output.site === null && buildSteps(project, output).length === 0) return [];
  return project.packages.map(({ folder }) =>
    folder === "" ? "node_modules" : `${folder}/node_modules`,
  );
}

/** Whether an image is without all of that: then nothing of it need be removed. */
export function isLeftOut(
  project: NodeProject,
  output: NodeOutput,
  runtime: RuntimePlace,
): boolean {
  return runtime === "build" && onlyForBuild(project, output).length > 0;
}
