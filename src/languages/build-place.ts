/** What the builds of compiled languages share: where their commands are run, and where programs go. */
import type { PlannedRun } from "../protocol/planned-action.ts";

/** Where commands of a build are run, and what they come from. */
export interface BuildPlace {
  user: "nua";
  cwd: string;
  from: { what: string };
  needs: NonNullable<PlannedRun["needs"]>;
}

/** Where programs go, below the app's source: as `make` and Heroku have it. */
export const BIN = "bin";
