/** Commands that change manifests for the time of others: see agent/edit_manifests.cjs. Pure. */
import { AGENT_SCRIPTS } from "../../../protocol/layout.ts";
import type { Line } from "./manager.ts";

/** @param files manifests, and others that have to stay as they are */
export function withChangedManifests(
  change: "without-scripts" | "without-dev",
  files: readonly string[],
  lines: readonly Line[],
): Line[] {
  const edit = (what: string): Line => ({ argv: ["node", EDIT_MANIFESTS, what, ...files] });
  return [edit(change), ...lines, edit("restore")];
}

// --- internal ---

const EDIT_MANIFESTS = `${AGENT_SCRIPTS}/edit_manifests.cjs`;
