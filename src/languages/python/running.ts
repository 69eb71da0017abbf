/** Pure: what a Python app is started with, and what is beside it while it is built and while it runs. */
import { posix } from "node:path";
import { PYTHON } from "../../protocol/layout.ts";
import { type PlannedCommand, plannedRun } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { LanguageOptions, LanguagePlan, RequestedPackages } from "../language.ts";
import { nativePackages } from "./native-packages.ts";
import { collectStatic, findDjango } from "./start/django.ts";
import { planStart } from "./start/start.ts";

export interface RunningPlan
  extends Pick<LanguagePlan, "start" | "runPackages" | "env" | "warnings" | "lookedFor"> {
  /** Debian packages that installing or building needs, and the image does not. */
  buildPackages: readonly RequestedPackages[];
  /** What a framework has to do once all is installed. */
  build: readonly PlannedCommand[];
}

export function planRunning(tree: SourceTree, { source }: LanguageOptions): RunningPlan {
  const { build, run, warnings } = nativePackages(tree);
  const started = planStart(tree);
  return {
    ...started,
    warnings: [...started.warnings, ...warnings],
    ...{ buildPackages: build, runPackages: run },
    build: planCollecting(tree, source),
  };
}

// --- internal ---

/**
 * A page without its static files is better than no image: what the settings need beside variables,
 * such as an object store, may not be there before the app runs.
 */
function planCollecting(tree: SourceTree, source: string): PlannedCommand[] {
  const project = findDjango(tree);
  const collecting = project && collectStatic(project);
  if (!project || !collecting) return [];
  const what = posix.join(project.folder, "manage.py");
  const cwd = posix.join(source, project.folder);
  const [, ...words] = collecting.argv;
  return [
    plannedRun([PYTHON, ...words], { user: "nua", cwd, env: collecting.env, from: { what } }),
  ];
}
