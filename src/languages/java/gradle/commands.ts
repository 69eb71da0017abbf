/** Pure: the commands that build an app with Gradle. */
import { shellQuote } from "../../../lib/shell-words.ts";
import { type PlannedRun, plannedRun, plannedShell } from "../../../protocol/planned-action.ts";
import type { BuildPlace } from "../../build-place.ts";
import type { JavaModule, JavaProject } from "../app/project.ts";

/** Where the build leaves what it makes. */
export function gradleResults({ folder, isScript }: JavaModule): string[] {
  const build = folder === "" ? "build" : `${folder}/build`;
  return isScript ? [`${build}/install`] : [build, `${build}/libs`];
}

export function gradleBuild(_: JavaProject, module: JavaModule, place: BuildPlace): PlannedRun {
  return plannedRun(buildWords(module), place);
}

/**
 * Builds something in the place of the app, so that all that the build reads is there for those upon
 * this. What fails here fails again where the app is built, and is told there.
 */
export function gradleWarmUp(_: JavaProject, module: JavaModule, place: BuildPlace): PlannedRun {
  const words = [...buildWords(module), "--continue", "--quiet"].map(shellQuote);
  return plannedShell(`${words.join(" ")} || true`, place);
}

// --- internal ---

function buildWords(module: JavaModule): string[] {
  const { path = "", task = "jar", mainClass } = module;
  const at = `${path}:`;
  const libraries = mainClass === null ? [] : [`${at}nuaLibraries`];
  return ["gradle", "--no-daemon", "--console=plain", `${at}${task}`, ...libraries];
}
