/** The archive of the source unpacked. */
import { SOURCE_ARCHIVE, type SourcePlan } from "../../protocol/agent-input.ts";
import { type Command, run } from "../../protocol/command.ts";
import { BUILD, PYTHON } from "../../protocol/layout.ts";
import type { Action, Facts } from "../action.ts";

/** The app's source where it does not come with the app's folder. */
export const source: Action = {
  name: "source",
  describe: ({ input: { source } }) => (source.kind === "local" ? null : "Unpack the source"),
  commands: (facts) =>
    facts.input.source.kind === "archive" ? unpackArchive(facts, facts.input.source) : [],
};

// --- internal ---

/** Where nua-build has named no limits. */
const NO_LIMITS = { bytes: Number.MAX_SAFE_INTEGER, files: Number.MAX_SAFE_INTEGER };

function unpackArchive(
  { context }: Facts,
  { dir, limits = NO_LIMITS }: Extract<SourcePlan, { kind: "archive" }>,
): Command[] {
  const archive = `${context ?? BUILD}/${SOURCE_ARCHIVE}`;
  const most = [limits.bytes, limits.files].map((limit) => String(Math.floor(limit)));
  const words = [PYTHON, "-m", "nua.lib.unpack_source", archive, BUILD, dir, ...most];
  // What is wrong with an archive is nothing that the build has done.
  const unpack = run(words, { user: "nua", cwd: BUILD, from: "build.src-url", blames: "input" });
  return context === null ? [unpack, run(["rm", "-f", archive])] : [unpack];
}
