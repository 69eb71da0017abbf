/** Pure: the commands that build an app with Maven. */
import { semver } from "../../../lib/semver.ts";
import { shellQuote } from "../../../lib/shell-words.ts";
import { type PlannedRun, plannedRun, plannedShell } from "../../../protocol/planned-action.ts";
import type { BuildPlace } from "../../build-place.ts";
import type { JavaModule, JavaProject } from "../app/project.ts";
import { below } from "./reactor.ts";

/** Where the build leaves what it makes. */
export function mavenResults({ folder }: JavaModule): string[] {
  return [below(folder, "target")];
}

export function mavenBuild(
  project: JavaProject,
  module: JavaModule,
  place: BuildPlace,
): PlannedRun {
  return plannedRun(buildWords(project, module), place);
}

/**
 * Builds something in the place of the app, so that all that the build reads is there for those upon
 * this. What fails here fails again where the app is built, and is told there.
 */
export function mavenWarmUp(
  project: JavaProject,
  module: JavaModule,
  place: BuildPlace,
): PlannedRun {
  const words = [...buildWords(project, module), "--fail-never", "--quiet"].map(shellQuote);
  return plannedShell(`${words.join(" ")} || true`, place);
}

// --- internal ---

/** For libraries that a jar names and does not have. */
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

function buildWords(
  { distribution: { version }, modules }: JavaProject,
  module: JavaModule,
): string[] {
  const isQuiet = semver.gte(semver.coerce(version) ?? "0.0.0", "3.6.1");
  const { folder, mainClass } = module;
  const one =
    folder !== "" || modules.length > 1 ? ["--projects", folder || ".", "--also-make"] : [];
  return [
    ...["mvn", "--batch-mode", ...(isQuiet ? ["--no-transfer-progress"] : [])],
    ...["-DskipTests", "-Dproject.build.outputTimestamp=1980-01-01T00:00:02Z", ...one, "package"],
    ...(mainClass === null
      ? []
      : [COPY, "-DincludeScope=runtime", "-DoutputDirectory=target/nua-libraries"]),
  ];
}
