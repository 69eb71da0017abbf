/** Pure: what a Python app is started with, and what is beside it while it is built and while it runs. */
import type { PlannedCommand } from "../../protocol/planned-action.ts";
import type { SourceTree } from "../../source/source-tree.ts";
import type { LanguageOptions, LanguagePlan, RequestedPackages } from "../language.ts";

export interface RunningPlan
  extends Pick<LanguagePlan, "start" | "runPackages" | "env" | "warnings" | "lookedFor"> {
  /** Debian packages that installing or building needs, and the image does not. */
  buildPackages: readonly RequestedPackages[];
  /** What a framework has to do once all is installed. */
  build: readonly PlannedCommand[];
}

export function planRunning(_tree: SourceTree, _options: LanguageOptions): RunningPlan {
  return { buildPackages: [], build: [] };
}
