/** One command of an app's installation or build. */
import type { Origin } from "../../protocol/planned-action.ts";
import type { Line } from "./managers/manager.ts";

export interface Step extends Line {
  /** Value of NODE_ENV; absent: it does not matter. */
  mode?: "production" | "development";
  /** Where it is run, relative to the source. */
  dir?: string;
  from?: Origin;
  /** Whether it is a program of Node's, and not only a line for a shell. */
  isNodes?: boolean;
}
