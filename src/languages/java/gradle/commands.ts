/** Pure: the commands that build an app with Gradle. */
import { type PlannedRun, plannedRun } from "../../../protocol/planned-action.ts";
import type { BuildPlace } from "../build-place.ts";
import type { JavaModule, JavaProject } from "../project.ts";

export function gradleResults(_: JavaModule): string[] {
  return [];
}

export function gradleBuild(_: JavaProject, __: JavaModule, place: BuildPlace): PlannedRun {
  return plannedRun(["gradle"], place);
}

export function gradleWarmUp(_: JavaProject, __: JavaModule, place: BuildPlace): PlannedRun {
  return plannedRun(["gradle"], place);
}
