/** Where commands of a build are run, and what they come from. */
import type { PlannedRun } from "../../../protocol/planned-action.ts";

export interface BuildPlace {
  user: "nua";
  cwd: string;
  from: { what: string };
  needs: NonNullable<PlannedRun["needs"]>;
}

/** Where the image has what is started, below the app's source. */
export const OUT = "dist";
