/** Commands that unpack the source archive. */
import { SOURCE_ARCHIVE } from "../../protocol/agent-input.ts";
import { type Command, run } from "../../protocol/command.ts";
import { BUILD, PYTHON } from "../../protocol/layout.ts";
import type { Facts } from "../facts.ts";

export function unpackSource(
  { dir, limits = NO_LIMITS }: { dir: string; limits?: typeof NO_LIMITS | undefined },
  { context }: Facts,
): Command[] {
  const archive = `${context ?? BUILD}/${SOURCE_ARCHIVE}`;
  const most = [limits.bytes, limits.files].map((limit) => String(Math.floor(limit)));
  const words = [PYTHON, "-m", "nua.lib.unpack_source", archive, BUILD, dir, ...most];
  // What is wrong with an archive is nothing that the build has done.
  const unpack = run(words, { user: "nua", cwd: BUILD, from: "build.src-url", blames: "input" });
  return context === null ? [unpack, run(["rm", "-f", archive])] : [unpack];
}

// --- internal ---

/** Where nua-build has named no limits. */
const NO_LIMITS = { bytes: Number.MAX_SAFE_INTEGER, files: Number.MAX_SAFE_INTEGER };
