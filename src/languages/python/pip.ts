/** pip, always that of /nua/venv and as user nua, who owns it. Pure. */
import { PYTHON } from "../../protocol/layout.ts";
import { type Origin, type PlannedRun, plannedRun } from "../../protocol/planned-action.ts";

/**
 * One installation, which resolves all that it is given together. What pip may keep from build to
 * build is the agent's to say, in pip's environment.
 * @param args requirements, files and pip's own options, as words
 */
export function pipInstall(
  args: readonly string[],
  options: { cwd: string; from: Origin; glob?: PlannedRun["glob"] },
): PlannedRun {
  // No bytecode: it would double what Python code takes in the image.
  const words = [PYTHON, "-m", "pip", "install", "--no-compile", ...args];
  return plannedRun(words, { user: "nua", ...options });
}

/**
 * The words of one item of `build.pip-install`. It is no shell line, but options and several
 * plain requirements were always written in one string.
 */
export function pipWords(item: string): string[] {
  const words = item.trim().split(/\s+/);
  const isOption = item.trim().startsWith("-");
  return isOption || words.every((word) => COMPLETE.test(word)) ? words : [item.trim()];
}

// --- internal ---

/** A requirement, file or URL that is whole without the words beside it. */
const COMPLETE = /^[\w./][^;@(]*[\w\]*/]$/;
