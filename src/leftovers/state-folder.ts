/** Where nua-build keeps what it knows from one run to the next. */
import { homedir } from "node:os";
import { join } from "node:path";

/** Source: XDG Base Directory Specification. */
export function stateFolder(): string {
  const state = process.env.XDG_STATE_HOME || join(process.env.HOME || homedir(), ".local/state");
  return join(state, "nua-build");
}
