/** Pure: what an image without Node does without. */
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
